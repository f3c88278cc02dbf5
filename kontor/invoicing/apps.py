from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "kontor.invoicing"
    label = "invoicing"

    def ready(self) -> None:
        # Declares capabilities and invariants, and the sentences of the timeline.
        from kontor.invoicing import invariants, permissions, timeline  # noqa: F401  # they register
