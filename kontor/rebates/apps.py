from django.apps import AppConfig


class RebatesConfig(AppConfig):
    name = "kontor.rebates"
    label = "rebates"

    def ready(self) -> None:
        from kontor.rebates import invariants, permissions, reactions, verbs  # noqa: F401  # they register themselves
