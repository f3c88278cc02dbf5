from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "kontor.fulfilment"
    label = "fulfilment"

    def ready(self) -> None:
        from kontor.fulfilment import permissions  # noqa: F401  # declares capabilities
