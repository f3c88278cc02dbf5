"""Open carts, name them, choose the one that "add to cart" fills, put one aside."""

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.carts.models import Cart
from kontor.carts.operations.writing import CARTS, CURRENT, closed, queue_for_current
from kontor.carts.permissions import require_cart_editor, require_editor
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import checked_text

COLUMNS = CARTS.columns("carts_cart")
FIND = f"SELECT {COLUMNS} FROM carts_cart WHERE {CURRENT}"
OPEN = f"""
INSERT INTO carts_cart (buyer_id, seller_id, name, status, is_current, created_by_id, created_at, revision,
    sent_back_note)
VALUES (%(buyer)s, %(seller)s, '', 'open', true, %(member)s, %(now)s, 1, '')
ON CONFLICT (buyer_id, seller_id) WHERE is_current AND status = 'open' DO NOTHING
RETURNING {COLUMNS}
"""
LOCK_CURRENT = f"""
UPDATE carts_cart SET revision = revision + 1 WHERE {CURRENT}
RETURNING {COLUMNS}, (SELECT count(*) FROM carts_line WHERE cart_id = carts_cart.id)
"""
ASIDE = f"UPDATE carts_cart SET is_current = false WHERE {CURRENT}"
START = f"""
WITH aside AS ({ASIDE} RETURNING id)
INSERT INTO carts_cart (buyer_id, seller_id, name, status, is_current, created_by_id, created_at, revision,
    sent_back_note)
SELECT %(buyer)s, %(seller)s, %(name)s, 'open', true, %(member)s, %(now)s, 1, '' FROM (SELECT count(*) FROM aside) x
RETURNING {COLUMNS}
"""
BESIDE = f"""
INSERT INTO carts_cart (buyer_id, seller_id, name, status, is_current, is_machine_made, created_by_id, created_at,
    revision, sent_back_note)
VALUES (%(buyer)s, %(seller)s, %(name)s, 'open', false, true, %(member)s, %(now)s, 1, '')
RETURNING {COLUMNS}
"""
NAME_LENGTH = 80


@transaction.atomic
def open_cart(*, actor: Actor, seller: Company) -> Cart:
    """The buyer's current cart at this seller, created when there is none; of `seller` only the key is read.

    Two people who open at once get the same cart. A machine always gets a new one, beside that of the people.
    Raises NotAllowed, Refused("own_store").
    """
    if actor.is_machine:
        return start_new_cart(actor=actor, seller=seller)
    require_buyer_at(actor, seller.pk)
    facts = _facts(actor, seller.pk)
    cart = _cart(FIND, facts)
    while cart is None:
        queue_for_current(actor.buying_company_id, seller.pk)
        cart = _cart(OPEN, facts) or _cart(FIND, facts)
    return cart


def require_buyer_at(actor: Actor, seller_id: int) -> None:
    """Refuse who may not fill carts at this seller. Raises NotAllowed, and Refused("own_store")."""
    require_editor(actor, buyer_id=actor.buying_company_id, seller_id=seller_id)
    if actor.buying_company_id == seller_id:
        raise Refused("own_store", _("This is your own store. Orders go to other companies."))


def lock_current(actor: Actor, seller_id: int) -> tuple[Cart, int]:
    """The buyer's current cart, opened when there is none, locked as by `lock_cart`; with the lines it had."""
    facts = _facts(actor, seller_id)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(LOCK_CURRENT, facts)
            row = cursor.fetchone()
        if row is not None:
            return CARTS.read(row[:-1]), row[-1]
        queue_for_current(actor.buying_company_id, seller_id)
        _cart(OPEN, facts)


@transaction.atomic
def start_new_cart(*, actor: Actor, seller: Company, name: str = "") -> Cart:
    """Put the current cart aside, where it stays open, and begin an empty one. Raises Refused at `name`.

    That of a machine bears the machine's name unless it gives one, and leaves the current cart where it is.
    """
    name = checked_text(name, field="name", limit=NAME_LENGTH)
    require_buyer_at(actor, seller.pk)
    facts = _facts(actor, seller.pk)
    if actor.is_machine:
        cart = _cart(BESIDE, facts | {"name": name or actor.name[:NAME_LENGTH]})
    else:
        queue_for_current(actor.buying_company_id, seller.pk)
        cart = _cart(START, facts | {"name": name})
    if cart is None:
        raise RuntimeError("an insert returned nothing")
    record(actor, "carts.started", ("cart", cart.pk), changes={"name": cart.name})
    return cart


def _facts(actor: Actor, seller_id: int) -> dict[str, Any]:
    return {
        "buyer": actor.buying_company_id,
        "seller": seller_id,
        # A representative is no member of the customer; the audit has the name.
        "member": None if actor.acting_for_id else actor.membership_id,
        "now": clock.now(),
    }


def _cart(sql: str, facts: dict[str, Any]) -> Cart | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        row = cursor.fetchone()
    return None if row is None else CARTS.read(row)


@transaction.atomic
def make_current(*, actor: Actor, cart: Cart) -> Cart:
    """Let "add to cart" fill this cart from now on, whoever opened it. Raises Refused("cart_closed")."""
    require_cart_editor(actor, cart)
    queue_for_current(cart.buyer_id, cart.seller_id)
    with connection.cursor() as cursor:
        cursor.execute(ASIDE, {"buyer": cart.buyer_id, "seller": cart.seller_id})
    if not Cart.objects.open().filter(pk=cart.pk).update(is_current=True, is_machine_made=False):
        raise closed(cart)
    cart.is_current = True
    record(actor, "carts.made_current", ("cart", cart.pk))
    return cart


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
