from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "kontor.messaging"
    label = "messaging"

    def ready(self) -> None:
        from kontor.messaging import permissions  # noqa: F401  # declares capabilities
