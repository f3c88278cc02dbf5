from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "kontor.inventory"
    label = "inventory"

    def ready(self) -> None:
        from kontor.inventory import permissions  # noqa: F401  # declares capabilities
