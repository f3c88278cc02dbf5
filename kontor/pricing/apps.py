from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "kontor.pricing"
    label = "pricing"

    def ready(self) -> None:
        from kontor.pricing import permissions  # noqa: F401  # declares capabilities
