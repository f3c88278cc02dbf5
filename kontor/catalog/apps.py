from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "kontor.catalog"
    label = "catalog"

    def ready(self) -> None:
        from kontor.catalog import invariants, permissions  # noqa: F401  # registers both
