"""VAT ids of customers and what the registry said about them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kontor.backoffice.seat import at_own_desk
from kontor.companies.models import Company, CustomerAccount
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.taxes.models import Certificate, Prices, PricesShown, VatCheck
from kontor.taxes.operations import HandProof, ask_registry, keep_proof_by_hand, show_prices
from kontor.taxes.permissions import MANAGE_TAXES
from kontor.taxes.queries import policy_of, standings
from kontor.taxes.registry import registry
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.pages import leave_to, page, refused
from kontor.web.taxes import CHECK_KINDS, standing_words
from kontor.web.toasts import Toast

LIST = "backoffice/taxes/vat_ids.html"
ONE = "backoffice/taxes/vat_id.html"


@needs(MANAGE_TAXES)
@require_GET
def vat_ids(request: PersonRequest) -> HttpResponse:
    """GET /office/taxes/vat-ids/?q=&country= -> the active customers with their VAT ids and how these stand."""
    actor = at_own_desk(request)
    found = CustomerAccount.objects.visible_to(actor).filter(
        seller_id=actor.company_id, status=CustomerAccount.Status.ACTIVE
    )
    words = request.GET.get("q", "").strip().replace("\x00", "")[:100]
    if words:
        found = found.filter(buyer__legal_name__icontains=words) | found.filter(customer_number=words)
    home = Company.objects.get(pk=actor.company_id or 0).country
    if request.GET.get("abroad"):
        found = found.exclude(buyer__country=home)
    rows, pager = page_of(request, found.select_related("buyer"), ["customer_number", "id"])
    accounts: list[CustomerAccount] = list(rows)
    known = standings(actor.company_id or 0, [one.buyer for one in accounts])
    return page(
        request,
        LIST,
        block="listing",
        rows=[(one, known[one.buyer_id], *standing_words(known[one.buyer_id])) for one in accounts],
        home=home,
        pager=pager,
        q=words,
        abroad=request.GET.get("abroad", ""),
    )


@needs(MANAGE_TAXES)
@require_http_methods(["GET", "POST"])
def vat_id(request: PersonRequest, account_id: int) -> HttpResponse:
    """GET /office/taxes/vat-ids/7/ -> the proofs of a customer; POST -> ask the registry; reference -> by
    hand; prices -> how they are shown to it."""
    actor = at_own_desk(request)
    accounts = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id)
    account = get_object_or_404(accounts.select_related("buyer", "seller"), pk=account_id)
    if request.method == "GET":
        return page(request, ONE, **_values(request, account))
    form = request.POST
    try:
        if "reference" in form:
            proof = HandProof(
                is_valid=form.get("outcome") == VatCheck.Outcome.VALID,
                reference=form.get("reference", ""),
                name=form.get("name", ""),
                address=form.get("address", ""),
            )
            keep_proof_by_hand(actor=actor, account=account, proof=proof)
            toast = Toast(message=_("The proof is kept."))
        elif "prices" in form:
            show_prices(actor=actor, account=account, prices=form.get("prices", ""))
            toast = Toast(message=_("Saved. The customer sees it on the next page."))
        else:
            ask_registry(actor=actor, account=account)
            toast = Toast(message=_("The registry is being asked."), told=_("Reload the page in a moment."))
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, ONE, refusal, **_values(request, account))
    return leave_to(request, reverse("backoffice:vat_id", args=[account.pk]), toast=toast)


def _values(request: PersonRequest, account: CustomerAccount) -> dict[str, Any]:
    buyer, actor = account.buyer, at_own_desk(request)
    standing = standings(account.seller_id, [buyer])[buyer.pk]
    between = {"seller_id": account.seller_id, "buyer_id": account.buyer_id}
    return {
        "account": account,
        "buyer": buyer,
        "words": standing_words(standing),
        "policy": policy_of(account.seller_id),
        "asks": registry() is not None and standing.code != "no_id",
        "has_id": standing.code != "no_id",
        "checks": list(VatCheck.objects.visible_to(actor).filter(**between)[:50]),
        "check_kinds": CHECK_KINDS,
        "certificates": list(Certificate.objects.visible_to(actor).filter(**between)[:50]),
        "prices": PricesShown.objects.filter(account=account).values_list("prices", flat=True).first() or "",
        "ways": [("", _("As to everybody")), *Prices.choices],
        "typed": request.POST,
    }


urlpatterns = [
    path("taxes/vat-ids/", vat_ids, name="vat_ids"),
    path("taxes/vat-ids/<int:account_id>/", vat_id, name="vat_id"),
]
