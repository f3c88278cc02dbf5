from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "kontor.orders"
    label = "orders"

    def ready(self) -> None:
        # Declares capabilities and invariants, registers reactions and the sentences of the timeline, and tells
        # promotions who has ordered before.
        from kontor.orders import firsts, invariants, permissions, reactions, timeline  # noqa: F401  # they register
