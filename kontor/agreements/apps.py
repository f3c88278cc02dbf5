from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "kontor.agreements"
    label = "agreements"
