from django.apps import AppConfig


class TaxesConfig(AppConfig):
    name = "kontor.taxes"
    label = "taxes"

    def ready(self) -> None:
        # Declares capabilities and invariants, registers reactions and sentences.
        from kontor.taxes import invariants, permissions, reactions, verbs  # noqa: F401  # they register
