from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "kontor.catalog"
    label = "catalog"

    def ready(self) -> None:
        from kontor.catalog import invariants, permissions, verbs  # noqa: F401  # they register themselves
