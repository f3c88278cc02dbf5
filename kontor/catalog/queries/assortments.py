"""Assortments as the back office reads them: what is in each, who has it, and what one customer sees."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.fields import BigIntegerField, BooleanField

from kontor.catalog.models import Assortment, AssortmentRule, Product
from kontor.catalog.models.product import AssortmentsOf
from kontor.companies.models import CustomerAccount
from kontor.kernel.actors import Actor

LISTED = """
SELECT r.id, r.name, r.start, r.is_standard, COALESCE(above.name, ''),
    (SELECT count(*) FROM catalog_assortment_rule x WHERE x.assortment_id = r.id),
    COALESCE(goods.count, 0),
    (SELECT count(*) FROM catalog_assortment_assignment x WHERE x.assortment_id = r.id AND x.account_id IS NOT NULL),
    (SELECT count(*) FROM catalog_assortment_assignment x WHERE x.assortment_id = r.id AND x.group_id IS NOT NULL),
    EXISTS (SELECT FROM catalog_assortment_assignment x
            WHERE x.assortment_id = r.id AND x.account_id IS NULL AND x.group_id IS NULL)
FROM catalog_assortment r
LEFT JOIN catalog_assortment above ON above.id = r.extends_id
LEFT JOIN (
    SELECT a.id, count(*) FROM catalog_product p CROSS JOIN unnest(p.assortments) AS a (id)
    WHERE p.seller_id = %(seller)s AND p.status = 'active' GROUP BY a.id
) goods ON goods.id = r.id
WHERE r.seller_id = %(seller)s
ORDER BY r.is_standard DESC, r.name
"""
HELD = """
SELECT r.id, r.name FROM catalog_assortment r
WHERE r.seller_id = %(seller)s AND r.id = ANY ((SELECT catalog_assortments_of(%(buyer)s::bigint))::bigint[])
ORDER BY r.name
"""


@dataclass(frozen=True, slots=True)
class ListedAssortment:
    """An assortment in a list; `goods` counts what is on sale in it."""

    id: int
    name: str
    start: str
    is_standard: bool
    extends: str
    rules: int
    goods: int
    customers: int
    groups: int
    visitors: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one customer (or visitors) sees of a seller's goods on sale. `through` are its assortments; none: all or,
    for visitors of a seller that asks to sign in, nothing."""

    through: list[tuple[int, str]]
    seen: int
    hidden: int


def assortments_of_seller(seller_id: int) -> list[ListedAssortment]:
    """All of a seller, the standard first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(LISTED, {"seller": seller_id})
        return [ListedAssortment(*row) for row in cursor.fetchall()]


def rules_of(assortment: Assortment, *, search: str = "") -> QuerySet[AssortmentRule]:
    """What is let in and kept out; page it. `search` looks in names, paths, brands and SKUs."""
    rows = AssortmentRule.objects.filter(assortment=assortment).select_related("category", "product")
    for word in search.split()[:8]:
        names = (
            Q(category__name__icontains=word) | Q(category__path__icontains=word) | Q(brand__icontains=word)
        )
        rows = rows.filter(names | Q(product__sku__icontains=word) | Q(product__name__icontains=word))
    return rows


def goods_as_seen(
    seller_id: int, buyer_id: int | None, *, search: str = "", only: str = ""
) -> QuerySet[Product]:
    """A seller's goods on sale, each with `is_seen`: whether this buyer (None: visitors) may see it.

    `only` leaves those that are ``seen`` or ``hidden``.
    """
    seen = Q(assortments__overlap=AssortmentsOf(Value(buyer_id, BigIntegerField())))
    rows = Product.objects.filter(seller_id=seller_id, status=Product.Status.ACTIVE).select_related(
        "category"
    )
    for word in search.split()[:8]:
        rows = rows.filter(Q(sku__icontains=word) | Q(name__icontains=word) | Q(brand__icontains=word))
    rows = rows.filter(seen) if only == "seen" else rows.exclude(seen) if only == "hidden" else rows
    return rows.annotate(is_seen=Case(When(seen, then=True), default=False, output_field=BooleanField()))


def sight_of(seller_id: int, buyer_id: int | None) -> Sight:
    """How much of a seller's goods on sale a buyer (None: visitors) sees, and through which assortments."""
    total = goods_as_seen(seller_id, buyer_id).count()
    seen = goods_as_seen(seller_id, buyer_id, only="seen").count()
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"seller": seller_id, "buyer": buyer_id})
        through = cursor.fetchall()
    return Sight(through=through, seen=seen, hidden=total - seen)


def holders_of(assortment: Assortment, actor: Actor) -> list[CustomerAccount]:
    """The customers that have it as their own, by name."""
    own = CustomerAccount.objects.visible_to(actor).filter(pk__in=assortment.assignments.values("account_id"))
    return list(own.select_related("buyer").order_by("buyer__legal_name", "pk"))
