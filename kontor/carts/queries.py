"""What pages, API and orders read of carts: a handful of statements for a cart, however long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.carts.messages import line_problem, sales_problem
from kontor.carts.models import Cart, CartCoupon
from kontor.carts.permissions import reads, require_reader
from kontor.carts.reckoning import Reckoned, reckon
from kontor.carts.rules import LineProblem, UnitTerms, in_base_units, short_of
from kontor.carts.shown import CartLineView, CartView, GiftView
from kontor.catalog.queries import Configured, Part, contents_of, judged
from kontor.goods.quantities import agreed_sentence
from kontor.inventory.queries import available
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO, line_net
from kontor.kernel.rows import Reader
from kontor.pricing.basket import Basket, BasketLine
from kontor.pricing.queries import NO_STEPS, Chain

LINES = """
SELECT l.id, l.product_id, p.sku || COALESCE(':' || g.code, ''), p.name, p.slug,
    CASE WHEN p.assortments && (SELECT catalog_assortments_of(%(buyer)s::bigint)) THEN p.status ELSE 'hidden' END,
    p.kind, p.base_unit, p.tax_category, l.unit,
    u.factor, u.minimum, u.multiple, u.maximum, COALESCE(u.is_agreed, false), l.quantity, l.note, l.revision,
    l.added_by_name, l.changed_by_name,
    CASE WHEN g.id IS NULL THEN r.amount
        ELSE pricing_with_choices(r.amount, r.price_base, list.currency, l.product_id, g.parts) END,
    r.price_base, r.price_list_id, list.currency, COALESCE(own.number, ''), COALESCE(g.code, ''), g.id,
    COALESCE(g.parts, '{}')
FROM carts_line l
JOIN catalog_product p ON p.id = l.product_id
LEFT JOIN catalog_configuration g ON g.id = l.configuration_id
LEFT JOIN LATERAL catalog_units_for(l.product_id, %(buyer)s::bigint) u ON u.unit = l.unit
LEFT JOIN LATERAL pricing_resolve(%(chain)s::pricing_step[], l.product_id, l.quantity * u.factor, l.unit) r
    ON u.factor IS NOT NULL
LEFT JOIN pricing_price_list list ON list.id = r.price_list_id
LEFT JOIN catalog_buyer_part_number own ON own.product_id = l.product_id AND own.buyer_id = %(buyer)s::bigint
WHERE l.cart_id = %(cart)s
ORDER BY l.position, l.id
"""
# Who buys, where the goods go unless somebody says otherwise, and the codes that were typed.
TRADE = """
SELECT b.currency, (SELECT id FROM companies_customer_account WHERE buyer_id = b.id AND seller_id = %(seller)s),
    COALESCE(d.country, ''), COALESCE(d.postal_code, ''),
    ARRAY(SELECT code FROM carts_coupon WHERE cart_id = %(cart)s ORDER BY id)
FROM companies_company b
LEFT JOIN LATERAL (
    SELECT d.country, d.postal_code FROM companies_address d WHERE d.company_id = b.id AND NOT d.is_archived
        AND (%(address)s::bigint IS NULL OR d.id = %(address)s::bigint)
    ORDER BY d.is_default_delivery DESC, d.is_billing DESC, d.id LIMIT 1
) AS d ON true
WHERE b.id = %(buyer)s
"""
GIFTS = "SELECT id, sku, name, slug, base_unit FROM catalog_product WHERE id = ANY (%s)"
HIDDEN = "hidden"
"""The status of what is in the cart, but no longer in an assortment of its buyer."""
CARTS = Reader(Cart)
FIND = f"SELECT {CARTS.columns('c')} FROM carts_cart c WHERE c.id = %s"
OPEN = """
SELECT c.id, c.name, c.is_current, c.seller_id, COALESCE(NULLIF(s.trade_name, ''), s.legal_name), c.created_at,
    c.sent_back_note, (SELECT count(*) FROM carts_line l WHERE l.cart_id = c.id)
FROM carts_cart c JOIN companies_company s ON s.id = c.seller_id
WHERE c.buyer_id = %(buyer)s AND c.status = 'open' AND (%(seller)s::bigint IS NULL OR c.seller_id = %(seller)s)
ORDER BY c.is_current DESC, c.id DESC
"""


@dataclass(frozen=True, slots=True)
class OpenCart:
    """An open cart in a list."""

    id: int
    name: str
    is_current: bool
    seller_id: int
    seller_name: str
    created_at: datetime
    sent_back_note: str
    lines: int


def codes_of(cart_id: int) -> list[str]:
    """The coupon codes in a cart, as they were typed."""
    return list(CartCoupon.objects.filter(cart_id=cart_id).values_list("code", flat=True))


def cart_view(
    actor: Actor, cart: Cart, chain: Chain, *, channel: str = "web", delivery_address_id: int | None = None
) -> CartView:
    """The cart with prices, stock and what is wrong with each line, promotions and charges, for a delivery there (None:
    to the usual address). Some six statements whatever its length, more for kits, configurations and gifts.

    Raises NotAllowed. The currency is that of the first priced line, else the buyer's own.
    """
    require_reader(actor, cart)
    with connection.cursor() as cursor:
        cursor.execute(LINES, {"chain": chain or NO_STEPS, "cart": cart.pk, "buyer": cart.buyer_id})
        rows = [_Row(*row) for row in cursor.fetchall()]
    basket = _basket(actor, cart, rows, channel, delivery_address_id)
    currency = basket.currency
    parts = contents_of([row.product_id for row in rows if row.kind == "kit"])
    goods = [*(row.product_id for row in rows), *(one.product_id for some in parts.values() for one in some)]
    stock = available(goods) if rows else {}
    reckoned = reckon(
        basket,
        [_priced(row, currency) for row in rows],
        chain=chain,
        chosen={number: row.chosen for number, row in enumerate(rows) if row.chosen},
    )
    wanted: dict[int, Decimal] = {}
    for row in rows:
        if row.factor is not None:
            base = in_base_units(row.quantity, row.factor)
            for product, each in _taken(row, parts):
                wanted[product] = wanted.get(product, ZERO) + in_base_units(base, each)
    short = short_of(wanted, stock)
    configured = judged([(row.product_id, row.code) for row in rows if row.code], get_language() or "")
    lines = []
    for row, priced in zip(rows, reckoned.lines, strict=True):
        is_short = any(product in short for product, _each in _taken(row, parts))
        line = _line(row, priced, stock, is_short, parts.get(row.product_id, ()))
        lines.append(_with_choices(line, row, configured))
    return CartView(
        cart_id=cart.pk,
        revision=cart.revision,
        lines=lines,
        currency=currency,
        reckoned=reckoned,
        gifts=_gifts(reckoned),
        codes={code: reckoned.judged.refused.get(code, "") for code in basket.codes},
    )


def _basket(
    actor: Actor, cart: Cart, rows: Sequence["_Row"], channel: str, delivery_address_id: int | None
) -> Basket:
    """Who trades, without the lines. In the currency of the first line that has a price, else the buyer's own."""
    about = {
        "cart": cart.pk,
        "buyer": cart.buyer_id,
        "seller": cart.seller_id,
        "address": delivery_address_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(TRADE, about)
        own_currency, account, country, postcode, codes = cursor.fetchone() or ("", None, "", "", [])
    return Basket(
        seller_id=cart.seller_id,
        buyer_id=cart.buyer_id,
        account_id=account,
        membership_id=actor.membership_id,
        channel=channel,
        currency=next((row.currency for row in rows if row.currency), None) or own_currency,
        at=clock.now(),
        lines=(),
        delivery_country=country,
        delivery_postcode=postcode,
        codes=codes,
    )


def _priced(row: "_Row", currency: str) -> BasketLine | None:
    """The line at its price. One in another currency is no price here: sums would add euros to dollars."""
    if row.amount is None or row.price_base is None or row.factor is None:
        return None
    if row.amount <= 0 or row.currency != currency or row.status == HIDDEN:
        return None
    base_quantity = in_base_units(row.quantity, row.factor)
    return BasketLine(
        product_id=row.product_id,
        unit=row.unit,
        quantity=row.quantity,
        base_quantity=base_quantity,
        unit_price=row.amount,
        price_base=row.price_base,
        net=line_net(
            unit_price=row.amount, price_base=row.price_base, quantity=base_quantity, currency=currency
        ),
        tax_category=row.tax_category,
        price_source=f"list:{row.price_list_id}",
    )


def _gifts(reckoned: Reckoned) -> list[GiftView]:
    if not reckoned.gifts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(GIFTS, [[one.product_id for one in reckoned.gifts]])
        known = {key: facts for key, *facts in cursor.fetchall()}
    return [
        GiftView(
            product_id=one.product_id,
            **dict(zip(("sku", "name", "slug", "unit"), known[one.product_id], strict=True)),
            quantity=one.base_quantity,
            reason=one.name,
        )
        for one in reckoned.gifts
    ]


def _taken(row: "_Row", parts: Mapping[int, Sequence[Part]]) -> list[tuple[int, Decimal]]:
    """What a line takes from stock for each base unit: goods themselves, of a kit its goods."""
    if row.kind == "goods":
        return [(row.product_id, Decimal(1))]
    return [(one.product_id, one.quantity) for one in parts.get(row.product_id, ()) if one.is_stocked]


class _Row(NamedTuple):
    """A row of LINES; unit terms are None when the article is not sold by that unit any more."""

    id: int
    product_id: int
    sku: str
    name: str
    slug: str
    status: str
    kind: str
    base_unit: str
    tax_category: str
    unit: str
    factor: Decimal | None
    minimum: Decimal | None
    multiple: Decimal | None
    maximum: Decimal | None
    is_agreed: bool
    quantity: Decimal
    note: str
    revision: int
    added_by_name: str
    changed_by_name: str
    amount: Decimal | None
    price_base: Decimal | None
    price_list_id: int | None
    currency: str | None
    own_number: str
    code: str
    configuration_id: int | None
    chosen: list[str]

    @property
    def terms(self) -> UnitTerms:
        one = Decimal(1)
        return UnitTerms(
            unit=self.unit,
            factor=self.factor or one,
            minimum=self.minimum or one,
            multiple=self.multiple or one,
            maximum=self.maximum,
        )


def _line(
    row: _Row, priced: BasketLine | None, stock: dict[int, Decimal], is_short: bool, parts: Sequence[Part]
) -> CartLineView:
    terms = row.terms
    base_quantity = in_base_units(row.quantity, terms.factor)
    amount = priced.unit_price if priced else None
    free = stock.get(row.product_id, ZERO) if row.kind in ("goods", "kit") and row.status != HIDDEN else None
    problem, message = _problem(row, terms, amount, free if is_short else None) or (None, "")
    return CartLineView(
        id=row.id, product_id=row.product_id, sku=row.sku, name=row.name, slug=row.slug, kind=row.kind,
        base_unit=row.base_unit, tax_category=row.tax_category, unit=row.unit, factor=terms.factor,
        minimum=terms.minimum, multiple=terms.multiple, quantity=row.quantity, base_quantity=base_quantity,
        note=row.note, revision=row.revision, added_by_name=row.added_by_name,
        changed_by_name=row.changed_by_name, amount=amount, price_base=priced.price_base if priced else Decimal(1),
        price_list_id=priced.price_list_id if priced else None, net=priced.net if priced else None, available=free,
        problem=problem, message=message, own_number=row.own_number, parts=parts,
        agreed=agreed_sentence(terms) if row.is_agreed else "", allowance=priced.allowance if priced else ZERO,
    )  # fmt: skip


def _with_choices(
    line: CartLineView, row: _Row, configured: dict[tuple[int, str], Configured]
) -> CartLineView:
    """The line with what was chosen; a configuration that cannot be ordered any more goes before a missing price."""
    if row.kind != "configurable":
        return line
    chosen = configured.get((row.product_id, row.code))
    told = chosen.problem if chosen else line_problem(LineProblem.NOT_CONFIGURED)
    if told and line.problem in (None, LineProblem.NO_PRICE.value):
        line = replace(line, problem=LineProblem.NOT_CONFIGURED.value, message=told)
    if chosen is None:
        return line
    return replace(line, configuration_id=row.configuration_id, choices=chosen.text, chosen=chosen.parts)


def _problem(
    row: _Row, terms: UnitTerms, amount: Decimal | None, too_little: Decimal | None
) -> tuple[str, str] | None:
    """Code and sentence of the first thing that blocks a line; `too_little` is the stock when it does not suffice."""
    if row.status == HIDDEN:
        return LineProblem.NOT_AVAILABLE.value, _(
            "This article is not on sale. Remove the line to order the rest."
        )
    if row.status == "discontinued":
        return LineProblem.DISCONTINUED.value, line_problem(LineProblem.DISCONTINUED)
    if row.status != "active" or row.factor is None:
        return LineProblem.NOT_AVAILABLE.value, line_problem(LineProblem.NOT_AVAILABLE)
    wrong = sales_problem(row.quantity, terms)
    if wrong:
        return wrong
    if amount is None:
        return LineProblem.NO_PRICE.value, line_problem(LineProblem.NO_PRICE)
    if (
        row.kind == "kit"
        and too_little is not None
        and in_base_units(row.quantity, terms.factor) <= too_little
    ):
        message = _(
            "Other lines want what is in it as well. Together there is not enough. Order less of one of them."
        )
        return LineProblem.NOT_ENOUGH_STOCK.value, message
    if too_little is not None:
        message = line_problem(LineProblem.NOT_ENOUGH_STOCK, available=too_little, base_unit=row.base_unit)
        return LineProblem.NOT_ENOUGH_STOCK.value, message
    return None


def cart_by_id(actor: Actor, cart_id: int) -> Cart | None:
    """A cart that the actor may see, else None. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, [cart_id])
        row = cursor.fetchone()
    cart = CARTS.read(row) if row else None
    return cart if cart is not None and reads(actor, cart) else None


def open_carts(actor: Actor) -> list[OpenCart]:
    """The open carts that the actor sees, current ones first. One statement."""
    if actor.buying_company_id is None:
        return []
    seller_id = actor.company_id if actor.acting_for_id else None
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"buyer": actor.buying_company_id, "seller": seller_id})
        return [OpenCart(*row) for row in cursor.fetchall()]
