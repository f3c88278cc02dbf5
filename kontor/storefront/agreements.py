"""What the company agreed on with its sellers: for how long, at which prices, how much is used and what is left."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.agreements.models import Agreement
from kontor.agreements.permissions import SEE_AGREEMENTS
from kontor.agreements.queries import contract_price, current_prices, in_state, progress_of, uses_of
from kontor.kernel.actors import Actor
from kontor.kernel.entrances.csv_rows import Cell
from kontor.orders.agreement_paper import agreement_pdf
from kontor.orders.models import Order
from kontor.pricing.queries import ResolvedPrice
from kontor.storefront.cards import product_address
from kontor.storefront.papers import pdf_answer, reading_language
from kontor.web.access import needs
from kontor.web.dates import date_text
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.pages import page
from kontor.web.spreadsheets import MOST_ROWS, plain, spreadsheet
from kontor.web.values import money_text, quantity_text

LIST, ONE = "storefront/agreements/list.html", "storefront/agreements/agreement.html"
KINDS = {"ahead": "neutral", "active": "active", "ended": "done", "terminated": "off"}
AT_ONCE = 2000


def _own(actor: Actor) -> Any:
    seen = Agreement.objects.visible_to(actor)
    return seen.exclude(seller_id=actor.buying_company_id).select_related("seller", "group", "price_list")


@needs(SEE_AGREEMENTS)
@require_GET
def agreements(request: PersonRequest) -> HttpResponse:
    """GET /agreements/?state= -> those in force and ahead; all of them when asked."""
    state = request.GET.get("state", "")
    found = _own(request.actor)
    shown = found if state == "all" else in_state(found, "ahead") | in_state(found, "active")
    rows, pager = page_of(request, shown, ["-id"])
    return page(
        request, LIST, rows=rows, pager=pager, shapes=KINDS, state=state,
        progress=progress_of(request.actor, rows), has_more=state != "all" and found.count() > shown.count(),
    )  # fmt: skip


@needs(SEE_AGREEMENTS)
@require_GET
def agreement(request: PersonRequest, agreement_id: int) -> HttpResponse:
    """GET /agreements/7/?q= -> what is committed and left, the prices, our orders that used it."""
    actor = request.actor
    found: Agreement = get_object_or_404(_own(actor), pk=agreement_id)
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    rows, pager = page_of(
        request, current_prices(actor, found, search=words), ["product__sku", "min_quantity", "id"]
    )
    uses = uses_of(actor, found)
    return page(
        request, ONE, block="prices", found=found, shape=KINDS[found.state], rows=rows, pager=pager, words=words,
        progress=progress_of(actor, [found])[found.pk],
        uses=uses, orders=Order.objects.visible_to(actor).in_bulk({one.order_id for one in uses}),
        product_address=product_address,
    )  # fmt: skip


@needs(SEE_AGREEMENTS)
@require_GET
def agreement_csv(request: PersonRequest, agreement_id: int) -> HttpResponseBase:
    """GET /agreements/7.csv -> its prices."""
    found: Agreement = get_object_or_404(_own(request.actor), pk=agreement_id)
    columns = [_("SKU"), _("Article"), _("From"), _("Price"), _("Per"), _("Unit"), _("Currency")]
    return spreadsheet(f"{found.number}", columns, _cells(request.actor, found))


@needs(SEE_AGREEMENTS)
@require_GET
def agreement_paper(request: PersonRequest, agreement_id: int) -> HttpResponse:
    """GET /agreements/7.pdf -> the agreement on the seller's paper."""
    found: Agreement = get_object_or_404(
        _own(request.actor).select_related("account__buyer"), pk=agreement_id
    )
    return pdf_answer(agreement_pdf(request.actor, found, reading_language()), found.number)


def _cells(actor: Actor, found: Agreement) -> Iterator[list[Cell]]:
    rows = current_prices(actor, found).order_by("product__sku", "min_quantity", "id")
    for one in rows[:MOST_ROWS].iterator(AT_ONCE):
        price: Cell = plain(one.amount) if one.amount is not None else _("on request")
        figures = [plain(one.min_quantity), price, plain(one.price_base)]
        yield [one.product.sku, one.product.name, *figures, one.unit or one.product.base_unit, found.currency]


def agreed_on(price: ResolvedPrice, product_id: int, unit: str) -> str:
    """That a price is agreed until a day, and how much may still be bought at it; "" where it is of no agreement."""
    found = contract_price(price.price_list_id, product_id)
    if found is None:
        return ""
    lefts = [quantity_text(found.quantity_left, unit)] if found.quantity_left is not None else []
    if found.value_left is not None:
        lefts.append(money_text(found.value_left, price.currency))
    parts = [_("%(left)s left at this price") % {"left": left} for left in lefts]
    if found.valid_until is not None:
        parts.append(_("agreed until %(day)s") % {"day": date_text(found.valid_until - timedelta(seconds=1))})
    return "; ".join(parts)


urlpatterns = [
    path("agreements/", agreements, name="agreements"),
    path("agreements/<int:agreement_id>/", agreement, name="agreement"),
    path("agreements/<int:agreement_id>.pdf", agreement_paper, name="agreement_pdf"),
    path("agreements/<int:agreement_id>.csv", agreement_csv, name="agreement_csv"),
]
