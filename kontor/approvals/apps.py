from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "kontor.approvals"
    label = "approvals"

    def ready(self) -> None:
        from kontor.approvals import invariants, permissions, verbs  # noqa: F401  # they register themselves
