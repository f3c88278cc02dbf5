"""The simulator: what a customer's basket costs before and after promotions, and why others did not count."""

from decimal import Decimal

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.backoffice.named_customer import customer_named
from kontor.backoffice.promotions import CHANNELS
from kontor.backoffice.seat import at_own_desk
from kontor.carts.models import CartLine
from kontor.carts.permissions import FILL_FOR_CUSTOMERS
from kontor.carts.queries import OpenCart, codes_of, open_carts
from kontor.carts.rules import parse_pasted
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import printable
from kontor.orders.models import Order
from kontor.promotions.models import Promotion
from kontor.promotions.permissions import EDIT_PROMOTIONS
from kontor.promotions.trial import MOST_LINES, Trial, Wish, tried
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.dates import moment_from
from kontor.web.identity import PersonRequest
from kontor.web.numbers import as_input
from kontor.web.pages import page

TRIAL = "backoffice/promotions/trial.html"
MOST_CHOICES = 200


@needs(EDIT_PROMOTIONS)
@require_GET
def promotion_trial(request: PersonRequest) -> HttpResponse:
    """GET /office/promotions/trial/?customer=10001&lines=&order=&cart=&codes=&at=&channel=&promotion= -> before, after.

    A customer alone brings the open carts, for those who fill them.
    """
    actor = at_own_desk(request)
    fields = {name: printable(request.GET.get(name, ""))[:20_000] for name in request.GET}
    refusal, found = None, None
    carts: list[OpenCart] = []
    try:
        if fields.get("order"):
            fields |= _order_fields(actor, fields["order"])
        carts = _carts(actor, fields.get("customer", ""))
        if fields.get("cart"):
            fields |= _cart_fields(carts, key_of(fields["cart"]))
        if fields.get("lines") or (fields.get("customer") and not carts):
            found = tried(_trial(actor, fields))
    except Refused as problem:
        refusal = problem
    promotions = Promotion.objects.visible_to(actor).order_by("name", "id")[:MOST_CHOICES]
    return page(
        request,
        TRIAL,
        block="answer",
        fields=fields,
        found=found,
        refusal=refusal,
        carts=carts,
        promotions=[("", _("Only those that run")), *((one.pk, one.name) for one in promotions)],
        channels=list(CHANNELS.items()),
        problems={"unknown": _("You have no such article."), "unpriced": _("No price.")},
    )


def _order_fields(actor: Actor, typed: str) -> dict[str, str]:
    """Customer and lines of an order, by its number."""
    own = Order.objects.visible_to(actor).filter(seller_id=actor.company_id)
    order = own.select_related("account").filter(number__iexact=typed).first()
    if order is None:
        message = _("No order has this number.")
        raise Refused("unknown_order", message, {"order": message})
    lines = order.lines.filter(price_source__startswith="list:").values_list(
        "product__sku", "quantity", "unit"
    )
    return {
        "customer": order.account.customer_number,
        "lines": "\n".join(f"{sku}\t{as_input(quantity)}\t{unit}" for sku, quantity, unit in lines),
        "order": "",
    }


def _carts(actor: Actor, customer: str) -> list[OpenCart]:
    """The customer's open carts here. They are the customer's own: only who fills them for customers looks inside."""
    account = customer_named(actor, customer) if actor.may(FILL_FOR_CUSTOMERS) else None
    return open_carts(actor.behalf_of(account.buyer_id, str(account.buyer))) if account else []


def _cart_fields(carts: list[OpenCart], cart_id: int | None) -> dict[str, str]:
    """Lines and codes of one of these carts."""
    if cart_id not in {one.id for one in carts}:
        message = _("This customer has no such cart.")
        raise Refused("unknown_cart", message, {"customer": message})
    lines = CartLine.objects.filter(cart_id=cart_id).values_list("product__sku", "quantity", "unit")
    return {
        "lines": "\n".join(f"{sku}\t{as_input(quantity)}\t{unit}" for sku, quantity, unit in lines),
        "codes": " ".join(codes_of(cart_id or 0)),
        "cart": "",
    }


def _trial(actor: Actor, fields: dict[str, str]) -> Trial:
    wrong: dict[str, str] = {}
    account = customer_named(actor, fields.get("customer", ""))
    if account is None:
        wrong["customer"] = _("No customer, or more than one, is called so.")
    lines = parse_pasted(fields.get("lines", ""))[:MOST_LINES]
    wishes = [
        Wish(one.sku, one.quantity, one.unit)
        for one in lines
        if isinstance(one.quantity, Decimal) and one.quantity > 0
    ]
    if not wishes or len(wishes) < len(lines):
        wrong["lines"] = _("Write an SKU and a quantity above 0 on each line.")
    try:
        at = moment_from(fields.get("at", "")) or clock.now()
    except ValueError:
        at, wrong["at"] = clock.now(), _("Enter a day and a time.")
    if wrong or account is None:
        raise Refused("incomplete", _("Nothing was tried. Correct the marked fields."), wrong)
    return Trial(
        account=account,
        wishes=wishes,
        at=at,
        codes=fields.get("codes", "").split(),
        channel=fields.get("channel") or "web",
        as_if_active=key_of(fields.get("promotion", "")),
    )


urlpatterns = [path("promotions/trial/", promotion_trial, name="promotion_trial")]
