"""Open carts, name them, choose the one that "add to cart" fills, put one aside."""

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.carts.models import Cart
from kontor.carts.operations.writing import closed
from kontor.carts.permissions import require_cart_editor, require_editor
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import checked_text

OPEN = """
INSERT INTO carts_cart (buyer_id, seller_id, name, status, is_current, created_by_id, created_at, revision,
    sent_back_note)
VALUES (%(buyer)s, %(seller)s, %(name)s, 'open', true, %(member)s, %(now)s, 1, '')
ON CONFLICT (buyer_id, seller_id) WHERE is_current AND status = 'open' DO NOTHING
"""
NAME_LENGTH = 80


@transaction.atomic
def open_cart(*, actor: Actor, seller: Company) -> Cart:
    """The buyer's current cart at this seller, created when there is none; of `seller` only the key is read.

    Two people who open at once get the same cart. Raises NotAllowed.
    """
    buyer_id = actor.buying_company_id
    require_editor(actor, buyer_id=buyer_id, seller_id=seller.pk)
    if buyer_id == seller.pk:
        raise Refused("own_store", _("This is your own store. Orders go to other companies."))
    carts = Cart.objects.open().filter(buyer_id=buyer_id, seller_id=seller.pk, is_current=True)
    while True:
        cart = carts.first()
        if cart is not None:
            return cart
        _insert(actor, seller.pk, name="")


def _insert(actor: Actor, seller_id: int, *, name: str) -> None:
    parameters = {
        "buyer": actor.buying_company_id,
        "seller": seller_id,
        "name": name,
        # A representative is no member of the customer; the audit has the name.
        "member": None if actor.acting_for_id else actor.membership_id,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(OPEN, parameters)


@transaction.atomic
def start_new_cart(*, actor: Actor, seller: Company, name: str = "") -> Cart:
    """Put the current cart aside, where it stays open, and begin an empty one. Raises Refused at `name`."""
    name = checked_text(name, field="name", limit=NAME_LENGTH)
    require_editor(actor, buyer_id=actor.buying_company_id, seller_id=seller.pk)
    # Written apart first: of two who start at once, each gets an empty cart of its own, and the later one is current.
    cart = Cart.objects.create(
        buyer_id=int(actor.buying_company_id or 0),
        seller_id=seller.pk,
        name=name,
        is_current=False,
        created_by_id=None if actor.acting_for_id else actor.membership_id,
        created_at=clock.now(),
    )
    _choose(cart)
    record(actor, "carts.started", ("cart", cart.pk), changes={"name": name})
    return cart


@transaction.atomic
def make_current(*, actor: Actor, cart: Cart) -> Cart:
    """Let "add to cart" fill this cart from now on. Raises Refused("cart_closed")."""
    require_cart_editor(actor, cart)
    _choose(cart)
    record(actor, "carts.made_current", ("cart", cart.pk))
    return cart


def _choose(cart: Cart) -> None:
    """Make an open cart the current one. Raises Refused("cart_closed")."""
    while True:
        _put_aside(cart.buyer_id, cart.seller_id)
        try:
            with transaction.atomic():
                chosen = Cart.objects.open().filter(pk=cart.pk).update(is_current=True)
        except IntegrityError:  # a colleague opened a cart in between
            continue
        if not chosen:
            raise closed(cart)
        break
    cart.is_current = True


def _put_aside(buyer_id: int | None, seller_id: int) -> None:
    # All open carts are locked in one order, so that two people who choose different carts cannot deadlock.
    carts = Cart.objects.open().filter(buyer_id=buyer_id, seller_id=seller_id).order_by("pk")
    locked = list(carts.select_for_update().values_list("pk", flat=True))
    Cart.objects.filter(pk__in=locked, is_current=True).update(is_current=False)


@transaction.atomic
def rename_cart(*, actor: Actor, cart: Cart, name: str) -> Cart:
    """Name a cart; an empty name takes it away. Raises Refused at `name`."""
    require_cart_editor(actor, cart)
    name = checked_text(name, field="name", limit=NAME_LENGTH)
    if not Cart.objects.open().filter(pk=cart.pk).update(name=name):
        raise closed(cart)
    record(actor, "carts.renamed", ("cart", cart.pk), changes={"name": [cart.name, name]})
    cart.name = name
    return cart


@transaction.atomic
def discard_cart(*, actor: Actor, cart: Cart) -> Cart:
    """Take a cart out of the list; its lines stay, so `recall_cart` brings it back. Raises Refused("cart_closed")."""
    require_cart_editor(actor, cart)
    if not Cart.objects.open().filter(pk=cart.pk).update(status=Cart.Status.DISCARDED, is_current=False):
        raise closed(cart)
    cart.status, cart.is_current = Cart.Status.DISCARDED, False
    record(actor, "carts.discarded", ("cart", cart.pk))
    return cart


@transaction.atomic
def recall_cart(*, actor: Actor, cart: Cart) -> Cart:
    """Undo `discard_cart`: the cart is open again, beside the current one. Raises Refused("cart_closed")."""
    require_cart_editor(actor, cart)
    discarded = Cart.objects.filter(pk=cart.pk, status=Cart.Status.DISCARDED)
    if not discarded.update(status=Cart.Status.OPEN, is_current=False):
        raise closed(cart)
    cart.status, cart.is_current = Cart.Status.OPEN, False
    record(actor, "carts.recalled", ("cart", cart.pk))
    return cart
