"""The price list of one customer, as the seller hands it over: on paper, or as a file for spreadsheets."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from kontor.backoffice.papers import pdf_answer
from kontor.backoffice.seat import at_own_desk
from kontor.companies.models import CustomerAccount
from kontor.orders.price_paper import price_list_pdf
from kontor.pricing.permissions import EDIT_PRICES
from kontor.publishing.pricefiles import FORMS, PriceFile, write_prices
from kontor.search.queries import viewer_for
from kontor.web.access import needs
from kontor.web.identity import PersonRequest


def _account(request: PersonRequest, account_id: int) -> CustomerAccount:
    actor = at_own_desk(request)
    own = CustomerAccount.objects.visible_to(actor).filter(
        seller_id=actor.company_id, status=CustomerAccount.Status.ACTIVE
    )
    return get_object_or_404(own.select_related("seller", "buyer"), pk=account_id)


@needs(EDIT_PRICES)
@require_GET
def customer_prices_pdf(request: PersonRequest, account_id: int) -> HttpResponse:
    """GET /office/customers/7/prices.pdf -> what the customer may buy at which prices, on the seller's paper."""
    account = _account(request, account_id)
    content = price_list_pdf(account, (get_language() or "en").partition("-")[0])
    return pdf_answer(content, f"prices-{account.customer_number}")


@needs(EDIT_PRICES)
@require_GET
def customer_prices_xlsx(request: PersonRequest, account_id: int) -> HttpResponseBase:
    """GET /office/customers/7/prices.xlsx -> the same with all breaks, sent while it is read."""
    account, form = _account(request, account_id), FORMS["xlsx"]
    file = PriceFile(form=form.key, viewer=viewer_for(account.buyer_id), seller_id=account.seller_id)
    response = StreamingHttpResponse(write_prices(file), content_type=form.media_type)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="prices-{account.customer_number}.{form.ending}"'
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("customers/<int:account_id>/prices.pdf", customer_prices_pdf, name="customer_prices_pdf"),
    path("customers/<int:account_id>/prices.xlsx", customer_prices_xlsx, name="customer_prices_xlsx"),
]
