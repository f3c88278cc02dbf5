from django.apps import AppConfig


class TaxesConfig(AppConfig):
    name = "kontor.taxes"
    label = "taxes"
