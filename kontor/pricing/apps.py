from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "kontor.pricing"
    label = "pricing"

    def ready(self) -> None:
        from kontor.pricing import invariants, permissions  # noqa: F401  # registers both
