from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "kontor.messaging"
    label = "messaging"

    def ready(self) -> None:
        from kontor.messaging import invariants, permissions, verbs  # noqa: F401  # they register themselves
