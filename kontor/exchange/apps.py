from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "kontor.exchange"
    label = "exchange"

    def ready(self) -> None:
        from kontor.exchange import verbs  # noqa: F401  # they register themselves
