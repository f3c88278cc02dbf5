from datetime import datetime
from typing import Literal

from pydantic import Field

from kontor.api.shapes.orders import DetailsIn
from kontor.api.values import AmountText, Id, In, Moment, Out, Quantity, QuantityText, UnitPrice

Side = Literal["buyer", "seller"]


class TargetIn(In):
    target_price: UnitPrice | None = Field(None, description="Per the line's price base; null: no wish.")


class AskIn(In):
    """A cart becomes a request for prices. `lines` maps a cart line's id to the wished price."""

    cart_id: Id
    lines: dict[str, TargetIn] = Field(default_factory=dict, max_length=5000)
    note: str = Field("", max_length=10_000)


class AskAgainIn(In):
    """A wish as the answer to an offer. `lines` maps a request line's id to the wished price."""

    lines: dict[str, TargetIn] = Field(default_factory=dict, max_length=5000)
    note: str = Field("", max_length=10_000)


class OfferedIn(In):
    """What is offered for a line; a null quantity or price base keeps the one asked for."""

    unit_price: UnitPrice | None = None
    quantity: Quantity | None = None
    price_base: Quantity | None = None
    lead_days: int | None = Field(None, ge=0, le=999)
    note: str = Field("", max_length=500)


class OfferIn(In):
    """All of a draft. `lines` maps a line's position to what is offered; what is not named is not offered."""

    lines: dict[str, OfferedIn] = Field(min_length=1, max_length=5000)
    valid_until: Moment | None = Field(None, description="The last moment, with time zone; null: 14 days.")
    conditions: str = Field("", max_length=10_000)
    message: str = Field("", max_length=10_000)


class AcceptOfferIn(DetailsIn):
    """The buyer's yes. `content_hash` is that of the offer that was read."""

    content_hash: str = Field(min_length=64, max_length=64)


class QuoteRow(Out):
    id: int
    number: str
    status: str
    currency: str
    requested_at: datetime
    requested_by: str
    buyer_id: int
    buyer: str
    seller_id: int
    seller: str
    lines: int
    version: int | None = Field(description="Of the newest offer sent.")
    net_total: AmountText | None
    valid_until: datetime | None
    is_expired: bool


class OfferBrief(Out):
    """A version. The draft is shown to the seller only; its `revision` is what a change must name."""

    id: int
    version: int
    status: str
    revision: int
    net_total: AmountText
    valid_until: datetime | None
    conditions: str
    message: str
    prepared_by: str
    sent_at: datetime | None
    answered_at: datetime | None
    answer_note: str
    content_hash: str


class KitPartOut(Out):
    """So many base units of a product in each base unit of the kit."""

    product_id: int
    sku: str
    name: str
    unit: str
    quantity: QuantityText


class ComparedOut(Out):
    """A line of the request beside what is offered for it. Prices per `price_base` base units."""

    id: int
    position: int
    product_id: int
    sku: str
    name: str
    unit: str
    factor: QuantityText
    quantity: QuantityText
    list_price: AmountText | None
    target_price: AmountText | None
    price_base: QuantityText
    note: str
    offered_quantity: QuantityText | None
    offered_price: AmountText | None
    offered_list_price: AmountText | None = Field(
        description="The buyer's own price of the offered quantity, per `offered_price_base`."
    )
    offered_price_base: QuantityText | None
    offered_net: AmountText | None
    lead_days: int | None
    offered_note: str
    offered_contents: list[KitPartOut] = Field(
        description="Of a kit, what was in it when the offer was sent: that is what is delivered."
    )


class QuoteOut(Out):
    """A request with its offers. The lines show the draft to the seller, else the newest offer sent."""

    id: int
    number: str
    status: str
    currency: str
    requested_at: datetime
    requested_by: str
    buyer_id: int
    buyer: str
    seller_id: int
    seller: str
    note: str
    close_note: str
    closed_at: datetime | None
    side: Side
    my_turn: bool
    moves: list[str] = Field(description="What the caller could do now.")
    list_total: AmountText = Field(description="The offered lines at the buyer's own prices.")
    offer: OfferBrief | None
    draft: OfferBrief | None
    versions: list[OfferBrief]
    lines: list[ComparedOut]
