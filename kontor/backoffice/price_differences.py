"""What changes between two days: the prices of a list, or all that a customer pays."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.backoffice.named_customer import customer_named
from kontor.backoffice.seat import at_own_desk
from kontor.companies.models import CustomerAccount
from kontor.kernel import clock
from kontor.pricing.comparing import Between, differences
from kontor.pricing.models import PriceList
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import chain_for, chain_of, price_lists_of
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.dates import as_moment_field, moment_from
from kontor.web.identity import PersonRequest
from kontor.web.pages import page
from kontor.web.spreadsheets import MOST_ROWS, plain, spreadsheet

PAGE = "backoffice/price_rounds/differences.html"
SHOWN = 200
AHEAD = timedelta(days=30)


@needs(EDIT_PRICES)
@require_GET
def price_differences(request: PersonRequest) -> HttpResponse:
    """GET /office/price-lists/compare/?list=7&a=2026-01-01&b=2026-04-01 (or customer=1001) -> what changes."""
    between, values = _asked(request)
    rows = list(differences(between, most=SHOWN + 1)) if between else []
    about = urlencoded(request)
    return page(
        request, PAGE, **values, rows=rows[:SHOWN], more=len(rows) > SHOWN, asked=bool(between), about=about
    )


def urlencoded(request: PersonRequest) -> str:
    """The question as the file's address repeats it."""
    return request.GET.urlencode()


def _asked(request: PersonRequest) -> tuple[Between | None, dict[str, Any]]:
    actor, asked = at_own_desk(request), request.GET
    problems: dict[str, str] = {}
    lists = list(price_lists_of(actor).filter(seller_id=actor.company_id))
    now = clock.now()
    a, b = (
        _moment(asked.get("a", ""), now, "a", problems),
        _moment(asked.get("b", ""), now + AHEAD, "b", problems),
    )
    if b <= a and not problems:
        problems["b"] = _("Choose a later moment than the first.")
    named = asked.get("customer", "").strip()[:200].replace("\x00", "")
    account = customer_named(actor, named)
    if named and account is None:
        problems["customer"] = _("No customer, or more than one, is called so.")
    chosen = next((one for one in lists if one.pk == key_of(asked.get("list", ""))), None)
    values = {
        "lists": [("", "–"), *((one.pk, f"{one.name} ({one.currency})") for one in lists)],
        "chosen": chosen.pk if chosen else "",
        "customer": account.customer_number if account else named,
        "a": as_moment_field(a),
        "b": as_moment_field(b),
        "problems": problems,
    }
    if problems or (chosen is None and account is None):
        return None, values
    before, after = (_chain(account, chosen, at) for at in (a, b))
    return Between(seller_id=actor.company_id or 0, before=before, after=after, a=a, b=b), values


def _chain(account: CustomerAccount | None, chosen: PriceList | None, at: datetime) -> str:
    if account is not None:
        return chain_for(account.buyer_id, at)
    return chain_of([chosen.pk], at) if chosen else ""


def _moment(text: str, otherwise: datetime, name: str, problems: dict[str, str]) -> datetime:
    try:
        return moment_from(text.replace("\x00", "")) or otherwise
    except ValueError:
        problems[name] = _("Write days as 2026-11-22 or 2026-11-22 14:00.")
        return otherwise


@needs(EDIT_PRICES)
@require_GET
def price_differences_csv(request: PersonRequest) -> HttpResponseBase:
    """GET /office/price-lists/compare.csv?… -> every price that changes."""
    between, _values = _asked(request)
    rows = differences(between, most=MOST_ROWS) if between else iter(())
    columns = ["sku", "name", "from_quantity", "unit", "before", "before_per", "before_currency", "after"]
    cells = ([plain(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in rows)
    return spreadsheet("price-differences", [*columns, "after_per", "after_currency"], cells)


urlpatterns = [
    path("price-lists/compare/", price_differences, name="price_differences"),
    path("price-lists/compare.csv", price_differences_csv, name="price_differences_csv"),
]
