"""The company's price file: what it may order, at its own prices; now, or every night for its own programs."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kontor.companies.models import CustomerAccount
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.price_paper import price_list_pdf
from kontor.publishing.models import Schedule
from kontor.publishing.operations.schedules import ScheduleFacts, forget_schedule, save_schedule
from kontor.publishing.permissions import MAKE_PRICE_FILES
from kontor.publishing.pricefiles import FORMS, PriceFile, write_prices
from kontor.search.queries import viewer_for
from kontor.storefront.company import company_of, company_tabs
from kontor.storefront.papers import pdf_answer, reading_language
from kontor.web.access import needs, signed_in
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "storefront/company/price_file.html"
NIGHTLY = "0 3 * * *"


@signed_in
@require_GET
def price_file(request: PersonRequest) -> HttpResponse:
    """GET /company/price-file/ -> download it, or have it made every night."""
    return page(request, PAGE, **_values(request))


def _nightly(request: PersonRequest) -> Schedule | None:
    if request.actor.acting_for_id is not None:
        return None
    return Schedule.objects.visible_to(request.actor).filter(kind=Schedule.Kind.PRICES).first()


def _values(request: PersonRequest) -> dict[str, Any]:
    actor, nightly = request.actor, _nightly(request)
    return {
        "own": company_of(actor),
        "tabs": company_tabs(actor, "price_file"),
        "forms": [(one.key, one.name) for one in FORMS.values()],
        "papers": [
            {"label": str(one.seller), "url": reverse("storefront:price_list_paper", args=[one.pk])}
            for one in _accounts(request).select_related("seller").order_by("pk")
        ],
        "nightly": nightly,
        "last": nightly.runs.order_by("-id").first() if nightly else None,
        "address": f"{settings.SITE_URL}/api/v1/price-file?form={nightly.options['form'] if nightly else 'csv'}",
        "may_change": actor.acting_for_id is None and actor.may(MAKE_PRICE_FILES),
    }


@signed_in
@require_GET
def price_file_download(request: PersonRequest) -> HttpResponseBase:
    """GET /company/price-file/download?form=csv -> the file, sent while it is read."""
    form = FORMS.get(request.GET.get("form", ""), FORMS["csv"])
    actor = request.actor
    seller_id = actor.company_id if actor.acting_for_id else None
    file = PriceFile(form=form.key, viewer=viewer_for(actor.buying_company_id or 0), seller_id=seller_id)
    response = StreamingHttpResponse(write_prices(file), content_type=form.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="prices.{form.ending}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@signed_in
@require_GET
def price_list_paper(request: PersonRequest, account_id: int) -> HttpResponse:
    """GET /company/price-file/7.pdf -> the price list of one seller, on its paper."""
    account = get_object_or_404(_accounts(request).select_related("seller", "buyer"), pk=account_id)
    return pdf_answer(price_list_pdf(account, reading_language()), f"prices-{account.customer_number}")


def _accounts(request: PersonRequest) -> QuerySet[CustomerAccount]:
    """The buying company's accounts that prices come from; those of one seller while its person works for the buyer."""
    actor = request.actor
    own = CustomerAccount.objects.visible_to(actor).filter(
        buyer_id=actor.buying_company_id, status=CustomerAccount.Status.ACTIVE
    )
    return own.filter(seller_id=actor.company_id) if actor.acting_for_id else own


@needs(MAKE_PRICE_FILES)
@require_POST
def price_file_nightly(request: PersonRequest) -> HttpResponse:
    """POST /company/price-file/nightly/ form=csv -> made every night from now on; with `stop` no more."""
    actor, nightly = request.actor, _nightly(request)
    try:
        if actor.acting_for_id is not None:
            raise NotAllowed("not_allowed", _("The customer decides that for itself."))
        if "stop" in request.POST:
            if nightly is not None:
                forget_schedule(actor=actor, schedule=nightly)
            message = _("No file is made at night any more.")
        else:
            facts = ScheduleFacts(
                name=_("Price file"), times=NIGHTLY, options={"form": request.POST.get("form", "")}
            )
            save_schedule(actor=actor, facts=facts, schedule=nightly, kind=Schedule.Kind.PRICES)
            message = _("From tonight a file is made every night.")
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, **_values(request))
    return leave_to(request, reverse("storefront:price_file"), toast=Toast(message=message))


urlpatterns = [
    path("company/price-file/", price_file, name="price_file"),
    path("company/price-file/download", price_file_download, name="price_file_download"),
    path("company/price-file/<int:account_id>.pdf", price_list_paper, name="price_list_paper"),
    path("company/price-file/nightly/", price_file_nightly, name="price_file_nightly"),
]
