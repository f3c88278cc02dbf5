from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "kontor.quotes"
    label = "quotes"

    def ready(self) -> None:
        from kontor.quotes import invariants, permissions, verbs  # noqa: F401  # they declare
