"""How cart lines are written: the cart's row is the queue, quantities add up, nothing is overwritten unseen."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from kontor.carts.models import Cart, CartLine
from kontor.carts.rules import MAX_LINES, UnitTerms
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import Refused
from kontor.kernel.rows import Reader

LOCK = """
UPDATE carts_cart SET revision = revision + %(rows)s WHERE id = %(cart)s AND status = 'open'
RETURNING revision, (SELECT count(*) FROM carts_line WHERE cart_id = %(cart)s)
"""
CARTS = Reader(Cart)
CURRENT = "buyer_id = %(buyer)s AND seller_id = %(seller)s AND is_current AND status = 'open'"
QUEUE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 21))"
ORDERABLE = """
p.seller_id = %(seller)s AND p.status IN ('active', 'discontinued') AND p.kind <> 'model'
    AND p.assortments && (SELECT catalog_assortments_of(%(buyer)s))
""".strip()
GOODS = f"""
SELECT p.id, p.sku, p.name, p.status, p.kind, u.unit, u.factor, u.minimum, u.multiple, u.maximum
FROM catalog_product p LEFT JOIN LATERAL catalog_units_for(p.id, %(buyer)s) u ON true
WHERE p.id = ANY (%(products)s::bigint[]) AND {ORDERABLE}
ORDER BY p.id, u.place
"""
# One article apart: its plan is kept, which those of arrays are not.
ARTICLE = f"""
SELECT p.id, p.sku, p.name, p.status, p.kind, u.unit, u.factor, u.minimum, u.multiple, u.maximum, l.quantity, l.note
FROM catalog_product p LEFT JOIN LATERAL catalog_units_for(p.id, %(buyer)s) u ON true
LEFT JOIN carts_line l ON l.cart_id = %(cart)s AND l.product_id = p.id AND l.unit = u.unit
    AND l.configuration_id IS NOT DISTINCT FROM %(configuration)s
WHERE p.id = %(product)s AND {ORDERABLE}
ORDER BY u.place
"""
# Apart from GOODS: joined, a planner that believes the cart to be empty compares every product with every line.
HELD = """
SELECT product_id, unit, configuration_id, quantity, note FROM carts_line
WHERE cart_id = %(cart)s AND product_id = ANY (%(products)s::bigint[])
"""
CART_LINES = Reader(CartLine)
UPSERT = f"""
INSERT INTO carts_line AS l
    (cart_id, product_id, configuration_id, unit, quantity, note, added_by_name, changed_by_name, revision, position)
SELECT %(cart)s, row.product, row.configuration, row.unit, row.quantity, row.note, %(name)s, %(name)s, 1, row.position
FROM unnest(%(products)s::bigint[], %(units)s::text[], %(quantities)s::numeric[], %(notes)s::text[],
            %(positions)s::int[], %(configurations)s::bigint[])
    AS row (product, unit, quantity, note, position, configuration)
ON CONFLICT (cart_id, product_id, unit, configuration_id) DO UPDATE SET
    quantity = l.quantity + excluded.quantity,
    note = excluded.note, changed_by_name = excluded.changed_by_name, revision = l.revision + 1
RETURNING {CART_LINES.columns("l")}
"""


@dataclass(frozen=True, slots=True)
class SoldUnit:
    """A unit in which a product is sold, and what of it lies in the cart already."""

    terms: UnitTerms
    in_cart: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class Goods:
    """A product as a cart sees it, with its units in the order in which they are offered.

    What lies in the cart of a configurable one is `held`, by unit and configuration.
    """

    product_id: int
    sku: str
    name: str
    is_active: bool
    units: tuple[SoldUnit, ...]
    is_configurable: bool = False
    held: Mapping[tuple[str, int | None], tuple[Decimal, str]] = field(default_factory=dict)

    def sold_by(self, unit: str, configuration_id: int | None = None) -> SoldUnit | None:
        sold = next((one for one in self.units if one.terms.unit == unit), None)
        if sold is None or configuration_id is None:
            return sold
        return SoldUnit(sold.terms, *self.held.get((unit, configuration_id), (sold.in_cart, sold.note)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What is added to a line; `note` is the whole note that the line has afterwards."""

    product_id: int
    unit: str
    quantity: Decimal
    note: str
    position: int
    configuration_id: int | None = None


def lock_cart(cart: Cart, *, rows: int = 1) -> int:
    """Queue up for the cart, until the end of the transaction; returns the lines it had.

    The revision rises by `rows`, whose last values serve as positions. Raises Refused("cart_closed").
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"rows": rows, "cart": cart.pk})
        found = cursor.fetchone()
    if found is None:
        raise closed(cart)
    cart.revision, lines = found
    return int(lines)


def queue_for_current(buyer_id: int | None, seller_id: int) -> None:
    """Queue up, until the end of the transaction, with all who choose or begin a current cart of this buyer here."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, [f"current-cart:{buyer_id}:{seller_id}"])


def closed(cart: Cart) -> Refused:
    """The refusal for a cart that has been submitted or discarded meanwhile."""
    status = Cart.objects.filter(pk=cart.pk).values_list("status", flat=True).first()
    told = {
        Cart.Status.ORDERED.value: _("This cart has been ordered. Nothing was changed; start a new cart."),
        Cart.Status.REQUESTED.value: _(
            "This cart has been sent as a request for prices. Nothing was changed; start a new cart."
        ),
    }
    gone = _("This cart is not open any more. Nothing was changed; open your current cart.")
    return Refused("cart_closed", told.get(status or "", gone))


def too_many_lines(found: int) -> Refused:
    """The refusal for more lines than a cart holds."""
    message = _(
        "A cart holds at most %(most)d lines; this would make %(found)d. Split it over several carts."
    )
    return Refused("too_many_lines", message % {"most": MAX_LINES, "found": found})


def goods_for(cart: Cart, product_ids: Iterable[int]) -> dict[int, Goods]:
    """Those of the seller's products among these that the buyer may see, with units and what the cart holds of each.

    Two statements.
    """
    parameters: dict[str, Any] = {
        "cart": cart.pk,
        "seller": cart.seller_id,
        "buyer": cart.buyer_id,
        "products": sane_ids(product_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(HELD, parameters)
        held: dict[int, dict[tuple[str, int | None], tuple[Decimal, str]]] = defaultdict(dict)
        for product_id, unit, configuration, quantity, note in cursor.fetchall():
            held[product_id][unit, configuration] = quantity, note
        cursor.execute(GOODS, parameters)
        rows = cursor.fetchall()
    nothing = (None, None)
    found = _gathered((*row, *held.get(row[0], {}).get((row[5], None), nothing)) for row in rows)
    return {
        key: replace(one, held=held.get(key, {})) if one.is_configurable else one
        for key, one in found.items()
    }


def article_for(cart: Cart, product_id: int, configuration_id: int | None = None) -> Goods | None:
    """As `goods_for`, for one product; its units say what the cart holds of it in this configuration. One statement."""
    with connection.cursor() as cursor:
        facts = {
            "cart": cart.pk,
            "seller": cart.seller_id,
            "buyer": cart.buyer_id,
            "product": product_id,
            "configuration": configuration_id,
        }
        cursor.execute(ARTICLE, facts)
        return _gathered(cursor.fetchall()).get(product_id)


def _gathered(rows: Iterable[Sequence[Any]]) -> dict[int, Goods]:
    found: dict[int, Goods] = {}
    for product_id, sku, name, status, kind, unit, *figures, quantity, note in rows:
        units = found[product_id].units if product_id in found else ()
        if unit is not None:
            factor, minimum, multiple, maximum = figures
            terms = UnitTerms(unit=unit, factor=factor, minimum=minimum, multiple=multiple, maximum=maximum)
            units = (*units, SoldUnit(terms, quantity or ZERO, note or ""))
        found[product_id] = Goods(product_id, sku, name, status == "active", units, kind == "configurable")
    return found


def sane_ids(ids: Iterable[int]) -> list[int]:
    """Each id once, without those that no row can have."""
    return [one for one in set(ids) if 0 < one < 2**63]


def add(cart: Cart, additions: Sequence[Addition], *, name: str) -> list[CartLine]:
    """Insert the lines, or add to those that are there; each product, unit and configuration at most once."""
    parameters: dict[str, Any] = {
        "cart": cart.pk,
        "name": name[:150],
        "products": [one.product_id for one in additions],
        "units": [one.unit for one in additions],
        "quantities": [one.quantity for one in additions],
        "notes": [one.note for one in additions],
        "positions": [one.position for one in additions],
        "configurations": [one.configuration_id for one in additions],
    }
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, parameters)
        return CART_LINES.read_several(cursor.fetchall())
