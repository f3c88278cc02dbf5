"""The living page: every component in every state, with data that hurts. For whoever builds pages."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kontor.kernel.refusal import Refused
from kontor.web.charts import Bar
from kontor.web.lists import Pager, sorting
from kontor.web.pages import page
from kontor.web.toasts import Toast
from kontor.web.views.sample import ARABIC, LINES, LONG, MOMENT, STATUSES, TIMELINE, SampleForm


def _refusal() -> Refused:
    return Refused(
        "check_order",
        "This order cannot be placed yet",
        {
            "po_number": "Acme wants a PO number on every order. Enter the one from your purchasing system.",
            "wished_date": "3 November 2026 has passed. Choose a day from tomorrow on.",
            "quantity": "50 is not a multiple of 24. Order 48 or 72.",
        },
    )


def _charts() -> dict[str, Any]:
    sales = (("Jun", 18200), ("Jul", 21850), ("Aug", 9400), ("Sep", 24310), ("Oct", 26120), ("Nov", 17005))
    return {
        "bars": [Bar(label=month, value=Decimal(n), shown=f"€{n:,}.00", url="#orders") for month, n in sales],
        "spark": [Decimal(n) for n in (12, 14, 13, 17, 16, 21, 19, 24)],
    }


@require_safe
def living(request: HttpRequest) -> HttpResponse:
    """GET /living -> all components."""
    return page(
        request,
        "web/living.html",
        toast=Toast(
            message="Order SO-2026-004711 cancelled.", told="Hansa Supply has been told.", undo_url="#undo"
        )
        if "toast" in request.GET
        else None,
        lines=LINES,
        statuses=STATUSES,
        timeline=TIMELINE,
        refusal=_refusal(),
        form=SampleForm({"street": "", "minimum": "a few"}),
        hostile="<script>alert(1)</script>\"'&",
        long=LONG,
        arabic=ARABIC,
        moment=MOMENT,
        decimal=Decimal,
        sorting=sorting(request, ("number", "customer", "placed"), "-placed"),
        pager=Pager(shown=50, first=51, total=5000, previous_url="?before=x", next_url="?after=x"),
        **_charts(),
    )
