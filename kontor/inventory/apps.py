from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "kontor.inventory"
    label = "inventory"

    def ready(self) -> None:
        from kontor.inventory import invariants, permissions, verbs  # noqa: F401  # they register themselves
