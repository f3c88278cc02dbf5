from django.apps import AppConfig


class TaxesConfig(AppConfig):
    name = "kontor.taxes"
    label = "taxes"

    def ready(self) -> None:
        from kontor.taxes import invariants  # noqa: F401  # registers itself
