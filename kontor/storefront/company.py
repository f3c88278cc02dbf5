"""A company's own data, its accounts at sellers, its address book."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.companies.models import Address, Company, CustomerAccount, Membership
from kontor.companies.operations import (
    ACCENTS,
    AddressFacts,
    CompanyChanges,
    add_address,
    archive_address,
    change_address,
    change_company,
    facts_of,
    request_account,
    set_billing_address,
    set_default_delivery,
)
from kontor.companies.permissions import MANAGE_COMPANY, MANAGE_KEYS
from kontor.companies.queries import accounts_of
from kontor.kernel.actors import Actor
from kontor.kernel.capabilities import Capability
from kontor.kernel.refusal import Refused
from kontor.rebates.permissions import SEE_REBATES
from kontor.storefront.options import languages, timezones
from kontor.storefront.trails import ADDRESSES, company_trail
from kontor.web.access import needs, signed_in
from kontor.web.identity import PersonRequest
from kontor.web.names import countries, country_name
from kontor.web.pages import leave_to, page, refused
from kontor.web.shell import NavItem
from kontor.web.toasts import Toast

COMPANY = "storefront/company/company.html"
ADDRESS = "storefront/company/address.html"
TEXTS = (
    "legal_name", "trade_name", "vat_id", "registration_number", "phone", "website", "language", "timezone",
    "invoice_by", "invoice_email",
)  # fmt: skip
STORE_TEXTS = ("accent", "bank_name", "bank_iban", "bank_bic")
ADDRESS_FIELDS = (
    "label", "recipient", "attention", "street", "street2", "postal_code", "city", "region", "country", "phone",
)  # fmt: skip
ACCOUNT_KINDS = {"requested": "waiting", "active": "done", "declined": "bad", "blocked": "bad"}


def may_manage(actor: Actor, capability: Capability) -> bool:
    """Whether the actor may change this of the company on the page; never that of a customer."""
    return actor.may(capability) and actor.acting_for_id is None


def company_tabs(actor: Actor, current: str) -> list[NavItem]:
    """The pages about a company, as far as the actor may open them."""
    entries = [
        ("company", _("Company"), True),
        ("addresses", _("Addresses"), True),
        ("taxes", _("Taxes"), True),
        ("part_numbers", _("Our part numbers"), True),
        ("price_file", _("Price file"), True),
        ("rebates", _("Bonuses"), actor.may(SEE_REBATES)),
        ("people", _("People"), True),
        ("keys", _("API keys"), may_manage(actor, MANAGE_KEYS)),
    ]
    return [
        NavItem(label=label, url=reverse(f"storefront:{name}"), current=name == current)
        for name, label, shown in entries
        if shown
    ]


def company_of(actor: Actor) -> Company:
    """The company of the page: the own one, or the customer's while working for it."""
    return get_object_or_404(Company, pk=actor.buying_company_id)


@signed_in
@require_http_methods(["GET", "POST"])
def company(request: PersonRequest) -> HttpResponse:
    """GET /company/ -> its data and its accounts at sellers; POST -> changed data."""
    own = company_of(request.actor)
    if request.method == "POST":
        try:
            changed = change_company(actor=request.actor, changes=_changes(request.POST, own))
        except Refused as refusal:
            if not refusal.fields:
                raise
            return refused(request, COMPANY, refusal, **_company_page(request, own))
        toast = Toast(message=_("The data of %(company)s is saved.") % {"company": changed})
        return leave_to(request, reverse("storefront:company"), toast=toast)
    return page(request, COMPANY, **_company_page(request, own))


def _changes(form: QueryDict, own: Company) -> CompanyChanges:
    facts: dict[str, Any] = {name: form.get(name) for name in TEXTS}
    facts["po_number_required"] = "po_number_required" in form
    if own.is_seller:
        facts |= {name: form.get(name) for name in STORE_TEXTS}
        facts["prices_for_guests"] = "prices_for_guests" in form
    return CompanyChanges(**facts)


def _company_page(request: PersonRequest, own: Company) -> dict[str, Any]:
    actor = request.actor
    names = (*TEXTS, *STORE_TEXTS, "po_number_required", "prices_for_guests")
    typed = request.POST if request.method == "POST" else None
    accounts = accounts_of(own.pk)
    known = {account.seller_id for account in accounts}
    sellers = Company.objects.filter(is_seller=True, status=Company.Status.ACTIVE).exclude(
        pk__in=known | {own.pk}
    )
    return {
        "own": own,
        "values": {name: typed.get(name, "") if typed is not None else getattr(own, name) for name in names},
        "tabs": company_tabs(actor, "company"),
        "may_change": may_manage(actor, MANAGE_COMPANY),
        "country": country_name(own.country),
        "languages": languages(),
        "timezones": timezones(),
        "invoice_by": Company.InvoiceBy.choices,
        "accents": [(name, name.capitalize()) for name in ACCENTS],
        "accounts": accounts if own.is_buyer else [],
        "account_kinds": ACCOUNT_KINDS,
        "reps": _representatives(accounts),
        "sellers": list(sellers.order_by("legal_name")[:20]) if own.is_buyer else [],
        "trail": company_trail(actor),
    }


def _representatives(accounts: list[CustomerAccount]) -> dict[int, Membership]:
    """Who looks after the company at its sellers, by membership."""
    ids = [account.sales_rep_id for account in accounts if account.sales_rep_id]
    return (
        {one.pk: one for one in Membership.objects.filter(pk__in=ids).select_related("user")} if ids else {}
    )


@needs(MANAGE_COMPANY)
@require_POST
def account_request(request: PersonRequest, seller_id: int) -> HttpResponse:
    """POST /company/accounts/7/ -> ask a seller for a customer account."""
    seller = get_object_or_404(Company, pk=seller_id, is_seller=True)
    request_account(actor=request.actor, seller=seller)
    toast = Toast(
        message=_("%(seller)s is asked for an account.") % {"seller": seller},
        told=_("You get a mail with the answer."),
    )
    return leave_to(request, reverse("storefront:company"), toast=toast)


@signed_in
@require_GET
def addresses(request: PersonRequest) -> HttpResponse:
    """GET /company/addresses/ -> the address book."""
    rows = Address.objects.visible_to(request.actor).order_by(
        "-is_billing", "-is_default_delivery", "label", "id"
    )
    return page(
        request,
        "storefront/company/addresses.html",
        own=company_of(request.actor),
        tabs=company_tabs(request.actor, "addresses"),
        addresses=[(row, country_name(row.country)) for row in rows],
        may_change=may_manage(request.actor, MANAGE_COMPANY),
        trail=company_trail(request.actor, ADDRESSES),
    )


def _address_of(request: PersonRequest, address_id: int) -> Address:
    return get_object_or_404(Address.objects.visible_to(request.actor), pk=address_id)


def _typed_address(form: QueryDict) -> AddressFacts:
    return AddressFacts(**{name: form.get(name, "") for name in ADDRESS_FIELDS})


@needs(MANAGE_COMPANY)
@require_http_methods(["GET", "POST"])
def address_new(request: PersonRequest) -> HttpResponse:
    """GET /company/addresses/new/ -> an empty form; POST -> in the book."""
    own = company_of(request.actor)
    empty = dict.fromkeys(ADDRESS_FIELDS, "") | {"recipient": own.legal_name, "country": own.country}
    if request.method == "POST":
        try:
            added = add_address(
                actor=request.actor,
                address=_typed_address(request.POST),
                is_billing="is_billing" in request.POST,
                is_default_delivery="is_default_delivery" in request.POST,
            )
        except Refused as refusal:
            return refused(request, ADDRESS, refusal, **_address_page(request, None, empty))
        toast = Toast(message=_("%(address)s is in the address book.") % {"address": added})
        return leave_to(request, reverse("storefront:addresses"), toast=toast)
    return page(request, ADDRESS, **_address_page(request, None, empty))


@needs(MANAGE_COMPANY)
@require_http_methods(["GET", "POST"])
def address(request: PersonRequest, address_id: int) -> HttpResponse:
    """GET /company/addresses/7/ -> the form; POST -> the changed address in its place, the old one archived."""
    found = _address_of(request, address_id)
    before = {name: getattr(found, name) for name in ADDRESS_FIELDS}
    if request.method == "POST":
        try:
            changed = change_address(actor=request.actor, address=found, changed=_typed_address(request.POST))
        except Refused as refusal:
            if not refusal.fields:
                raise
            return refused(request, ADDRESS, refusal, **_address_page(request, found, before))
        toast = Toast(
            message=_("%(address)s is changed.") % {"address": changed},
            told=_("Orders that were placed keep the address they were placed with."),
        )
        return leave_to(request, reverse("storefront:addresses"), toast=toast)
    return page(request, ADDRESS, **_address_page(request, found, before))


def _address_page(request: PersonRequest, found: Address | None, start: dict[str, str]) -> dict[str, Any]:
    typed = request.POST if request.method == "POST" else None
    names = (*ADDRESS_FIELDS, "is_billing", "is_default_delivery")
    return {
        "address": found,
        "values": {name: typed.get(name, "") if typed is not None else start.get(name, "") for name in names},
        "countries": countries(),
    }


@needs(MANAGE_COMPANY)
@require_POST
def address_archive(request: PersonRequest, address_id: int) -> HttpResponse:
    """POST /company/addresses/7/remove/ -> out of the book; the toast brings it back."""
    removed = archive_address(actor=request.actor, address=_address_of(request, address_id))
    toast = Toast(
        message=_("%(address)s is removed.") % {"address": removed},
        undo_url=reverse("storefront:address_restore", args=[removed.pk]),
    )
    return leave_to(request, reverse("storefront:addresses"), toast=toast)


@needs(MANAGE_COMPANY)
@require_POST
def address_restore(request: PersonRequest, address_id: int) -> HttpResponse:
    """POST /company/addresses/7/restore/ -> a removed address is in the book again."""
    removed = Address.objects.filter(
        company_id=int(request.actor.company_id or 0), is_archived=True, pk=address_id
    ).first()
    if removed is None:
        raise Http404
    add_address(actor=request.actor, address=facts_of(removed))
    toast = Toast(message=_("%(address)s is in the address book.") % {"address": removed})
    return leave_to(request, reverse("storefront:addresses"), toast=toast)


@needs(MANAGE_COMPANY)
@require_POST
def address_billing(request: PersonRequest, address_id: int) -> HttpResponse:
    """POST /company/addresses/7/billing/ -> invoices go there."""
    chosen = set_billing_address(actor=request.actor, address=_address_of(request, address_id))
    toast = Toast(message=_("Invoices go to %(address)s from now on.") % {"address": chosen})
    return leave_to(request, reverse("storefront:addresses"), toast=toast)


@needs(MANAGE_COMPANY)
@require_POST
def address_default(request: PersonRequest, address_id: int) -> HttpResponse:
    """POST /company/addresses/7/default/ -> offered first when ordering."""
    chosen = set_default_delivery(actor=request.actor, address=_address_of(request, address_id))
    toast = Toast(message=_("%(address)s is offered first when somebody orders.") % {"address": chosen})
    return leave_to(request, reverse("storefront:addresses"), toast=toast)


urlpatterns = [
    path("company/", company, name="company"),
    path("company/accounts/<int:seller_id>/", account_request, name="account_request"),
    path("company/addresses/", addresses, name="addresses"),
    path("company/addresses/new/", address_new, name="address_new"),
    path("company/addresses/<int:address_id>/", address, name="address"),
    path("company/addresses/<int:address_id>/remove/", address_archive, name="address_archive"),
    path("company/addresses/<int:address_id>/restore/", address_restore, name="address_restore"),
    path("company/addresses/<int:address_id>/billing/", address_billing, name="address_billing"),
    path("company/addresses/<int:address_id>/default/", address_default, name="address_default"),
]
