from django.apps import AppConfig


class ChargesConfig(AppConfig):
    name = "kontor.charges"
    label = "charges"
