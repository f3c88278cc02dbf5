from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "kontor.pricing"
    label = "pricing"

    def ready(self) -> None:
        from kontor.pricing import invariants, permissions, verbs  # noqa: F401  # they register themselves
