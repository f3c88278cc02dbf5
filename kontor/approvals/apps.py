from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "kontor.approvals"
    label = "approvals"

    def ready(self) -> None:
        from kontor.approvals import permissions  # noqa: F401  # declares capabilities
