"""An order that comes by phone, mail or at a fair: choose the customer, type or paste lines, check, enter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.backoffice.customers import account_of
from kontor.backoffice.desks import seller_id_of
from kontor.backoffice.seat import at_own_desk
from kontor.carts.operations.coupons import MOST_COUPONS
from kontor.carts.rules import BadQuantity, number_of, parse_pasted
from kontor.carts.shown import by_reason
from kontor.companies.models import CustomerAccount
from kontor.companies.queries import customers_of
from kontor.kernel import clock
from kontor.kernel.money import ZERO, line_net
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.draft import Draft, DraftLine
from kontor.orders.intake import EnteredLine, EnteredOrder
from kontor.orders.models import Order
from kontor.orders.operations import enter_order, preview_order
from kontor.orders.permissions import ENTER_ORDERS
from kontor.pricing.queries import Wanted, chain_for, resolve
from kontor.search.queries import LookedUp, Viewer, lookup_skus
from kontor.web.access import needs
from kontor.web.asked import day_of, key_of
from kontor.web.dates import local
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import Pager
from kontor.web.numbers import as_input, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast
from kontor.web.units import unit_name

CHOOSE, FORM = "backoffice/orders/choose.html", "backoffice/orders/new.html"
EMPTY_ROWS = 6
MOST_ROWS = 1000
CHANNELS = ("phone", "mail", "fair", "counter")


TYPED = ("sku", "quantity", "unit", "price")


@dataclass(slots=True)
class Row:
    """A line as somebody typed it, and what was found for it. `net` is in the order's currency."""

    sku: str = ""
    quantity: str = ""
    unit: str = ""
    price: str = ""
    unit_code: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    found: LookedUp | None = None
    amount: Decimal | None = None
    base_quantity: Decimal = ZERO
    unit_price: Decimal | None = None
    price_base: Decimal = Decimal(1)
    currency: str = ""
    net: Decimal | None = None
    allowance: Decimal = ZERO

    @property
    def is_empty(self) -> bool:
        return not (self.sku or self.quantity or self.price)

    @property
    def is_short(self) -> bool:
        free = self.found.available if self.found else None
        return free is not None and self.base_quantity > free


@needs(ENTER_ORDERS)
@require_http_methods(["GET", "POST"])
def order_new(request: PersonRequest) -> HttpResponse:
    """GET /office/orders/new/?customer=7 -> the form (without a customer: choose one); POST checks or enters."""
    account_id = key_of(request.POST.get("customer", "") or request.GET.get("customer", ""))
    if account_id is None:
        return _choose(request)
    account = account_of(request, account_id)
    if account.status != CustomerAccount.Status.ACTIVE:
        raise Refused(
            "not_active", _("Orders can be entered for active customers only. Accept or unblock it first.")
        )
    rows = _typed_rows(request.POST) if request.method == "POST" else []
    if rows:
        _look_up(rows, account)
    if request.method == "POST" and request.POST.get("do", "") == "enter":
        return _enter(request, account, rows)
    draft, refusal = _preview(request, account, rows)
    values = _form(request, account, rows, draft)
    if refusal is not None:
        return refused(request, FORM, refusal, block="entry", **values)
    return page(request, FORM, block="entry", **values)


def _choose(request: PersonRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    found = customers_of(seller_id_of(request.actor), search=words, status="active", per_page=20)
    pager = Pager(shown=len(found.rows), total=found.total)
    return page(request, CHOOSE, block="listing", rows=found.rows, words=words, pager=pager)


def _typed_rows(form: QueryDict) -> list[Row]:
    """The rows of the grid, then those of the pasted text; empty ones are left out."""
    grid = [_row(fields) for fields in rows_of(form, "lines").values()]
    rows = [row for row in grid if not row.is_empty]
    for line in parse_pasted(form.get("pasted", "")):
        quantity = "" if isinstance(line.quantity, BadQuantity) else as_input(line.quantity)
        rows.append(Row(line.sku[:80], quantity, line.unit[:80], line.note[:80] if _reads(line.note) else ""))
    return rows[:MOST_ROWS]


def _row(fields: Mapping[str, str]) -> Row:
    sku, quantity, unit, price = (fields.get(name, "").strip()[:80] for name in TYPED)
    return Row(sku, quantity, unit, price)


def _reads(text: str) -> bool:
    return isinstance(number_of(text), Decimal) if text else False


def _look_up(rows: Sequence[Row], account: CustomerAccount) -> None:
    """Find article, unit, price and stock of every row; what is wrong stands at its field. Three statements."""
    # The seller may sell whatever it has: an assortment binds what customers do themselves.
    viewer = Viewer(chain_for(account.buyer_id), (0, -account.seller_id), account.buyer_id)
    known = lookup_skus(viewer, [row.sku for row in rows if row.sku], seller_id=account.seller_id)
    for row in rows:
        _read(row, known.get(row.sku))
    priced = [row for row in rows if row.found and row.unit_price is None and row.base_quantity]
    wanted = [
        Wanted(row.found.product_id, row.base_quantity, _chosen(row), row.unit_code)
        for row in priced
        if row.found
    ]
    for row, price in zip(priced, resolve(viewer.chain, wanted), strict=True):
        if price is None:
            row.problems.setdefault("price", _("No price list has a price for this article. Enter one."))
        else:
            row.amount, row.price_base, row.currency = price.amount, price.price_base, price.currency
    for row in rows:
        amount = row.amount if row.unit_price is None else row.unit_price
        if amount is not None and row.base_quantity:
            currency = row.currency or account.buyer.currency
            row.net = line_net(
                unit_price=amount, price_base=row.price_base, quantity=row.base_quantity, currency=currency
            )


def _chosen(row: Row) -> tuple[str, ...]:
    return row.found.configured.parts if row.found and row.found.configured else ()


def _read(row: Row, found: LookedUp | None) -> None:
    row.found = found
    if found is None:
        row.problems["sku"] = _("Nothing with this number is on sale.")
    elif found.configured and found.configured.problem:
        row.problems["sku"] = found.configured.problem
    elif found.kind == "configurable" and not found.configured:
        row.problems["sku"] = _("Configure it in the shop, then enter its number with the code.")
    quantity = number_from(row.quantity)
    if quantity is None or quantity <= 0:
        row.problems["quantity"] = (
            number_problem(row.quantity)
            if row.quantity and quantity is None
            else _("Enter a quantity above 0.")
        )
    if row.price:
        row.unit_price = number_from(row.price)
        if row.unit_price is None or row.unit_price < 0:
            row.problems["price"] = number_problem(row.price)
    if found is None:
        return
    if row.unit_price is not None and found.price_base:
        row.price_base = found.price_base
    sold = found.sold_in(_unit_code(row.unit, found))
    if sold is None:
        units = ", ".join(unit_name(one.unit) for one in found.units)
        row.problems["unit"] = _("Sold in: %(units)s") % {"units": units}
    elif quantity is not None and quantity > 0:
        row.unit_code, row.unit = sold.unit, unit_name(sold.unit)
        row.base_quantity = quantity * sold.factor


def _unit_code(typed: str, found: LookedUp) -> str:
    """The code of a unit that was typed as code or as its name."""
    wanted = typed.casefold()
    return next(
        (one.unit for one in found.units if wanted in (one.unit.casefold(), unit_name(one.unit).casefold())),
        typed,
    )


def _preview(
    request: PersonRequest, account: CustomerAccount, rows: Sequence[Row]
) -> tuple[Draft | None, Refused | None]:
    """What the lines that are in order come to, written into their rows; or why they could not be ordered."""
    sound = [row for row in rows if row.found and not row.problems]
    if not sound:
        return None, None
    try:
        draft = preview_order(actor=at_own_desk(request), entered=_entered(request.POST, account, sound))
    except NotAllowed:
        raise
    except Refused as refusal:
        _mark(sound, refusal)
        return None, refusal
    for row, line in zip(sound, draft.lines, strict=False):  # gifts come after the lines
        row.price_base, row.currency = line.price_base, draft.currency
        row.net, row.allowance = line.net + line.allowance, line.allowance
        if row.unit_price is None:
            row.amount = line.unit_price
    return draft, None


def _mark(rows: Sequence[Row], refusal: Refused) -> None:
    """Write what is wrong with a line at its field."""
    for name, sentence in refusal.fields.items():
        before, _slash, rest = name.partition("lines/")
        number, _slash, column = rest.partition("/")
        if not before and number.isdigit() and int(number) < len(rows):
            column = "price" if column == "unit_price" else column
            rows[int(number)].problems.setdefault(column or "quantity", sentence)


def _form(
    request: PersonRequest, account: CustomerAccount, rows: list[Row], draft: Draft | None
) -> dict[str, Any]:
    currencies = {row.currency for row in rows if row.currency}
    addresses = account.buyer.addresses.filter(is_archived=False).order_by(
        "-is_default_delivery", "label", "id"
    )
    return {
        "account": account,
        "buyer": account.buyer,
        "rows": [*rows, *(Row() for _one in range(max(EMPTY_ROWS - len(rows), 2)))],
        "checked": bool(rows),
        "has_problems": any(row.problems for row in rows),
        "net_total": sum((row.net for row in rows if row.net is not None), ZERO),
        "currency": currencies.pop() if len(currencies) == 1 else account.buyer.currency,
        "channels": [(key, label) for key, label in Order.Channel.choices if key in CHANNELS],
        "addresses": [
            (one.pk, f"{one.label or one.recipient}: {one.street}, {one.postal_code} {one.city}")
            for one in addresses
        ],
        "today": local(clock.now()).date(),
        "typed": request.POST if request.method == "POST" else None,
        "draft": draft,
        **(_beside(draft) if draft else {}),
    }


def _beside(draft: Draft) -> dict[str, Any]:
    """What stands beside the lines of a draft: gifts, what is taken off and charged, codes that do nothing."""
    reckoned = draft.reckoned
    gifts: list[DraftLine] = [one for one in draft.lines if one.price_source.startswith("promotion:")]
    return {
        "gifts": gifts,
        "reductions": by_reason((one.reason, one.amount) for one in reckoned.allowances) if reckoned else [],
        "costs": by_reason((one.charge.reason, one.charge.net) for one in draft.charges),
        "idle_codes": reckoned.judged.refused if reckoned else {},
    }


def _enter(request: PersonRequest, account: CustomerAccount, rows: list[Row]) -> HttpResponse:
    try:
        _refuse_problems(rows)
        order = enter_order(actor=at_own_desk(request), entered=_entered(request.POST, account, rows))
    except NotAllowed:
        raise
    except Refused as refusal:
        _mark(rows, refusal)
        draft, _also = _preview(request, account, rows)
        return refused(request, FORM, refusal, block="entry", **_form(request, account, rows, draft))
    toast = Toast(
        message=_("Order %(number)s is entered.") % {"number": order.number},
        told=_("%(company)s was told; the goods are reserved.") % {"company": account.buyer},
    )
    return leave_to(request, reverse("backoffice:order", args=[order.pk]), toast=toast)


def _refuse_problems(rows: Sequence[Row]) -> None:
    wrong = {
        f"lines/{number}/{column}": sentence
        for number, row in enumerate(rows)
        for column, sentence in row.problems.items()
    }
    if wrong:
        raise Refused(
            "lines_not_orderable", _("Some lines need another look. Nothing was entered yet."), wrong
        )


def _entered(form: QueryDict, account: CustomerAccount, rows: Sequence[Row]) -> EnteredOrder:
    day = form.get("wished_date", "").strip()
    wished = day_of(day)
    if day and wished is None:
        message = _("Enter a day, such as 2026-05-31.")
        raise Refused("details_wrong", message, {"wished_date": message})
    lines = [
        EnteredLine(
            product_id=row.found.product_id,
            quantity=number_from(row.quantity) or ZERO,
            unit=row.unit_code,
            unit_price=row.unit_price,
            price_base=row.price_base,
            chosen=_chosen(row),
        )
        for row in rows
        if row.found
    ]
    own = account.buyer.addresses.filter(
        pk=key_of(form.get("delivery_address_id", "")) or 0, is_archived=False
    )
    return EnteredOrder(
        account_id=account.pk,
        lines=lines,
        codes=[code[:80] for code in form.get("codes", "").split()[:MOST_COUPONS]],
        channel=form.get("channel", "") if form.get("channel", "") in CHANNELS else CHANNELS[0],
        po_number=form.get("po_number", ""),
        accept_duplicate_po=form.get("accept_duplicate_po") == "on",
        delivery_address_id=own.values_list("pk", flat=True).first(),
        wished_date=wished,
        note=form.get("note", ""),
    )


urlpatterns = [path("orders/new/", order_new, name="order_new")]
