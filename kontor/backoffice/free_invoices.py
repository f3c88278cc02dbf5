"""Invoices and credit notes without an order: a fee, a price put right, goodwill."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.backoffice.seat import at_own_desk
from kontor.catalog.operations.facts import TAX_CATEGORIES
from kontor.companies.models import CustomerAccount
from kontor.goods import units
from kontor.invoicing.models import Invoice
from kontor.invoicing.operations import FreeLine, issue_free_credit, issue_free_invoice
from kontor.invoicing.permissions import ISSUE_INVOICES
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.taxes.wording import category_names
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.numbers import number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

FORM = "backoffice/invoices/free.html"
EMPTY_ROWS = 3


def tax_categories() -> list[tuple[str, str]]:
    """The tax categories by name, for forms."""
    names = category_names()
    return [(code, names[code]) for code in TAX_CATEGORIES]


@needs(ISSUE_INVOICES)
@require_http_methods(["GET", "POST"])
def invoice_new(request: PersonRequest) -> HttpResponse:
    """GET /office/invoices/new/?kind=credit_note -> a form for lines in words; POST -> the document is issued."""
    kind = request.POST.get("kind", request.GET.get("kind", ""))
    kind = Invoice.Kind.CREDIT_NOTE if kind == Invoice.Kind.CREDIT_NOTE else Invoice.Kind.INVOICE
    if request.method == "GET":
        return page(request, FORM, block="form", **_values(request, kind))
    try:
        issued = _issue(request, kind)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, FORM, refusal, block="form", **_values(request, kind))
    message = (
        _("Credit note %(number)s is issued.")
        if kind == Invoice.Kind.CREDIT_NOTE
        else _("Invoice %(number)s is issued.")
    )
    toast = Toast(
        message=message % {"number": issued.number}, told=_("%(buyer)s was told.") % {"buyer": issued.buyer}
    )
    return leave_to(request, reverse("backoffice:invoice", args=[issued.pk]), toast=toast)


def _issue(request: PersonRequest, kind: Invoice.Kind) -> Invoice:
    actor, form = at_own_desk(request), request.POST
    accounts = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id)
    account = (
        accounts.select_related("buyer", "payment_term")
        .filter(pk=key_of(form.get("account", "")) or 0)
        .first()
    )
    if account is None:
        message = _("Choose a customer.")
        raise Refused("no_customer", message, {"account": message})
    lines, numbers = _lines(request)
    issue = issue_free_credit if kind == Invoice.Kind.CREDIT_NOTE else issue_free_invoice
    try:
        return issue(
            actor=actor,
            account=account,
            lines=lines,
            reason=form.get("reason", ""),
            external_reference=form.get("external_reference", ""),
        )
    except NotAllowed:
        raise
    except Refused as refusal:  # the operation counts the lines that were given, the form also the empty ones
        raise Refused(refusal.code, refusal.message, _at_rows(refusal.fields, numbers)) from None


def _at_rows(fields: dict[str, str], numbers: list[str]) -> dict[str, str]:
    found = {}
    for name, text in fields.items():
        parts = name.split("/")
        if len(parts) == 3 and parts[1].isdigit():
            parts[1] = numbers[int(parts[1])]
        found["/".join(parts)] = text
    return found


def _lines(request: PersonRequest) -> tuple[list[FreeLine], list[str]]:
    """The rows that say something, and their keys in the form."""
    lines, numbers, wrong = [], [], {}
    for key, row in rows_of(request.POST, "lines").items():
        if not (row.get("name", "").strip() or row.get("unit_price", "").strip()):
            continue
        values = {}
        for name in ("quantity", "unit_price"):
            value = number_from(row.get(name, ""))
            if value is None:
                text = row.get(name, "").strip()
                wrong[f"lines/{key}/{name}"] = number_problem(text) if text else _("This is needed.")
            values[name] = value or Decimal(0)
        numbers.append(key)
        lines.append(
            FreeLine(
                name=row.get("name", "").strip(),
                quantity=values["quantity"],
                unit_price=values["unit_price"],
                unit=row.get("unit", "C62"),
                tax_category=row.get("tax_category", "standard"),
            )
        )
    if wrong:
        raise Refused("lines_wrong", _("Some lines cannot be taken as they are."), wrong)
    return lines, numbers


def _values(request: PersonRequest, kind: Invoice.Kind) -> dict[str, Any]:
    actor = at_own_desk(request)
    own = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id)
    accounts = own.active().select_related("buyer")
    named = [
        (one.pk, f"{one.buyer}, {one.customer_number} ({one.buyer.currency})")
        for one in accounts.order_by("buyer__legal_name")
    ]
    rows = list(rows_of(request.POST, "lines").items())
    taken = {key for key, _row in rows}
    spare = (str(n) for n in range(len(rows) + EMPTY_ROWS) if str(n) not in taken)
    while len(rows) < EMPTY_ROWS:
        rows.append((next(spare), {"quantity": "1"}))
    return {
        "kind": kind,
        "is_credit": kind == Invoice.Kind.CREDIT_NOTE,
        "accounts": [("", _("Choose a customer")), *named],
        "typed": request.POST,
        "account": request.POST.get("account", request.GET.get("account", "")),
        "rows": rows,
        "units": units.choices(),
        "taxes": tax_categories(),
    }


urlpatterns = [path("invoices/new/", invoice_new, name="invoice_new")]
