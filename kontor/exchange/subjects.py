"""What a file can be about: goods with their prices and stock, options, agreed quantities, prices, costs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.exchange.fields import (
    FIELDS,
    CellProblem,
    Field,
    Read,
    Signs,
    moment_from,
    number_from,
    one_of,
    plain_from,
    price_from,
    quantity_from,
    unit_from,
    whole_from,
)
from kontor.exchange.template import (
    AGREED_TEMPLATE,
    COSTS_TEMPLATE,
    OPTIONS_TEMPLATE,
    PRICES_TEMPLATE,
    TEMPLATE,
)
from kontor.goods.options import CODE
from kontor.pricing.bulk import ON_REQUEST
from kontor.pricing.rules import is_least_margin

GOODS, OPTIONS, AGREED = "goods", "options", "agreed"
PRICES, COSTS = "prices", "costs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the rows of a file are. `needs` are the columns without which it cannot be read: one of each group.

    `cleared` is what is written for an empty cell when empty cells empty the field (others keep what they have),
    `template` an example.
    """

    key: str
    name: Promise
    fields: Mapping[str, Field]
    needs: tuple[tuple[str, ...], ...]
    template: tuple[Mapping[str, str], ...]
    cleared: Mapping[str, Any] = field(default_factory=dict)
    says: Promise | str = ""
    """How its rows are read, for who decides what the columns mean."""


def _code(text: str, _signs: Signs) -> str:
    code = text.strip().upper()
    if not CODE.fullmatch(code):
        raise CellProblem(_("“%(text)s” is not a code of 1 to 8 letters and digits.") % {"text": text[:20]})
    return code


def _codes(text: str, signs: Signs) -> tuple[str, ...]:
    return tuple(_code(one, signs) for one in re.split(r"[\s,;|]+", text.strip()))


def _truth(text: str, signs: Signs) -> bool:
    return bool(_TRUTH(text, signs) == "true")


def _currency(text: str, _signs: Signs) -> str:
    return text.strip().upper()


def _price(text: str, signs: Signs) -> Decimal | None:
    """An amount, or None for a price on request."""
    if not any(map(str.isdigit, text)) and text.strip().casefold() in (
        ON_REQUEST,
        _("on request").casefold(),
    ):
        return None
    return price_from(text, signs)


def _percent(text: str, signs: Signs) -> Decimal:
    value = number_from(text.strip().removesuffix("%"), signs)
    if not is_least_margin(value):
        raise CellProblem(_("“%(text)s” is not a percentage from 0 to below 100.") % {"text": text[:20]})
    return value


def _day(text: str, signs: Signs) -> date:
    return moment_from(text, signs).date()


def _fields(
    group: str, rows: Sequence[tuple[str, Promise, Read] | tuple[str, Promise, Read, str]]
) -> dict[str, Field]:
    return {key: Field(key, label, group, *rest) for key, label, *rest in rows}


_TRUTH = one_of({"true": ("yes", "ja", "1", "x", "y"), "false": ("no", "nein", "0", "n")})
SUBJECTS = {
    one.key: one
    for one in (
        Subject(
            key=GOODS,
            name=gettext_lazy("Goods, prices, stock"),
            fields=FIELDS,
            needs=(("sku",),),
            cleared={"summary": "", "description": "", "brand": "", "manufacturer_part_number": "", "gtin": "",
                     "origin": "", "customs_code": "", "specifications": [], "components": [], "category": "",
                     "weight_grams": -1, "on_sale_from": "infinity", "on_sale_until": "infinity"},
            template=(TEMPLATE,),
        ),
        Subject(
            key=OPTIONS,
            name=gettext_lazy("Options of configurable products"),
            says=gettext_lazy(
                "Each row is a choice. The rows of an article stand together and are all that can be chosen of it: "
                "what they leave out is removed."
            ),
            fields=_fields(OPTIONS, (
                ("sku", gettext_lazy("SKU"), FIELDS["sku"].read),
                ("group", gettext_lazy("Code of the group"), plain_from),
                ("group_name", gettext_lazy("Name of the group"), plain_from, "language"),
                ("least", gettext_lazy("At least so many of the group"), whole_from(0, 200)),
                ("most", gettext_lazy("At most so many of the group"), whole_from(0, 200)),
                ("choice", gettext_lazy("Code of the choice"), _code),
                ("choice_name", gettext_lazy("Name of the choice"), plain_from, "language"),
                ("amount", gettext_lazy("Surcharge as an amount"), number_from),
                ("currency", gettext_lazy("Currency of the surcharge"), _currency),
                ("percent", gettext_lazy("Surcharge in percent"), number_from),
                ("weight_grams", gettext_lazy("Further weight in grams"), whole_from(-100_000_000, 100_000_000)),
                ("lead_days", gettext_lazy("Further working days"), whole_from(0, 365)),
                ("is_default", gettext_lazy("Chosen at first"), _truth),
                ("requires", gettext_lazy("Needs these choices"), _codes),
                ("excludes", gettext_lazy("Does not go with these choices"), _codes),
            )),
            needs=(("sku",), ("group",), ("choice",)),
            cleared={"amount": Decimal(), "currency": "", "percent": Decimal(), "weight_grams": 0, "lead_days": 0,
                     "is_default": False, "requires": (), "excludes": ()},
            template=OPTIONS_TEMPLATE,
        ),
        Subject(
            key=AGREED,
            name=gettext_lazy("Agreed quantities"),
            says=gettext_lazy(
                "Each row is agreed with one customer or group about one article. The rows of a customer or group "
                "stand together and are all that is agreed with it: what they leave out is removed."
            ),
            fields=_fields(AGREED, (
                ("customer", gettext_lazy("Customer: number or name"), plain_from),
                ("customer_group", gettext_lazy("Group of customers"), plain_from),
                ("sku", gettext_lazy("SKU"), FIELDS["sku"].read),
                ("unit", gettext_lazy("Sales unit"), unit_from),
                ("minimum", gettext_lazy("At least"), quantity_from),
                ("multiple", gettext_lazy("In steps of"), quantity_from),
                ("maximum", gettext_lazy("At most"), quantity_from),
            )),
            needs=(("customer", "customer_group"), ("sku",), ("minimum", "multiple", "maximum")),
            cleared={"minimum": Decimal(1), "multiple": Decimal(1), "maximum": None},
            template=AGREED_TEMPLATE,
        ),
        Subject(
            key=PRICES,
            name=gettext_lazy("Prices with quantities, units and dates"),
            says=gettext_lazy(
                "Each row is a price. It takes the place of the one in the same list for the same article, quantity, "
                "unit and beginning; other prices stay. Without an amount it says “on request”."
            ),
            fields=_fields(PRICES, (
                ("sku", gettext_lazy("SKU"), FIELDS["sku"].read),
                ("price_list", gettext_lazy("Code of the price list"), plain_from),
                ("from_quantity", gettext_lazy("Price from quantity"), quantity_from),
                ("price", gettext_lazy("Price"), _price),
                ("per", gettext_lazy("Price is for (quantity)"), quantity_from),
                ("unit", gettext_lazy("Sales unit"), unit_from),
                ("valid_from", gettext_lazy("Valid from"), moment_from),
                ("valid_until", gettext_lazy("Valid until"), moment_from),
                ("currency", gettext_lazy("Currency of the price"), _currency),
                ("graduated", gettext_lazy("Graduated quantities"), _truth),
            )),
            needs=(("sku",), ("price",)),
            template=PRICES_TEMPLATE,
        ),
        Subject(
            key=COSTS,
            name=gettext_lazy("Costs and lowest prices"),
            says=gettext_lazy(
                "Each row says what counts for an article from its day on, without a day from today. A column that is "
                "missing leaves what counts; an empty cell says that it is not known."
            ),
            fields=_fields(COSTS, (
                ("sku", gettext_lazy("SKU"), FIELDS["sku"].read),
                ("cost", gettext_lazy("Cost"), price_from),
                ("lowest_price", gettext_lazy("Lowest price"), price_from),
                ("least_margin", gettext_lazy("Least margin in percent"), _percent),
                ("from", gettext_lazy("Valid from"), _day),
            )),
            needs=(("sku",), ("cost", "lowest_price", "least_margin")),
            template=COSTS_TEMPLATE,
        ),
    )
}  # fmt: skip
