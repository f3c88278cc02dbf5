from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "kontor.search"
    label = "search"

    def ready(self) -> None:
        from kontor.search import invariants, reactions  # noqa: F401  # registers both
