from django.apps import AppConfig


class CartsConfig(AppConfig):
    name = "kontor.carts"
    label = "carts"

    def ready(self) -> None:
        from kontor.carts import invariants, permissions, verbs  # noqa: F401  # they declare
