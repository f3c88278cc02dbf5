from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "kontor.fulfilment"
    label = "fulfilment"

    def ready(self) -> None:
        # Declares capabilities and invariants, registers reactions and the sentences of the timeline.
        from kontor.fulfilment import invariants, permissions, reactions, timeline  # noqa: F401  # they register
