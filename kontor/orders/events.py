"""What happened to orders."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _AboutOrder:
    order_id: int

    @property
    def key(self) -> str:
        return f"order:{self.order_id}"


@dataclass(frozen=True, slots=True)
class OrderPlaced(_AboutOrder):
    """The order is binding and with the seller: placed within the limit, or released by an approver."""


@dataclass(frozen=True, slots=True)
class OrderAwaitsApproval(_AboutOrder):
    """The order is above its buyer's limit; an approver must release it before the seller sees it."""


@dataclass(frozen=True, slots=True)
class OrderApproved(_AboutOrder):
    """An approver released the order; OrderPlaced follows."""


@dataclass(frozen=True, slots=True)
class OrderSentBack(_AboutOrder):
    """An approver sent the order back; its stock is free and its cart is open again."""


@dataclass(frozen=True, slots=True)
class OrderConfirmed(_AboutOrder):
    """The seller promised to deliver."""


@dataclass(frozen=True, slots=True)
class OrderDateChanged(_AboutOrder):
    """The seller promised another day."""


@dataclass(frozen=True, slots=True)
class OrderCancelled(_AboutOrder):
    """What was open of the order, or of some of its lines, will not be delivered."""
