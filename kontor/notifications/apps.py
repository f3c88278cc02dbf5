from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "kontor.notifications"
    label = "notifications"

    def ready(self) -> None:
        from kontor.notifications import permissions  # noqa: F401  # registers
