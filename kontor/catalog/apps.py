from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "kontor.catalog"
    label = "catalog"

    def ready(self) -> None:
        from kontor.catalog import permissions  # noqa: F401  # declares capabilities
