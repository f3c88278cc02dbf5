"""The configurator of a product: its options, what is impossible now and why, price and number of what is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from markupsafe import Markup

from kontor.carts.models import CartLine
from kontor.carts.operations import add_configured, change_configuration, change_line, open_cart
from kontor.carts.permissions import EDIT_CARTS, FILL_FOR_CUSTOMERS
from kontor.catalog.models import Configuration, Product
from kontor.catalog.operations import keep_configuration
from kontor.catalog.queries import options_of
from kontor.companies.models import Company
from kontor.goods.option_texts import against, named, problem_text
from kontor.goods.options import CODE, Choice, Group, Options, code_of, impossible, problems_of
from kontor.kernel.refusal import Refused
from kontor.pricing.queries import Break, breaks_of
from kontor.search.queries import ProductDetail, product_detail
from kontor.storefront.listings import may_fill_cart
from kontor.storefront.priced import prices_shown
from kontor.web.access import needs, public
from kontor.web.asked import key_of
from kontor.web.identity import KontorRequest, PersonRequest
from kontor.web.numbers import number, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast
from kontor.web.values import money

PAGE = "storefront/catalog/configure.html"
CONFIGURABLE = Product.Kind.CONFIGURABLE.value


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """A choice as the reader sees it; `why` says why it cannot be taken beside what is chosen."""

    code: str
    name: str
    effect: Markup
    is_taken: bool
    why: str


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group as the reader sees it."""

    code: str
    name: str
    hint: str
    is_single: bool
    is_optional: bool
    choices: list[ShownChoice]


@dataclass(frozen=True, slots=True, kw_only=True)
class Configurator:
    """The form: groups, what is still missing, and what the choices come to. `line` is the cart line to be changed.

    The form is sent as GET while one chooses, so its `token` hangs on the button that puts it into the cart.
    """

    groups: list[ShownGroup]
    missing: list[str]
    sku: str
    price: Break | None
    breaks: list[Break]
    lead_days: int
    kilograms: Decimal | None
    quantity: Decimal
    line: str
    revision: str
    token: str


def configurator_for(
    request: KontorRequest, found: ProductDetail, form: QueryDict | None = None
) -> Configurator | None:
    """The configurator of a configurable product as the form leaves it; at first with what the seller chose."""
    if found.kind != CONFIGURABLE:
        return None
    form = request.GET if form is None else form
    options = options_of([found.product_id]).get(found.product_id, Options())
    chosen = _chosen(form, options)
    language = get_language() or ""
    missing = [problem_text(options, one, language) for one in problems_of(options, chosen)]
    blocked = impossible(options, chosen)
    taken = options.in_order(chosen)
    breaks = breaks_of(request.identity.viewer.chain, [found.product_id], chosen).get(found.product_id, [])
    quantity = number_from(form.get("quantity", "")) or found.units[0].minimum
    reached = [one for one in breaks if one.min_quantity <= quantity * found.units[0].factor]
    grams = (
        None if found.weight_grams is None else found.weight_grams + sum(one.weight_grams for one in taken)
    )
    return Configurator(
        groups=[_group(options, one, chosen, blocked, language) for one in options.groups],
        missing=missing or ([] if options.groups else [_("The seller has not entered the options yet.")]),
        sku="" if missing or not options.groups else Configuration.sku(found.sku, code_of(chosen)),
        price=reached[-1] if reached else next(iter(breaks), None),
        breaks=breaks,
        lead_days=found.lead_days + sum(one.lead_days for one in taken),
        kilograms=None if grams is None else Decimal(grams) / 1000,
        quantity=quantity,
        line=form.get("line", ""),
        revision=form.get("revision", ""),
        token=get_token(request) if may_fill_cart(request) else "",
    )


def _chosen(form: QueryDict, options: Options) -> list[str]:
    """What the form chose: a choice per field ``choice/<group>``; before it was sent the seller's own."""
    if "configured" not in form and "choice" not in form:
        return sorted(options.defaults())
    named_ones = [value for group in options.groups for value in form.getlist(f"choice/{group.code}")]
    codes = dict.fromkeys([*named_ones, *form.getlist("choice")])
    return [one for one in codes if CODE.fullmatch(one)][:200]


def _group(
    options: Options, group: Group, chosen: Sequence[str], blocked: dict[str, list[str]], language: str
) -> ShownGroup:
    return ShownGroup(
        code=group.code,
        name=named(group.name, group.names, language),
        hint=_hint(group),
        is_single=group.most == 1,
        is_optional=group.least == 0,
        choices=[
            ShownChoice(
                code=one.code,
                name=named(one.name, one.names, language),
                effect=effect_text(one),
                is_taken=one.code in chosen,
                why=against(options, group, blocked[one.code], language) if one.code in blocked else "",
            )
            for one in group.choices
        ],
    )


def _hint(group: Group) -> str:
    counts = {"least": group.least, "most": group.most}
    if group.most == 1:
        return _("choose one") if group.least else _("if you like")
    return _("choose %(least)s to %(most)s") % counts if group.least else _("choose up to %(most)s") % counts


def effect_text(one: Choice) -> Markup:
    """What a choice adds to the price: ``+ 45.00 EUR``, ``− 5 %``, or nothing."""
    if not one.percent and not one.amount:
        return Markup("")
    sign = "+" if one.percent + one.amount > 0 else "\N{MINUS SIGN}"
    if one.percent:
        return Markup("{} {} %").format(sign, number(abs(one.percent)))
    return Markup("{} {}").format(sign, money(abs(one.amount), one.currency))


def _product(request: KontorRequest, product_id: int) -> ProductDetail:
    found = product_detail(request.identity.viewer, product_id, actor=request.actor)
    if found is None or found.kind != CONFIGURABLE:
        raise Http404
    return found


def _values(request: KontorRequest, found: ProductDetail, form: QueryDict) -> dict[str, Any]:
    return {
        "product": found,
        "prices": prices_shown(request, [found.product_id]),
        "configurator": configurator_for(request, found, form),
        "may_configure": may_fill_cart(request) and found.status == "active",
    }


@public
@require_GET
def configure(request: KontorRequest, product_id: int) -> HttpResponse:
    """GET /configure/7/?choice=OAK -> what may be chosen beside it, what it costs, which number it has."""
    found = _product(request, product_id)
    return page(request, PAGE, block="configurator", **_values(request, found, request.GET))


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def configured_add(request: PersonRequest, product_id: int) -> HttpResponse:
    """POST /configure/7/cart/ choice, quantity, unit -> in the cart; with a line: that line is configured so."""
    found = _product(request, product_id)
    options = options_of([product_id]).get(product_id, Options())
    try:
        configuration = keep_configuration(product_id=product_id, chosen=_chosen(request.POST, options))
        line = _put(request, found, configuration)
    except Refused as refusal:
        values = _values(request, found, request.POST)
        return refused(request, PAGE, refusal, block="configurator", **values)
    toast = Toast(message=_("%(name)s is in the cart.") % {"name": found.name})
    return leave_to(request, reverse("storefront:cart_detail", args=[line.cart_id]), toast=toast)


def _put(request: PersonRequest, found: ProductDetail, configuration: Configuration) -> CartLine:
    form, actor = request.POST, request.actor
    typed = form.get("quantity", "")
    number_typed = number_from(typed)
    quantity = typed if number_typed is None else number_typed
    line_id = key_of(form.get("line", ""))
    if line_id is None:
        cart = open_cart(actor=actor, seller=Company.objects.get(pk=found.seller_id))
        unit = form.get("unit", "") or found.units[0].unit
        return add_configured(
            actor=actor, cart=cart, configuration=configuration, quantity=quantity, unit=unit
        )
    lines = CartLine.objects.select_related("cart").filter(cart__buyer_id=actor.buying_company_id)
    line = lines.filter(pk=line_id).first()
    if line is None:
        raise Refused("line_removed", _("A colleague has removed this line already."))
    changed = change_configuration(
        actor=actor, line=line, configuration=configuration, revision=key_of(form.get("revision", "")) or 0
    )
    return change_line(actor=actor, line=changed, quantity=quantity, revision=changed.revision)


urlpatterns = [
    path("configure/<int:product_id>/", configure, name="configure"),
    path("configure/<int:product_id>/cart/", configured_add, name="configured_add"),
]
