from django.apps import AppConfig


class ChargesConfig(AppConfig):
    name = "kontor.charges"
    label = "charges"

    def ready(self) -> None:
        from kontor.charges import invariants, verbs  # noqa: F401  # they register themselves
