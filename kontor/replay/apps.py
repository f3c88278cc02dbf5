from django.apps import AppConfig


class ReplayConfig(AppConfig):
    name = "kontor.replay"
    label = "replay"
