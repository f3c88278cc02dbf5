"""What somebody hands in to get an order: details beside a cart or an offer, or a whole order taken by phone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.kernel import clock
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import printable
from kontor.orders.models import Order

ADDRESS_LENGTHS = {
    "recipient": 200,
    "attention": 120,
    "street": 200,
    "street2": 200,
    "postal_code": 20,
    "city": 120,
    "region": 80,
    "country": 2,
    "phone": 40,
}
REQUIRED = ("recipient", "street", "city", "country")
NOTE_LENGTH = 4000
PO_NUMBER_LENGTH = 40
LAST_ZONE = "Etc/GMT+12"
"""Where a day ends last. Whether it is over where the buyer is, is seen when its company is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetails:
    """What the buyer says beside the lines. Without an address the default delivery address is taken."""

    delivery_address_id: int | None = None
    delivery_address: Mapping[str, str] | None = None
    po_number: str = ""
    wished_date: date | None = None
    pay_by: str = Order.PayBy.TERMS
    note: str = ""
    channel: str = Order.Channel.WEB
    accept_duplicate_po: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredLine:
    """A line that the seller's side enters. `unit_price` per `price_base` base units; None asks the price lists.

    Without `unit` the quantity is in base units. A price of 0 is a line free of charge. `chosen` are the choices of a
    configurable product.
    """

    product_id: int
    quantity: Decimal
    unit: str = ""
    unit_price: Decimal | None = None
    price_base: Decimal = Decimal(1)
    note: str = ""
    chosen: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredOrder:
    """An order that the seller's side takes down for a customer. The clock says when it was placed.

    `codes` are those of coupons.
    """

    account_id: int
    lines: Sequence[EnteredLine]
    codes: Sequence[str] = ()
    channel: str = Order.Channel.PHONE
    currency: str = ""
    po_number: str = ""
    accept_duplicate_po: bool = False
    external_reference: str = ""
    delivery_address_id: int | None = None
    delivery_address: Mapping[str, str] | None = None
    wished_date: date | None = None
    pay_by: str = Order.PayBy.TERMS
    note: str = ""

    def details(self) -> OrderDetails:
        """The part that an order from a cart has as well."""
        return OrderDetails(
            delivery_address_id=self.delivery_address_id,
            delivery_address=self.delivery_address,
            po_number=self.po_number,
            wished_date=self.wished_date,
            pay_by=self.pay_by,
            note=self.note,
            channel=self.channel,
            accept_duplicate_po=self.accept_duplicate_po,
        )


def day_is_over() -> str:
    """What is wrong with a wished day in the past."""
    return _("This day is over. Choose today or later.")


def cleaned(details: OrderDetails) -> OrderDetails:
    """The details with their texts trimmed. Raises Refused("details_wrong") with a sentence at each wrong field."""
    details = replace(details, po_number=printable(details.po_number), note=printable(details.note))
    wrong: dict[str, str] = {}
    if len(details.po_number) > PO_NUMBER_LENGTH:
        wrong["po_number"] = _("At most %(max)s characters.") % {"max": PO_NUMBER_LENGTH}
    if len(details.note) > NOTE_LENGTH:
        wrong["note"] = _("At most %(max)s characters. Send the rest as a message.") % {"max": NOTE_LENGTH}
    if details.pay_by not in Order.PayBy.values:
        wrong["pay_by"] = _("Choose one of the ways to pay.")
    if details.channel not in Order.Channel.values:
        wrong["channel"] = _("Choose how the order came in.")
    if details.wished_date is not None and details.wished_date < clock.day_in(LAST_ZONE):
        wrong["wished_date"] = day_is_over()
    if details.delivery_address is not None:
        address = address_as_kept(details.delivery_address)
        details = replace(details, delivery_address=address)
        wrong |= _wrong_address(address)
    if wrong:
        raise Refused("details_wrong", _("Some details cannot be taken as they are."), wrong)
    return details


def _wrong_address(address: Mapping[str, str]) -> dict[str, str]:
    wrong = {}
    for name, longest in ADDRESS_LENGTHS.items():
        if name in REQUIRED and not address[name]:
            wrong[f"delivery_address/{name}"] = _("This is needed to deliver.")
        elif len(address[name]) > longest:
            wrong[f"delivery_address/{name}"] = _("At most %(max)s characters.") % {"max": longest}
    country = address["country"]
    if country and not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        wrong["delivery_address/country"] = _("Choose the country.")
    return wrong


def address_as_kept(address: Mapping[str, str]) -> dict[str, str]:
    """An address that somebody typed, in the shape in which documents keep it."""
    return {name: printable(str(address.get(name, ""))) for name in ADDRESS_LENGTHS}
