from datetime import date, datetime
from typing import Literal

from pydantic import Field

from kontor.api.values import Count, Day, Id, In, Out, Quantity, QuantityText

Reason = Literal["damaged", "wrong_item", "defective", "too_many", "late", "other"]


class PickLineOut(Out):
    """What to take from where, in base units."""

    id: int
    order_line_id: int
    sku: str
    name: str
    kit_sku: str | None = Field(description="Of a part of a kit: the kit that was ordered.")
    bin: str
    quantity: QuantityText
    picked: QuantityText


class PickListRow(Out):
    id: int
    number: str
    status: str
    order_id: int
    order_number: str
    buyer: str
    warehouse: str
    created_at: datetime
    picked_at: datetime | None
    picked_by: str


class PickListOut(PickListRow):
    lines: list[PickLineOut]


class PickedIn(In):
    picked: Count


class PickIn(In):
    """What was found, by pick line id. A line that is not named was not found; null: everything was."""

    lines: dict[str, PickedIn] | None = Field(None, max_length=10_000)


class PackIn(In):
    packages: int = Field(1, ge=1, le=9999)
    weight_grams: int | None = Field(None, ge=0, description="Null: the goods' own weights added up.")


class ShipIn(In):
    carrier: str = Field("", max_length=60)
    tracking_number: str = Field("", max_length=60)
    tracking_url: str = Field("", max_length=300)
    arrives_on: Day | None = None


class DeliveredIn(In):
    received_by: str = Field("", max_length=120)


class ShipmentLineOut(Out):
    order_line_id: int
    position: int
    sku: str
    name: str
    kit_sku: str | None = Field(description="Of a part of a kit: the kit that was ordered.")
    quantity: QuantityText = Field(description="In base units.")
    lot: str


class ShipmentRow(Out):
    id: int
    number: str
    status: str
    order_id: int
    order_number: str
    buyer: str
    seller: str
    carrier: str
    tracking_number: str
    tracking_url: str
    packages: int
    weight_grams: int | None
    packed_at: datetime
    shipped_at: datetime | None
    arrives_on: date | None
    delivered_at: datetime | None
    received_by: str


class ShipmentOut(ShipmentRow):
    lines: list[ShipmentLineOut]


class ReturnedIn(In):
    quantity: Quantity = Field(description="In base units.")
    reason: Reason = "other"
    note: str = Field("", max_length=500)


class ReturnIn(In):
    """Goods that should go back, by order line id."""

    order_id: Id
    lines: dict[str, ReturnedIn] = Field(min_length=1, max_length=10_000)
    note: str = Field("", max_length=4000)


class ReceivedIn(In):
    """What arrived of a line, and how much of it is fit for the shelf, in base units."""

    received: Count
    restocked: Count


class ReceiveIn(In):
    """By return line id; a line that is not named did not arrive."""

    lines: dict[str, ReceivedIn] = Field(min_length=1, max_length=10_000)


class ReturnLineOut(Out):
    id: int
    order_line_id: int
    sku: str
    name: str
    quantity: QuantityText
    reason: Reason
    note: str
    received: QuantityText
    restocked: QuantityText


class ReturnRow(Out):
    id: int
    number: str
    status: str
    order_id: int
    order_number: str
    buyer: str
    seller: str
    requested_by: str
    requested_at: datetime
    note: str
    answer_note: str
    received_at: datetime | None


class ReturnOut(ReturnRow):
    lines: list[ReturnLineOut]
