"""Data that hurts, for the living page: long names, six-digit prices, other scripts, every status."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django import forms

from kontor.web.forms import QuantityField

LONG = "Hexagon head screw with flange, stainless steel A4-80, fully threaded, self-locking, waxed " * 4
GERMAN = "Sechskantschraubenbeschichtungsspezifikationsänderungsbescheinigung"
ARABIC = "برغي سداسي الرأس من الفولاذ المقاوم للصدأ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the sample table."""

    id: int
    number: str
    customer: str
    placed: date
    status: tuple[str, str]
    quantity: Decimal
    unit: str
    price: Decimal
    base: int
    net: Decimal


LINES = (
    Line(
        id=1,
        number="SO-2026-004711",
        customer="Acme Components GmbH",
        placed=date(2026, 11, 20),
        status=("Waits for approval", "waiting"),
        quantity=Decimal(1200),
        unit="C62",
        price=Decimal("12.40"),
        base=100,
        net=Decimal("148.80"),
    ),
    Line(
        id=2,
        number="SO-2026-004712",
        customer=GERMAN,
        placed=date(2026, 11, 19),
        status=("Confirmed", "active"),
        quantity=Decimal("12.5"),
        unit="MTR",
        price=Decimal("0.098765"),
        base=1,
        net=Decimal("123456.78"),
    ),
    Line(
        id=3,
        number="SO-2026-004713",
        customer=LONG,
        placed=date(2026, 11, 2),
        status=("Late", "bad"),
        quantity=Decimal(5000),
        unit="XBX",
        price=Decimal("999999.99"),
        base=1,
        net=Decimal("4999999950.00"),
    ),
    Line(
        id=4,
        number="SO-2026-004714",
        customer=ARABIC,
        placed=date(2026, 10, 30),
        status=("Shipped", "done"),
        quantity=Decimal(48),
        unit="XCT",
        price=Decimal("3.5"),
        base=1,
        net=Decimal("-168.00"),
    ),
)

STATUSES = (
    ("Draft", "neutral"),
    ("Waits for approval", "waiting"),
    ("Confirmed", "active"),
    ("Delivered", "done"),
    ("On hold", "warning"),
    ("Overdue", "bad"),
    ("Cancelled", "off"),
)

MOMENT = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)

TIMELINE = (
    {
        "title": "Order placed",
        "by": "Ana, Acme",
        "at": MOMENT,
        "kind": "done",
        "icon": "check",
        "text": "By page, on 30 days net.",
    },
    {
        "title": "Approved",
        "by": "Ben, Acme",
        "at": MOMENT,
        "kind": "done",
        "icon": "check",
        "text": "Over Ana's limit of €2,000.00.",
    },
    {
        "title": "Confirmed",
        "by": "Sal, Hansa Supply",
        "at": MOMENT,
        "kind": "active",
        "icon": "truck",
        "links": [("Order confirmation", "#pdf")],
    },
    {"title": "Delivery delayed", "by": "", "at": MOMENT, "kind": "warning", "text": LONG},
    {"title": "Delivery", "at": date(2026, 12, 2), "kind": "next"},
)


class SampleForm(forms.Form):
    """A Django form, for `ui.fields`."""

    street = forms.CharField(label="Street and number", help_text="No post box; lorries cannot find it.")
    city = forms.CharField(label="City", required=False)
    minimum = QuantityField(label="Minimum order")
