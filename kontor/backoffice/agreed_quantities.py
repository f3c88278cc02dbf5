"""In which quantities a customer or a group buys: a table on its page."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kontor.backoffice.seat import at_own_desk
from kontor.catalog.operations import AgreedFacts, agree_quantities
from kontor.catalog.permissions import AGREE_QUANTITIES
from kontor.catalog.queries import agreed_quantities
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.goods import units
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.kernel.texts import printable
from kontor.web.access import needs
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.numbers import as_input, number, number_from
from kontor.web.pages import leave_to, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/customers/quantities.html"
FIGURES = ("minimum", "multiple", "maximum")
SPARE = 3

Holder = CustomerAccount | CustomerGroup


def agreed_with(actor: Actor, holder: Holder) -> dict[str, Any]:
    """What the panel on the holder's page shows; nothing for who may not agree quantities."""
    if not actor.may(AGREE_QUANTITIES):
        return {"agreed": None}
    rows = [
        {"sku": one.product.sku, "name": one.product.name, "unit": one.unit}
        | {label: as_input(getattr(one, label)) for label in FIGURES}
        for one in agreed_quantities(actor, holder)
    ]
    return {"agreed": [*rows, *({} for _n in range(SPARE))], **_choices(holder)}


def _choices(holder: Holder) -> dict[str, Any]:
    kind = "customer" if isinstance(holder, CustomerAccount) else "group"
    return {
        "agreed_at": reverse(f"backoffice:{kind}_quantities", args=[holder.pk]),
        "unit_names": units.choices(),
    }


def _typed_rows(request: PersonRequest) -> list[dict[str, str]]:
    return [row for row in rows_of(request.POST, "agreed").values() if row.get("sku", "").strip()]


def _agreed(request: PersonRequest) -> list[AgreedFacts]:
    """The rows that name an article. Raises Refused("incomplete") at numbers that cannot be read."""
    found, wrong = [], {}
    for index, row in enumerate(_typed_rows(request)):
        figures: dict[str, Decimal | None] = {}
        for label in FIGURES:
            text = row.get(label, "").strip()
            figures[label] = number_from(text) if text else None
            if text and figures[label] is None:
                wrong[f"agreed/{index}/{label}"] = number_problem(text)
        found.append(
            AgreedFacts(
                sku=printable(row["sku"]).strip(),
                unit=printable(row.get("unit", ""))[:3],
                minimum=figures["minimum"] or figures["multiple"] or Decimal(1),
                multiple=figures["multiple"] or Decimal(1),
                maximum=figures["maximum"],
            )
        )
    if wrong:
        raise Refused("incomplete", _("The quantities were not saved. Correct the marked fields."), wrong)
    return found


def _save(request: PersonRequest, holder: Holder, title: str, back: str) -> HttpResponse:
    actor = at_own_desk(request)
    try:
        count = agree_quantities(actor=actor, holder=holder, agreed=_agreed(request))
    except NotAllowed:
        raise
    except Refused as refusal:
        rows = [*_typed_rows(request), *({} for _n in range(SPARE))]
        return refused(request, PAGE, refusal, title=title, back=back, agreed=rows, **_choices(holder))
    message = ngettext("%(n)s agreed quantity saved.", "%(n)s agreed quantities saved.", count)
    told = _("They count from now on, in open carts too.")
    return leave_to(request, back, toast=Toast(message=message % {"n": number(count)}, told=told))


@needs(AGREE_QUANTITIES)
@require_POST
def customer_quantities(request: PersonRequest, account_id: int) -> HttpResponse:
    """POST /office/customers/7/quantities/ agreed/<n>/sku … -> all that is agreed with the customer."""
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    account = get_object_or_404(own.select_related("buyer"), pk=account_id)
    return _save(request, account, str(account.buyer), reverse("backoffice:customer", args=[account.pk]))


@needs(AGREE_QUANTITIES)
@require_POST
def group_quantities(request: PersonRequest, group_id: int) -> HttpResponse:
    """POST /office/customer-groups/7/quantities/ agreed/<n>/sku … -> all that is agreed with the group."""
    group = get_object_or_404(CustomerGroup.objects.visible_to(at_own_desk(request)), pk=group_id)
    return _save(request, group, group.name, reverse("backoffice:customer_group", args=[group.pk]))


urlpatterns = [
    path("customers/<int:account_id>/quantities/", customer_quantities, name="customer_quantities"),
    path("customer-groups/<int:group_id>/quantities/", group_quantities, name="group_quantities"),
]
