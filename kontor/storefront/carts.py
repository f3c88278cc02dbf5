"""Carts: the current one and others put aside, lines that colleagues share, pasted lines, undo."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.carts.models import Cart, CartLine
from kontor.carts.operations import (
    LineChange,
    RemovedLine,
    add_coupon,
    add_lines,
    add_to_current_cart,
    change_lines,
    clear_cart,
    discard_cart,
    make_current,
    recall_cart,
    remove_coupon,
    remove_line,
    rename_cart,
    restore_cart,
    restore_line,
    start_new_cart,
)
from kontor.carts.permissions import EDIT_CARTS, FILL_FOR_CUSTOMERS
from kontor.carts.queries import cart_view, open_carts
from kontor.companies.models import Company
from kontor.companies.queries import house_seller
from kontor.kernel.refusal import Refused
from kontor.orders.models import Order
from kontor.search.queries.product import name_and_seller
from kontor.storefront.buying import may_ask_for_prices, may_fill_carts, may_order
from kontor.storefront.priced import prices_shown
from kontor.web.access import needs, signed_in
from kontor.web.attempts import count_code
from kontor.web.identity import PersonRequest
from kontor.web.numbers import number_from
from kontor.web.pages import is_htmx, leave_to, page, refused
from kontor.web.toasts import Toast

REMOVED_SALT = "kontor.storefront.removed"
DETAIL = "storefront/carts/detail.html"


def cart_of(request: PersonRequest, cart_id: int) -> Cart:
    """A cart that the reader may see, or 404."""
    carts = Cart.objects.visible_to(request.actor).select_related("buyer", "seller")
    return get_object_or_404(carts, pk=cart_id)


def default_seller(request: PersonRequest) -> Company:
    """Where a new cart is opened: the representative's own store, else the house's."""
    actor = request.actor
    if actor.acting_for_id:
        return get_object_or_404(Company, pk=actor.company_id or 0)
    house = house_seller()
    if house is None:
        raise Refused("no_seller", _("No seller is active here yet."))
    return house


def typed(text: str) -> Any:
    """A quantity as the reader's language writes it; what is no number goes on as text and is refused at its field."""
    number = number_from(text)
    return text if number is None else number


@signed_in
@require_GET
def cart(request: PersonRequest) -> HttpResponse:
    """GET /cart/ -> the current cart, or what to do when there is none."""
    current = (
        Cart.objects.visible_to(request.actor).open().filter(is_current=True).order_by("-created_at").first()
    )
    if current is None:
        others, may_edit = open_carts(request.actor), may_fill_carts(request.actor)
        return page(request, "storefront/carts/none.html", carts=others, may_edit=may_edit)
    return redirect("storefront:cart_detail", current.pk)


@signed_in
@require_GET
def carts(request: PersonRequest) -> HttpResponse:
    """GET /carts/ -> all open carts of the company."""
    rows = open_carts(request.actor)
    return page(request, "storefront/carts/list.html", carts=rows, may_edit=may_fill_carts(request.actor))


@signed_in
@require_http_methods(["GET", "POST"])
def cart_detail(request: PersonRequest, cart_id: int) -> HttpResponse:
    """GET /carts/7/ -> the cart at the prices of now; POST changes quantities and notes of all lines at once."""
    found = cart_of(request, cart_id)
    if request.method == "POST":
        try:
            changed = change_lines(actor=request.actor, cart=found, changes=_changes(request.POST))
        except Refused as refusal:
            return refused(
                request, DETAIL, refusal, block="lines", **_shown(request, found, typed_in=request.POST)
            )
        message = ngettext("%(n)s line changed.", "%(n)s lines changed.", len(changed)) % {"n": len(changed)}
        if is_htmx(request):
            found.refresh_from_db()
            return page(
                request, DETAIL, block="lines", toast=Toast(message=message), **_shown(request, found)
            )
        return leave_to(
            request, reverse("storefront:cart_detail", args=[cart_id]), toast=Toast(message=message)
        )
    return page(request, DETAIL, block="lines", **_shown(request, found))


def _shown(request: PersonRequest, found: Cart, typed_in: QueryDict | None = None) -> dict[str, Any]:
    actor = request.actor
    channel = request.identity.acting_channel or Order.Channel.WEB
    view = cart_view(actor, found, request.identity.chain, channel=channel)
    return {
        "cart": found,
        "view": view,
        "prices": prices_shown(request, {line.product_id for line in view.lines}),
        "typed": typed_in,
        "asked": next((name for name in ("paste", "rename") if name in request.GET), ""),
        "is_open": found.status == Cart.Status.OPEN,
        "may_edit": may_fill_carts(actor) and found.status == Cart.Status.OPEN,
        "may_order": may_order(actor),
        "may_ask": may_ask_for_prices(actor),
    }


def _changes(form: QueryDict) -> list[LineChange]:
    ids = [value for value in form.getlist("line") if value.isascii() and value.isdigit()]
    return [
        LineChange(
            line_id=int(one),
            revision=_number(form.get(f"lines/{one}/revision", "")),
            quantity=typed(form.get(f"lines/{one}/quantity", "")),
            note=form.get(f"lines/{one}/note"),
        )
        for one in ids
    ]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_add(request: PersonRequest) -> HttpResponse:
    """POST /cart/add/ product, quantity, unit -> into the current cart at the product's seller."""
    product_id = _number(request.POST.get("product", ""))
    found = name_and_seller(request.identity.viewer, product_id, request.actor)
    if found is None:
        raise Http404
    name, seller_id = found
    added = add_to_current_cart(
        actor=request.actor,
        seller_id=seller_id,
        product_id=product_id,
        quantity=typed(request.POST.get("quantity", "")),
        unit=request.POST.get("unit", ""),
        note=request.POST.get("note", ""),
    )
    toast = Toast(message=_("%(name)s is in the cart.") % {"name": name})
    if is_htmx(request):
        return page(
            request, "storefront/carts/added.html", block="added", toast=toast, lines=added.cart_lines
        )
    return leave_to(request, reverse("storefront:cart_detail", args=[added.cart.pk]), toast=toast)


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_paste(request: PersonRequest, cart_id: int) -> HttpResponse:
    """POST /carts/7/paste/ lines -> every pasted line taken, or rejected with its reason."""
    found = cart_of(request, cart_id)
    try:
        report = add_lines(actor=request.actor, cart=found, text_or_rows=request.POST.get("lines", ""))
    except Refused as refusal:
        return refused(request, DETAIL, refusal, block="lines", **_shown(request, found))
    found.refresh_from_db()
    return page(request, DETAIL, block="lines", report=report, **_shown(request, found))


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_coupon(request: PersonRequest, cart_id: int) -> HttpResponse:
    """POST /carts/7/coupon/ code -> the cart with it, and what it gives, or why nothing."""
    return _with_coupons(request, cart_id, add_coupon)


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_coupon_remove(request: PersonRequest, cart_id: int) -> HttpResponse:
    """POST /carts/7/coupon/remove/ code -> the cart without it."""
    return _with_coupons(request, cart_id, remove_coupon)


def _with_coupons(request: PersonRequest, cart_id: int, change: Callable[..., object]) -> HttpResponse:
    found = cart_of(request, cart_id)
    try:
        if change is add_coupon:
            count_code(request, request.actor)
        change(actor=request.actor, cart=found, code=request.POST.get("code", ""))
    except Refused as refusal:
        return refused(request, DETAIL, refusal, block="lines", **_shown(request, found))
    if is_htmx(request):
        return page(request, DETAIL, block="lines", **_shown(request, found))
    return leave_to(request, reverse("storefront:cart_detail", args=[cart_id]))


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_line_remove(request: PersonRequest, cart_id: int, line_id: int) -> HttpResponse:
    """POST /carts/7/lines/3/remove/ -> without the line; the toast brings it back."""
    found = cart_of(request, cart_id)
    line = get_object_or_404(CartLine.objects.select_related("cart", "product"), pk=line_id, cart=found)
    removed = remove_line(actor=request.actor, line=line, revision=_number(request.POST.get("revision", "")))
    token = signing.dumps(asdict(removed), salt=REMOVED_SALT, compress=True)
    toast = Toast(
        message=_("%(name)s was taken out.") % {"name": line.product.name},
        undo_url=reverse("storefront:cart_line_restore", args=[cart_id, token]),
    )
    return leave_to(request, reverse("storefront:cart_detail", args=[cart_id]), toast=toast)


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_line_restore(request: PersonRequest, cart_id: int, token: str) -> HttpResponse:
    """POST /carts/7/restore/… -> the removed line is back in its place."""
    found = cart_of(request, cart_id)
    try:
        removed = RemovedLine(**signing.loads(token, salt=REMOVED_SALT, max_age=3600))
    except (signing.BadSignature, TypeError):
        raise Refused("nothing_to_restore", _("There is nothing to bring back.")) from None
    restore_line(actor=request.actor, cart=found, removed=removed)
    return leave_to(
        request, reverse("storefront:cart_detail", args=[cart_id]), toast=Toast(message=_("Back again."))
    )


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_clear(request: PersonRequest, cart_id: int) -> HttpResponse:
    """POST /carts/7/clear/ -> empty; the toast brings everything back."""
    found = cart_of(request, cart_id)
    put_away = clear_cart(actor=request.actor, cart=found)
    undo = reverse("storefront:cart_unclear", args=[cart_id, put_away.pk]) if put_away else ""
    toast = Toast(message=_("The cart is empty."), undo_url=undo)
    return leave_to(request, reverse("storefront:cart_detail", args=[cart_id]), toast=toast)


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_unclear(request: PersonRequest, cart_id: int, cleared_id: int) -> HttpResponse:
    """POST /carts/7/unclear/8/ -> the lines that were cleared are back."""
    restore_cart(actor=request.actor, cart=cart_of(request, cart_id), cleared=cart_of(request, cleared_id))
    return leave_to(
        request, reverse("storefront:cart_detail", args=[cart_id]), toast=Toast(message=_("Back again."))
    )


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_new(request: PersonRequest) -> HttpResponse:
    """POST /carts/new/ name -> an empty cart; the other one is put aside."""
    started = start_new_cart(
        actor=request.actor, seller=default_seller(request), name=request.POST.get("name", "")
    )
    toast = Toast(message=_("A new cart is open. The other one waits in the list of carts."))
    return leave_to(request, reverse("storefront:cart_detail", args=[started.pk]), toast=toast)


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_current(request: PersonRequest, cart_id: int) -> HttpResponse:
    """POST /carts/7/current/ -> "add to cart" fills this one from now on."""
    make_current(actor=request.actor, cart=cart_of(request, cart_id))
    toast = Toast(message=_("“Add to cart” fills this cart now."))
    return leave_to(request, reverse("storefront:cart_detail", args=[cart_id]), toast=toast)


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_rename(request: PersonRequest, cart_id: int) -> HttpResponse:
    """POST /carts/7/rename/ name."""
    rename_cart(actor=request.actor, cart=cart_of(request, cart_id), name=request.POST.get("name", ""))
    toast = Toast(message=_("The cart has a new name."))
    return leave_to(request, reverse("storefront:cart_detail", args=[cart_id]), toast=toast)


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_discard(request: PersonRequest, cart_id: int) -> HttpResponse:
    """POST /carts/7/discard/ -> out of the list; the toast brings it back."""
    discard_cart(actor=request.actor, cart=cart_of(request, cart_id))
    toast = Toast(
        message=_("The cart is discarded."), undo_url=reverse("storefront:cart_recall", args=[cart_id])
    )
    return leave_to(request, reverse("storefront:carts"), toast=toast)


@needs(EDIT_CARTS, FILL_FOR_CUSTOMERS)
@require_POST
def cart_recall(request: PersonRequest, cart_id: int) -> HttpResponse:
    """POST /carts/7/recall/ -> the discarded cart is back."""
    recall_cart(actor=request.actor, cart=cart_of(request, cart_id))
    return leave_to(
        request, reverse("storefront:cart_detail", args=[cart_id]), toast=Toast(message=_("Back again."))
    )


urlpatterns = [
    path("cart/", cart, name="cart"),
    path("cart/add/", cart_add, name="cart_add"),
    path("carts/", carts, name="carts"),
    path("carts/new/", cart_new, name="cart_new"),
    path("carts/<int:cart_id>/", cart_detail, name="cart_detail"),
    path("carts/<int:cart_id>/paste/", cart_paste, name="cart_paste"),
    path("carts/<int:cart_id>/coupon/", cart_coupon, name="cart_coupon"),
    path("carts/<int:cart_id>/coupon/remove/", cart_coupon_remove, name="cart_coupon_remove"),
    path("carts/<int:cart_id>/clear/", cart_clear, name="cart_clear"),
    path("carts/<int:cart_id>/unclear/<int:cleared_id>/", cart_unclear, name="cart_unclear"),
    path("carts/<int:cart_id>/current/", cart_current, name="cart_current"),
    path("carts/<int:cart_id>/rename/", cart_rename, name="cart_rename"),
    path("carts/<int:cart_id>/discard/", cart_discard, name="cart_discard"),
    path("carts/<int:cart_id>/recall/", cart_recall, name="cart_recall"),
    path("carts/<int:cart_id>/restore/<str:token>/", cart_line_restore, name="cart_line_restore"),
    path("carts/<int:cart_id>/lines/<int:line_id>/remove/", cart_line_remove, name="cart_line_remove"),
]
