from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "kontor.invoicing"
    label = "invoicing"

    def ready(self) -> None:
        from kontor.invoicing import permissions  # noqa: F401  # declares capabilities
