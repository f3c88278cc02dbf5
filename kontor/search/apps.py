from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "kontor.search"
    label = "search"

    def ready(self) -> None:
        from kontor.search import invariants, permissions, reactions, verbs  # noqa: F401  # registers all
