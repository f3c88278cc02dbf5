from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "kontor.inventory"
    label = "inventory"

    def ready(self) -> None:
        from kontor.inventory import invariants, permissions  # noqa: F401  # registers both
