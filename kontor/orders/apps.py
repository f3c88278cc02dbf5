from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "kontor.orders"
    label = "orders"

    def ready(self) -> None:
        from kontor.orders import permissions  # noqa: F401  # declares capabilities
