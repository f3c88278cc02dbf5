"""What somebody pays at a moment, and why: many articles in a table or a file, or one article in depth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.backoffice.named_customer import customer_named
from kontor.backoffice.price_words import figures, why, why_left_out
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Product, SalesUnit
from kontor.catalog.queries import products_of_seller
from kontor.companies.models import CustomerAccount
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.entrances.csv_rows import Cell
from kontor.kernel.money import line_net
from kontor.pricing.explain import Asked, changes_ahead, explain, left_out
from kontor.pricing.models import PriceList
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import Chain, ResolvedPrice, Wanted, breaks_of, chain_for, chain_of, resolve
from kontor.pricing.rules import is_price_quantity
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.dates import as_moment_field, moment_from
from kontor.web.identity import PersonRequest
from kontor.web.lists import address_with, page_of
from kontor.web.numbers import as_input, number_from
from kontor.web.pages import page
from kontor.web.spreadsheets import MOST_ROWS, plain, spreadsheet

GRID, ONE = "backoffice/prices/grid.html", "backoffice/prices/one.html"
BATCH = 2_000
KEPT = ("customer", "buyer", "quantity", "unit", "at")
"""What a link from the table to an article takes along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who asks for which quantity, when; `account` None is a visitor. `problems` are sentences by field."""

    actor: Actor
    account: CustomerAccount | None
    quantity: Decimal
    unit: str
    at: datetime
    words: str
    problems: dict[str, str]

    @property
    def buyer_id(self) -> int | None:
        return self.account.buyer_id if self.account else None

    @property
    def chain(self) -> Chain:
        return chain_for(self.buyer_id, self.at)


def _bought_by(actor: Actor, buyer: int | None) -> CustomerAccount | None:
    own = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id, buyer_id=buyer or 0)
    return own.select_related("buyer").first()


def _asked(request: PersonRequest) -> Question:
    """What the address asks; what cannot be read counts as not said, with a sentence at its field."""
    actor, asked = at_own_desk(request), request.GET
    problems: dict[str, str] = {}
    named, text = asked.get("customer", "").strip(), asked.get("quantity", "").strip()[:20]
    account = customer_named(actor, named) if named else _bought_by(actor, key_of(asked.get("buyer", "")))
    if named and account is None:
        problems["customer"] = _("No customer, or more than one, is called so: this is what visitors pay.")
    elif account is not None and account.status != CustomerAccount.Status.ACTIVE:
        problems["customer"] = _("This account is not active, so it has no prices of its own.")
    quantity = number_from(text) if text else Decimal(1)
    if quantity is None or not is_price_quantity(quantity):
        problems["quantity"] = _("Enter a quantity above 0.")
        quantity = Decimal(1)
    try:
        at = moment_from(asked.get("at", "")) or clock.now()
    except (ValueError, OverflowError):
        problems["at"] = _("Enter a day and a time.")
        at = clock.now()
    return Question(
        actor=actor,
        account=account,
        quantity=quantity,
        unit=asked.get("unit", "").strip().upper()[:3].replace("\x00", ""),
        at=at,
        words=asked.get("q", "").strip()[:100].replace("\x00", ""),
        problems=problems,
    )


def _form(request: PersonRequest, asked: Question) -> dict[str, Any]:
    return {
        "asked": asked,
        "typed_customer": asked.account.customer_number if asked.account else request.GET.get("customer", ""),
        "typed_quantity": request.GET.get("quantity", "") or as_input(asked.quantity),
        "typed_at": request.GET.get("at", "") if "at" in asked.problems else as_moment_field(asked.at),
        "query": urlencode({name: request.GET[name] for name in KEPT if name in request.GET}),
    }


@dataclass(frozen=True, slots=True)
class Row:
    """An article with what is paid for it, from which list, and what everybody pays."""

    product: Product
    price: ResolvedPrice | None
    list_name: str
    list_price: ResolvedPrice | None

    @property
    def less(self) -> Decimal | None:
        """By how much it is below the public price, in percent; below 0 when it is above."""
        if self.price is None or self.list_price is None or not self.list_price.amount:
            return None
        each, public = (one.amount / one.price_base for one in (self.price, self.list_price))
        return round((1 - each / public) * 100, 1)


def _articles(asked: Question) -> QuerySet[Product]:
    found = products_of_seller(asked.actor).exclude(kind=Product.Kind.MODEL)
    for word in asked.words.split()[:8]:
        found = found.filter(Q(sku__icontains=word) | Q(name__icontains=word) | Q(brand__icontains=word))
    return found


def _rows(asked: Question, products: Sequence[Product], chain: Chain) -> list[Row]:
    """What is paid for these articles. Three statements, however many."""
    wanted = [Wanted(one.pk, asked.quantity, unit=asked.unit) for one in products]
    names = {one.pk: one for one in PriceList.objects.visible_to(asked.actor)}
    public = chain_of([one.pk for one in names.values() if one.is_public], asked.at)
    found = zip(products, resolve(chain, wanted, asked.at), resolve(public, wanted, asked.at), strict=True)
    return [
        Row(
            product,
            price,
            names[price.price_list_id].name if price else "",
            listed if price and listed and listed.currency == price.currency else None,
        )
        for product, price, listed in found
    ]


@needs(EDIT_PRICES)
@require_GET
def prices_of(request: PersonRequest) -> HttpResponse:
    """GET /office/prices/?customer=10001&q=bolt&quantity=100&at=2026-03-01T00:00 -> what this customer pays then."""
    asked = _asked(request)
    products, pager = page_of(request, _articles(asked), ["sku", "id"])
    csv_url = reverse("backoffice:prices_of_csv") + address_with(request)[len(request.path) :]
    rows = _rows(asked, products, asked.chain)
    return page(
        request, GRID, block="listing", rows=rows, pager=pager, csv_url=csv_url, **_form(request, asked)
    )


@needs(EDIT_PRICES)
@require_GET
def prices_of_csv(request: PersonRequest) -> HttpResponseBase:
    """GET /office/prices.csv with the same question -> a row for each article."""
    columns = [
        _("SKU"), _("Article"), _("Quantity"), _("Price"), _("Per"), _("Currency"), _("Price list"), _("List price"),
        _("Less in percent"),
    ]  # fmt: skip
    return spreadsheet("prices", columns, _cells(_asked(request)))


def _cells(asked: Question) -> Iterator[list[Cell]]:
    chain = asked.chain
    products = list(_articles(asked).order_by("sku", "id")[:MOST_ROWS])
    for start in range(0, len(products), BATCH):
        for row in _rows(asked, products[start : start + BATCH], chain):
            price, listed, less = row.price, row.list_price, row.less
            yield [
                row.product.sku, row.product.name, plain(asked.quantity),
                plain(price.amount) if price else None, plain(price.price_base) if price else None,
                price.currency if price else None, row.list_name,
                plain(listed.amount) if listed else None, plain(less) if less is not None else None,
            ]  # fmt: skip


@needs(EDIT_PRICES)
@require_GET
def price_of(request: PersonRequest, product_id: int) -> HttpResponse:
    """GET /office/prices/7/?customer=10001&quantity=100&unit=XBX&at= -> each list asked, which counts, why."""
    asked = _asked(request)
    product = get_object_or_404(products_of_seller(asked.actor), pk=product_id)
    units = list(SalesUnit.objects.filter(product=product).order_by("position", "id"))
    factor = next((one.factor for one in units if one.unit == asked.unit), Decimal(1))
    wanted = Wanted(product.pk, asked.quantity * factor, unit=asked.unit)
    chain = asked.chain
    steps = explain(chain, wanted, asked.at)
    won = next((one for one in steps if one.wins), None)
    return page(
        request,
        ONE,
        block="answer",
        product=product,
        units=[("", _("any unit")), *((one.unit, one.unit) for one in units)],
        base_quantity=wanted.base_quantity,
        steps=[(one, why(one, steps), figures(one)) for one in steps],
        won=won,
        net=_net(won, wanted),
        breaks=breaks_of(chain, [product.pk], at=asked.at, unit=asked.unit).get(product.pk, []),
        left_out=_left_out(asked, steps),
        changes=changes_ahead(asked.buyer_id, wanted, asked.at),
        list_names={one.pk: one.name for one in PriceList.objects.visible_to(asked.actor)},
        **_form(request, asked),
    )


def _net(won: Asked | None, wanted: Wanted) -> Decimal | None:
    """What the whole quantity costs."""
    price = won.price if won else None
    if price is None:
        return None
    return line_net(
        unit_price=price.amount,
        price_base=price.price_base,
        quantity=wanted.base_quantity,
        currency=price.currency,
    )


def _left_out(asked: Question, steps: Sequence[Asked]) -> list[tuple[int, str, str]]:
    if asked.account is None:
        return []
    return [
        (one.list_id, one.list_name, why_left_out(one)) for one in left_out(asked.account, steps, asked.at)
    ]


urlpatterns = [
    path("prices/", prices_of, name="prices_of"),
    path("prices.csv", prices_of_csv, name="prices_of_csv"),
    path("prices/<int:product_id>/", price_of, name="price_of"),
]
