from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "kontor.notifications"
    label = "notifications"

    def ready(self) -> None:
        from kontor.notifications import invariants, permissions  # noqa: F401  # they register themselves
        from kontor.notifications.reactions import (  # noqa: F401  # they register themselves
            agreements,
            approvals,
            companies,
            discovery,
            fulfilment,
            invoicing,
            messaging,
            orders,
            publishing,
            quotes,
        )
