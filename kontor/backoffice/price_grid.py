"""The prices of a list as a spreadsheet: an article per row, a quantity per column, figures or formulas in cells."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kontor.backoffice.grid_cells import Place, Standing, Typed, columns_in, read_cells, typed_texts
from kontor.backoffice.margin_marks import marks_for
from kontor.backoffice.price_lists import list_of
from kontor.backoffice.price_rounds import round_address
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Product
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.floors import known_costs
from kontor.pricing.held import is_held
from kontor.pricing.models import Price, PriceList
from kontor.pricing.operations import put_into_round, remove_prices, save_round, set_prices
from kontor.pricing.permissions import EDIT_PRICES, SEE_COSTS
from kontor.pricing.queries import Wanted, chain_of, resolve
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import number
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/price_rounds/grid.html"
MOST_COLUMNS = 8
ORDER = ["sku", "id"]


class Seen(NamedTuple):
    """A page of the grid: whose list, who looks, the articles and what stands in their cells."""

    found: PriceList
    actor: Actor
    rows: Sequence[Product]
    standing: Standing


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def price_grid(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """GET /office/price-lists/7/grid/?q=&all= -> the grid; POST cells/<id>/c0 … do=save|round|show -> all or none."""
    found, actor = list_of(request, price_list_id), at_own_desk(request)
    rows, pager = page_of(request, _articles(request, actor, found), ORDER, size=40)
    standing = _standing(found, actor, rows, columns_in(request.POST))
    seen = Seen(found, actor, rows, standing)
    if request.method == "GET":
        return page(request, PAGE, block="grid", pager=pager, **_values(request, seen))
    typed = read_cells(request.POST, standing)
    shown = request.POST.get("do") == "show" and not typed.wrong
    try:
        if shown:
            return page(request, PAGE, block="grid", pager=pager, **_values(request, seen, typed))
        return _done(request, actor, found, typed)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, block="grid", pager=pager, **_values(request, seen))


def _articles(request: PersonRequest, actor: Actor, found: PriceList) -> QuerySet[Product]:
    own = Product.objects.visible_to(actor).filter(seller_id=found.seller_id).exclude(kind=Product.Kind.MODEL)
    if not request.GET.get("all"):
        own = own.filter(Exists(Price.objects.filter(price_list=found, product=OuterRef("pk"))))
    for word in request.GET.get("q", "").replace("\x00", "")[:100].split()[:8]:
        own = own.filter(Q(sku__icontains=word) | Q(name__icontains=word))
    return own


def _standing(
    found: PriceList, actor: Actor, rows: Sequence[Product], typed: Sequence[Decimal | None]
) -> Standing:
    """What the grid shows of these articles: the prices without dates and units, list prices, costs."""
    keys = [one.pk for one in rows]
    kept = Price.objects.filter(price_list=found, product__in=keys, unit="", valid_from=None)
    prices: dict[Place, Price] = {}
    bases = dict.fromkeys(keys, Decimal(1))
    for price in kept.order_by("product", "-min_quantity"):
        prices[price.product_id, price.min_quantity] = price
        bases[price.product_id] = price.price_base
    quantities = sorted({least for _key, least in prices} | {Decimal(1)})[:MOST_COLUMNS]
    known = known_costs(keys, None, found.currency) if actor.may(SEE_COSTS) else {}
    return Standing(
        currency=found.currency,
        quantities=quantities,
        prices=prices,
        bases=bases,
        list_prices=_each(_reference(actor, found), keys, {*quantities, *(one for one in typed if one)}),
        costs={key: one.cost for key, one in known.items() if one.cost is not None},
    )


def _reference(actor: Actor, found: PriceList) -> PriceList | None:
    """What a formula calls the list: what this one derives from, else the public list in its currency."""
    if found.basis is not None:
        return found.basis
    own = PriceList.objects.visible_to(actor).filter(seller_id=found.seller_id)
    public = own.filter(is_public=True, currency=found.currency)
    return public.exclude(pk=found.pk).first()


def _each(
    asked: PriceList | None, keys: Sequence[int], quantities: Collection[Decimal]
) -> dict[Place, Decimal]:
    """What a list asks for a base unit at each of these places."""
    if asked is None:
        return {}
    places = [(key, quantity) for key in keys for quantity in quantities]
    prices = resolve(chain_of([asked.pk]), [Wanted(*place) for place in places])
    return {
        place: price.amount / price.price_base
        for place, price in zip(places, prices, strict=True)
        if price is not None
    }


def _values(request: PersonRequest, page_seen: Seen, typed: Typed | None = None) -> dict[str, Any]:
    found, actor, rows, standing = page_seen
    texts = typed_texts(request.POST) | (typed.worked_out if typed else {})
    derived = _each(found, [one.pk for one in rows], standing.quantities) if found.basis else {}
    prices = [(one.pk, _first(standing, one.pk)) for one in rows]
    columns = request.POST.getlist("columns")
    return {
        "found": found,
        "held": is_held(actor, found.seller_id),
        "standing": standing,
        "columns": list(enumerate(standing.quantities)),
        "new_quantity": columns[-1] if len(columns) > len(standing.quantities) else "",
        "rows": list(zip(rows, marks_for(actor, prices, found.currency), strict=True)),
        "texts": texts,
        "derived": {place: round(each * standing.bases[place[0]], 6) for place, each in derived.items()},
        "words": request.GET.get("q", ""),
        "all": request.GET.get("all", ""),
        "name": request.POST.get("name", ""),
        "sees_costs": actor.may(SEE_COSTS),
        "worked_out": bool(typed),
    }


def _first(standing: Standing, key: int) -> Decimal | None:
    for quantity in standing.quantities:
        amount = standing.amount((key, quantity))
        if amount is not None:
            return amount / standing.bases[key]
    return None


@transaction.atomic
def _done(request: PersonRequest, actor: Actor, found: PriceList, typed: Typed) -> HttpResponse:
    """Write what was typed, or put it into a new price round. All or none, what is wrong at its cell."""
    into_round = request.POST.get("do") == "round"
    if into_round:
        message = _("A price round cannot remove prices. Remove them in the price list.")
        typed.wrong |= {name: message for name, _price in typed.gone}
    if typed.wrong:
        raise Refused("wrong_prices", _("Some prices cannot be taken. Nothing was saved."), typed.wrong)
    rows = [one.row for one in typed.targets]
    try:
        if into_round:
            name = request.POST.get("name", "").strip() or _("Prices of %(list)s") % {"list": found.name[:80]}
            begun = save_round(actor=actor, name=name, starts_at=None)
            put_into_round(actor=actor, price_round=begun, price_list=found, rows=rows)
            toast = Toast(message=_("The prices are in the round. Say when it begins."))
            return leave_to(request, round_address(begun), toast=toast)
        gone = [price for _name, price in typed.gone]
        changed = set_prices(actor=actor, price_list=found, rows=rows)
        changed += remove_prices(actor=actor, price_list=found, price_ids=gone) if gone else 0
    except NotAllowed:
        raise
    except Refused as refusal:
        raise _at_cells(refusal, typed) from None
    message = ngettext("%(n)s price is changed.", "%(n)s prices are changed.", changed)
    if not changed:
        message = _("Every price is as it was.")
    return leave_to(request, request.get_full_path(), toast=Toast(message=message % {"n": number(changed)}))


def _at_cells(refusal: Refused, typed: Typed) -> Refused:
    """What an operation says of its rows, said of the cells."""
    fields = {}
    for name, sentence in refusal.fields.items():
        place = name.split("/")
        cell = typed.targets[int(place[1])].name if place[0] == "rows" and len(place) == 3 else name
        fields[cell] = sentence
    return Refused(refusal.code, refusal.message, fields)


urlpatterns = [path("price-lists/<int:price_list_id>/grid/", price_grid, name="price_grid")]
