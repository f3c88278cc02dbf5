from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "kontor.promotions"
    label = "promotions"

    def ready(self) -> None:
        from kontor.promotions import invariants, permissions, verbs  # noqa: F401  # they register themselves
