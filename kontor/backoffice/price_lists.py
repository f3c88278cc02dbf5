"""Price lists: who has which, and the prices in one, changed in place or pasted from a spreadsheet."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.price_rows import WrongLine, read_prices
from kontor.backoffice.seat import at_own_desk
from kontor.companies.models import CustomerAccount
from kontor.companies.permissions import ACCEPT_CUSTOMERS
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import Price, PriceList
from kontor.pricing.operations import (
    PriceListFacts,
    PriceRow,
    delete_price_list,
    remove_prices,
    save_price_list,
    set_prices,
)
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import price_lists_of, prices_of
from kontor.pricing.rules import is_price_quantity, is_unit_price
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import as_input, decimal_sign, machine, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.spreadsheets import MOST_ROWS, spreadsheet
from kontor.web.toasts import Toast

LISTS = "backoffice/price_lists/list.html"
ONE = "backoffice/price_lists/price_list.html"
SHOWN_WRONG = 20
SHOWN_CUSTOMERS = 50
ORDER = ["product__sku", "min_quantity", "id"]


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def price_lists(request: PersonRequest) -> HttpResponse:
    """GET /office/price-lists/ -> the seller's lists; POST name, currency, is_public -> a new one."""
    actor = at_own_desk(request)
    if request.method == "POST":
        try:
            saved = save_price_list(actor=actor, facts=_facts(request))
        except NotAllowed:
            raise
        except Refused as refusal:
            return refused(request, LISTS, refusal, lists=list(price_lists_of(actor)), typed=request.POST)
        toast = Toast(message=_("The price list %(name)s is ready for prices.") % {"name": saved.name})
        return leave_to(request, _address(saved), toast=toast)
    return page(request, LISTS, lists=list(price_lists_of(actor)), typed={})


def _facts(request: PersonRequest, currency: str = "") -> PriceListFacts:
    form = request.POST
    return PriceListFacts(
        name=form.get("name", ""),
        currency=currency or form.get("currency", "").strip().upper(),
        is_public=bool(form.get("is_public")),
    )


def _list_of(request: PersonRequest, price_list_id: int) -> PriceList:
    return get_object_or_404(PriceList.objects.visible_to(at_own_desk(request)), pk=price_list_id)


def _address(found: PriceList) -> str:
    return reverse("backoffice:price_list", args=[found.pk])


@needs(EDIT_PRICES)
@require_GET
def price_list(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """GET /office/price-lists/7/?q= -> its prices by article, and who buys at them."""
    return page(request, ONE, block="grid", **_values(request, _list_of(request, price_list_id)))


def _values(request: PersonRequest, found: PriceList) -> dict[str, Any]:
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    rows, pager = page_of(request, prices_of(found, search=words), ORDER)
    customers = (
        CustomerAccount.objects.visible_to(at_own_desk(request))
        .filter(pk__in=found.assignments.values("scope__account_id"), seller_id=found.seller_id)
        .select_related("buyer")
    )
    return {
        "found": found,
        "rows": [(row, _as_price(row.amount)) for row in rows],
        "pager": pager,
        "words": words,
        "total": found.prices.count(),
        "typed_rows": rows_of(request.POST, "prices"),
        "typed": request.POST,
        "wrong": [],
        "customers": list(customers.order_by("buyer__legal_name")[:SHOWN_CUSTOMERS]),
        "customer_count": customers.count(),
        "may_see_customers": at_own_desk(request).may(ACCEPT_CUSTOMERS),
    }


def _as_price(amount: Decimal | None) -> str:
    """A price as the value of an input: two decimals at least, no needless ones behind them; on request: none."""
    if amount is None:
        return ""
    text = machine(amount)
    return (
        f"{amount:.2f}".replace(".", decimal_sign()) if len(text.partition(".")[2]) < 2 else as_input(amount)
    )


@needs(EDIT_PRICES)
@require_POST
def prices_change(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """POST /office/price-lists/7/prices/ prices/<id>/amount … -> changed; with `remove` the selected ones are gone."""
    found, actor = _list_of(request, price_list_id), at_own_desk(request)
    if "remove" in request.POST:
        keys = [key for text in request.POST.getlist("selected") if (key := key_of(text))]
        gone = remove_prices(actor=actor, price_list=found, price_ids=keys)
        message = ngettext("%(n)s price is removed.", "%(n)s prices are removed.", gone) % {"n": gone}
        if not keys:
            message = _("Tick the prices to remove first.")
        toast = Toast(message=message, kind="good" if gone else "warning")
        return leave_to(request, _address(found), toast=toast)
    try:
        changed = set_prices(actor=actor, price_list=found, rows=_changed(request, found))
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, ONE, refusal, block="grid", **_values(request, found))
    return leave_to(request, _address(found), toast=_changed_toast(changed))


def _changed_toast(changed: int) -> Toast:
    if not changed:
        return Toast(message=_("Every price is as it was."))
    message = ngettext("%(n)s price is changed.", "%(n)s prices are changed.", changed) % {"n": changed}
    return Toast(message=message, told=_("It counts from now on; orders that were placed keep theirs."))


def _changed(request: PersonRequest, found: PriceList) -> list[PriceRow]:
    """The rows whose figures were typed anew, as prices."""
    typed = rows_of(request.POST, "prices")
    keys = [key for text in typed if (key := key_of(text))]
    kept = {price.pk: price for price in Price.objects.filter(price_list=found, pk__in=keys)}
    rows, wrong = [], {}
    for key, price in kept.items():
        values: dict[str, Any] = {}
        for name in ("amount", "price_base"):
            text = typed[str(key)].get(name, "").strip()
            value = number_from(text) if text else None
            if value is None:
                wrong[f"prices/{key}/{name}"] = number_problem(text) if text else _("This is needed.")
            else:
                values[name] = value
        if len(values) == 2 and (values["amount"], values["price_base"]) != (price.amount, price.price_base):
            about: dict[str, Any] = {"min_quantity": price.min_quantity, "unit": price.unit}
            when: dict[str, Any] = {"valid_from": price.valid_from, "valid_until": price.valid_until}
            rows.append(PriceRow(price.product_id, **values, **about, **when))
            wrong |= _figures_wrong(key, values)
    if wrong:
        raise Refused("wrong_prices", _("Some prices cannot be taken. Nothing was saved."), wrong)
    return rows


def _figures_wrong(key: int, values: dict[str, Decimal]) -> dict[str, str]:
    wrong = {}
    if not is_unit_price(values["amount"]):
        wrong[f"prices/{key}/amount"] = _("Enter a price of 0 or more with at most six decimals.")
    if not is_price_quantity(values["price_base"]):
        wrong[f"prices/{key}/price_base"] = _("Enter the quantity that the price is for, above 0.")
    return wrong


@needs(EDIT_PRICES)
@require_POST
def prices_paste(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """POST /office/price-lists/7/paste/ rows, replace -> all rows in the list, or none and what is wrong."""
    found, actor = _list_of(request, price_list_id), at_own_desk(request)
    rows, wrong = read_prices(request.POST.get("rows", "").replace("\x00", ""), actor)
    try:
        if wrong or not rows:
            raise _not_taken(wrong)
        changed = set_prices(
            actor=actor, price_list=found, rows=rows, replace=bool(request.POST.get("replace"))
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        values = _values(request, found) | {"wrong": wrong[:SHOWN_WRONG], "wrong_count": len(wrong)}
        return refused(request, ONE, refusal, block="grid", **values)
    return leave_to(request, _address(found), toast=_changed_toast(changed))


def _not_taken(wrong: list[WrongLine]) -> Refused:
    if not wrong:
        message = _("Paste at least one line.")
    else:
        message = ngettext(
            "%(n)s line cannot be taken. Nothing was saved.",
            "%(n)s lines cannot be taken. Nothing was saved.",
            len(wrong),
        ) % {"n": len(wrong)}
    return Refused("wrong_lines", message, {"rows": message})


@needs(EDIT_PRICES)
@require_POST
def price_list_save(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """POST /office/price-lists/7/save/ name, is_public -> renamed, public or not."""
    found = _list_of(request, price_list_id)
    try:
        save_price_list(actor=at_own_desk(request), facts=_facts(request, found.currency), price_list=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        found.refresh_from_db()
        return refused(request, ONE, refusal, block="grid", **_values(request, found))
    return leave_to(request, _address(found), toast=Toast(message=_("The price list is saved.")))


@needs(EDIT_PRICES)
@require_POST
def price_list_delete(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """POST /office/price-lists/7/delete/ -> gone with its prices, while nobody has it."""
    found = _list_of(request, price_list_id)
    name = found.name
    delete_price_list(actor=at_own_desk(request), price_list=found)
    toast = Toast(message=_("The price list %(name)s is deleted.") % {"name": name})
    return leave_to(request, reverse("backoffice:price_lists"), toast=toast)


@needs(EDIT_PRICES)
@require_GET
def price_list_csv(request: PersonRequest, price_list_id: int) -> HttpResponseBase:
    """GET /office/price-lists/7.csv -> its prices in the columns in which they can be pasted back."""
    found = _list_of(request, price_list_id)
    rows = prices_of(found).order_by(*ORDER)[:MOST_ROWS].iterator(2000)
    columns = ["sku", "from_quantity", "price", "per", "name", "currency"]
    cells = (
        [one.product.sku, one.min_quantity, one.amount, one.price_base, one.product.name, found.currency]
        for one in rows
    )
    return spreadsheet(f"prices-{found.code}", columns, cells)


urlpatterns = [
    path("price-lists/", price_lists, name="price_lists"),
    path("price-lists/<int:price_list_id>/", price_list, name="price_list"),
    path("price-lists/<int:price_list_id>.csv", price_list_csv, name="price_list_csv"),
    path("price-lists/<int:price_list_id>/prices/", prices_change, name="prices_change"),
    path("price-lists/<int:price_list_id>/paste/", prices_paste, name="prices_paste"),
    path("price-lists/<int:price_list_id>/save/", price_list_save, name="price_list_save"),
    path("price-lists/<int:price_list_id>/delete/", price_list_delete, name="price_list_delete"),
]
