"""What is committed in an agreement, edited as a grid; which orders used it; both as files."""

from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kontor.agreements.models import Agreement, Commitment
from kontor.agreements.operations import save_commitments
from kontor.agreements.queries import draws_of, progress_of
from kontor.backoffice.agreement_rows import typed_commitments
from kontor.backoffice.agreements import ONE, agreement_address, agreement_of, agreement_values
from kontor.backoffice.papers import pdf_answer
from kontor.backoffice.seat import at_own_desk
from kontor.kernel.actors import Actor
from kontor.kernel.entrances.csv_rows import Cell
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.agreement_paper import agreement_pdf
from kontor.orders.models import Order
from kontor.pricing.permissions import EDIT_PRICES
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, refused
from kontor.web.spreadsheets import MOST_ROWS, cents, plain, spreadsheet
from kontor.web.toasts import Toast

AT_ONCE = 2000


@needs(EDIT_PRICES)
@require_POST
def commitments_save(request: PersonRequest, agreement_id: int) -> HttpResponse:
    """POST /office/agreements/7/commitments/ commitments/<n>/sku, kind, measure, committed -> all of them as typed."""
    found, actor = agreement_of(request, agreement_id), at_own_desk(request)
    try:
        save_commitments(actor=actor, agreement=found, rows=typed_commitments(request, actor))
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, ONE, refusal, **agreement_values(request, found))
    toast = Toast(message=_("What is committed is saved."), told=_("It counts for orders from now on."))
    return leave_to(request, agreement_address(found) + "#committed", toast=toast)


@needs(EDIT_PRICES)
@require_GET
def commitments_csv(request: PersonRequest, agreement_id: int) -> HttpResponseBase:
    """GET /office/agreements/7/commitments.csv -> what is committed, used and left."""
    found = agreement_of(request, agreement_id)
    columns = [_("SKU"), _("Article"), _("Limit"), _("Counted by"), _("Committed"), _("Used"), _("Left")]
    rows: list[list[Cell]] = [
        [
            one.commitment.product.sku if one.commitment.product else "",
            one.commitment.product.name if one.commitment.product else _("All goods"),
            one.commitment.get_kind_display(),
            one.commitment.get_measure_display(),
            *(plain(figure) for figure in (one.commitment.committed, one.used, one.commitment.left)),
        ]
        for one in progress_of(at_own_desk(request), [found])[found.pk]
    ]
    return spreadsheet(f"{found.number}-committed", columns, rows)


@needs(EDIT_PRICES)
@require_GET
def draws_csv(request: PersonRequest, agreement_id: int) -> HttpResponseBase:
    """GET /office/agreements/7/use.csv -> a row per order line and commitment, newest first."""
    found = agreement_of(request, agreement_id)
    columns = [
        _("Day"),
        _("Order"),
        _("Customer"),
        _("SKU"),
        _("Limit"),
        _("Quantity"),
        _("Net"),
        _("Currency"),
    ]
    return spreadsheet(f"{found.number}-use", columns, _drawn(at_own_desk(request), found))


def _drawn(actor: Actor, found: Agreement) -> Iterator[list[Cell]]:
    numbers = dict(
        Order.objects.visible_to(actor)
        .filter(pk__in=draws_of(actor, found).values("order_id"))
        .values_list("pk", "number")
    )
    kinds = dict(Commitment.Kind.choices)
    for one in draws_of(actor, found).order_by("-drawn_at", "-id")[:MOST_ROWS].iterator(AT_ONCE):
        product = one.commitment.product
        yield [
            one.drawn_at.date().isoformat(),
            numbers.get(one.order_id, ""),
            str(one.account.buyer),
            product.sku if product else "",
            str(kinds[one.commitment.kind]),
            plain(one.base_quantity),
            cents(one.net, found.currency),
            found.currency,
        ]


@needs(EDIT_PRICES)
@require_GET
def agreement_paper(request: PersonRequest, agreement_id: int) -> HttpResponse:
    """GET /office/agreements/7/agreement.pdf -> the agreement on paper, to be signed; a draft says that it is one."""
    found = agreement_of(request, agreement_id)
    language = (get_language() or "en").partition("-")[0]
    return pdf_answer(agreement_pdf(at_own_desk(request), found, language), found.number)


urlpatterns = [
    path("agreements/<int:agreement_id>/agreement.pdf", agreement_paper, name="agreement_pdf"),
    path("agreements/<int:agreement_id>/commitments/", commitments_save, name="commitments_save"),
    path("agreements/<int:agreement_id>/commitments.csv", commitments_csv, name="commitments_csv"),
    path("agreements/<int:agreement_id>/use.csv", draws_csv, name="agreement_use_csv"),
]
