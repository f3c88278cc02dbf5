from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "kontor.audit"
    label = "audit"

    def ready(self) -> None:
        from kontor.audit import words  # noqa: F401  # it registers itself
