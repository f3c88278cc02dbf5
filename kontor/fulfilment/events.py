"""What happened to the goods."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PickListsCreated:
    """An order was handed to the warehouse."""

    order_id: int

    @property
    def key(self) -> str:
        return f"order:{self.order_id}"


@dataclass(frozen=True, slots=True)
class _AboutShipment:
    shipment_id: int

    @property
    def key(self) -> str:
        return f"shipment:{self.shipment_id}"


@dataclass(frozen=True, slots=True)
class ShipmentShipped(_AboutShipment):
    """Goods left the warehouse."""


@dataclass(frozen=True, slots=True)
class ShipmentArrivesToday(_AboutShipment):
    """Goods that are on their way should arrive today."""


@dataclass(frozen=True, slots=True)
class ShipmentDelivered(_AboutShipment):
    """Goods arrived, and somebody took them in."""


@dataclass(frozen=True, slots=True)
class _AboutReturn:
    return_id: int

    @property
    def key(self) -> str:
        return f"return:{self.return_id}"


@dataclass(frozen=True, slots=True)
class ReturnRequested(_AboutReturn):
    """The buyer announced goods that come back."""


@dataclass(frozen=True, slots=True)
class ReturnAccepted(_AboutReturn):
    """The seller wants the goods back."""


@dataclass(frozen=True, slots=True)
class ReturnDeclined(_AboutReturn):
    """The seller does not take the goods back, and says why."""


@dataclass(frozen=True, slots=True)
class ReturnReceived(_AboutReturn):
    """The goods are back; what was fit for it is on the shelf."""
