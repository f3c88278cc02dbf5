from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "kontor.agreements"
    label = "agreements"

    def ready(self) -> None:
        from kontor.agreements import invariants, permissions, verbs  # noqa: F401  # they register themselves
