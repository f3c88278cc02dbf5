from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "kontor.publishing"
    label = "publishing"

    def ready(self) -> None:
        from kontor.publishing import invariants, permissions, reactions, verbs  # noqa: F401  # they register themselves
