from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "kontor.kernel"
    label = "kernel"
