"""The goods behind cart, offer and entered lines, checked as they are at this moment and ready to be priced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.carts.messages import line_problem, sales_problem
from kontor.carts.rules import LineProblem, UnitTerms
from kontor.catalog.queries import Part, contents_of, judged
from kontor.kernel.money import MAX_QUANTITY
from kontor.kernel.refusal import Refused
from kontor.orders.draft import DraftLine, in_base_units

_FACTS = """
SELECT l.quantity, l.note, p.id, p.sku || COALESCE(':' || g.code, ''), p.name || COALESCE(' (' || g.text || ')', ''),
    p.kind, p.base_unit, p.tax_category, p.status, {seller}, l.unit,
    {factor}, COALESCE(u.minimum, 0), COALESCE(u.multiple, 1), u.maximum, g.id,
    COALESCE(g.code, ''), g.parts, {contents}
"""
_CHOSEN = "LEFT JOIN catalog_configuration g ON g.id = l.configuration_id"
_UNIT = "LEFT JOIN catalog_sales_unit u ON u.product_id = p.id AND u.unit = l.unit"
# An offer and an entered order bind as they are written; a cart buys by the rules agreed with its buyer.
_UNIT_OF_BUYER = "LEFT JOIN LATERAL catalog_units_for(p.id, cart.buyer_id) u ON u.unit = l.unit"
# What the buyer may not see is answered like what nobody sells. The scalar subquery is asked once per statement.
SEEN_SELLER = """CASE WHEN p.assortments && (SELECT catalog_assortments_of(buyer_id) FROM carts_cart WHERE id = %s)
    THEN p.seller_id ELSE 0 END"""
OF_CART = f"""
{_FACTS.format(factor="u.factor", seller=SEEN_SELLER, contents="NULL")} FROM carts_line l
JOIN carts_cart cart ON cart.id = l.cart_id
JOIN catalog_product p ON p.id = l.product_id {_UNIT_OF_BUYER} {_CHOSEN}
WHERE l.cart_id = %s ORDER BY l.position, l.id
"""
OF_OFFER = f"""
{_FACTS.format(factor="l.factor", seller="p.seller_id", contents="l.contents")} FROM quotes_offer_line l
JOIN catalog_product p ON p.id = l.product_id {_UNIT} {_CHOSEN}
WHERE l.offer_id = %s ORDER BY l.position
"""
GIVEN_FACTOR = "CASE WHEN l.unit IN ('', p.base_unit) THEN COALESCE(u.factor, 1) ELSE u.factor END"
GIVEN = f"""
{_FACTS.format(factor=GIVEN_FACTOR, seller="p.seller_id", contents="NULL")}
FROM unnest(%s::bigint[], %s::text[], %s::numeric[], %s::text[], %s::bigint[])
    WITH ORDINALITY AS l (product_id, unit, quantity, note, configuration_id, no)
LEFT JOIN catalog_product p ON p.id = l.product_id {_UNIT} {_CHOSEN} ORDER BY l.no
"""


@dataclass(frozen=True, slots=True)
class Ware:
    """A line as somebody wants it, with the product's facts; a product or unit that does not exist is None."""

    quantity: Decimal
    note: str
    product_id: int | None
    sku: str
    name: str
    kind: str
    base_unit: str
    tax_category: str
    status: str
    seller_id: int
    unit: str
    factor: Decimal | None
    minimum: Decimal
    multiple: Decimal
    maximum: Decimal | None
    configuration_id: int | None
    code: str
    chosen: Sequence[str] | None
    parts: Sequence[Part] = ()

    def draft(self, number: int) -> DraftLine:
        """The line of an order, without a price yet; `number` counts from 0. Raises Refused("quantity_wrong")."""
        if self.product_id is None or self.factor is None:
            raise ValueError("only a line that was checked becomes part of an order")
        return DraftLine(
            product_id=self.product_id,
            sku=self.sku,
            name=self.name,
            kind=self.kind,
            unit=self.unit or self.base_unit,
            factor=self.factor,
            quantity=self.quantity,
            base_unit=self.base_unit,
            base_quantity=in_base_units(self.quantity, self.factor, number),
            tax_category=self.tax_category,
            note=self.note,
            parts=self.parts,
            configuration_id=self.configuration_id,
            chosen=tuple(self.chosen or ()),
        )


def wares_of_cart(cart_id: int) -> list[Ware]:
    """The lines of a cart, in its order. One statement."""
    return _read(OF_CART, [cart_id, cart_id])


def wares_of_offer(offer_id: int) -> list[Ware]:
    """The lines of an offer, in its order. One statement."""
    return _read(OF_OFFER, [offer_id])


def wares_given(
    product_ids: Sequence[int],
    units: Sequence[str],
    quantities: Sequence[Decimal],
    notes: Sequence[str],
    configuration_ids: Sequence[int | None] = (),
) -> list[Ware]:
    """The goods of lines that came from somewhere else, in their order; without a unit the base unit. One statement."""
    columns = (product_ids, units, quantities, notes, configuration_ids)
    return _read(GIVEN, [list(column) for column in columns])


def _read(sql: str, parameters: list[Any]) -> list[Ware]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        wares = [Ware(*(*facts, _kept(contents))) for *facts, contents in cursor.fetchall()]
    kits = {ware.product_id for ware in wares if ware.kind == "kit" and ware.product_id and not ware.parts}
    parts = contents_of(sorted(kits))
    return [
        replace(ware, parts=parts[ware.product_id]) if ware.product_id in parts and not ware.parts else ware
        for ware in wares
    ]


def _kept(contents: str | None) -> list[Part]:
    """What an offer says is in its kit; offers that were sent before they said so get what is in it now."""
    return [Part.from_facts(one) for one in orjson.loads(contents or "[]")]


def problems_of(
    wares: Sequence[Ware], *, seller_id: int, steps: bool, drafts: bool = False
) -> dict[int, str]:
    """Sentences by line (from 0) for what cannot be ordered; `steps` asks for minimum and multiple as well."""
    found = {}
    for number, ware in enumerate(wares):
        sentence = _not_orderable(ware, seller_id, drafts) or (_off_step(ware) if steps else None)
        if sentence:
            found[number] = sentence
    return found


def outdated(wares: Sequence[Ware]) -> dict[int, str]:
    """Sentences by line (from 0) for configurations that cannot be ordered any more as the options are now."""
    asked = [(ware.product_id, ware.code) for ware in wares if ware.product_id is not None and ware.code]
    stands = judged(asked, get_language() or "")
    told = ((number, stands.get((ware.product_id or 0, ware.code))) for number, ware in enumerate(wares))
    return {number: one.problem for number, one in told if one and one.problem}


def _not_orderable(ware: Ware, seller_id: int, drafts: bool) -> str | None:
    if ware.product_id is None or ware.seller_id != seller_id:
        return _("This seller does not sell this article.")
    if ware.kind == "model":
        return _("This is a model. Choose one of its variants.")
    if (ware.kind == "configurable") != (ware.configuration_id is not None):
        return line_problem(LineProblem.NOT_CONFIGURED)
    if ware.status != "active" and not drafts:
        return line_problem(LineProblem.DISCONTINUED)
    if ware.factor is None:
        return line_problem(LineProblem.NOT_AVAILABLE)
    if not ware.quantity.is_finite() or ware.quantity <= 0:
        return _("Enter a quantity above 0.")
    return _no_whole_kit(ware) if ware.kind == "kit" else None


def _no_whole_kit(ware: Ware) -> str | None:
    if not any(part.is_stocked for part in ware.parts):
        return line_problem(LineProblem.NOT_AVAILABLE)
    kits = ware.quantity * (ware.factor or Decimal(1))
    if kits != round(kits) or any(part.quantity * kits > MAX_QUANTITY for part in ware.parts):
        return _("A kit is sold whole. Enter a whole number that is not too large.")
    return None


def _off_step(ware: Ware) -> str | None:
    terms = UnitTerms(
        unit=ware.unit,
        factor=ware.factor or Decimal(1),
        minimum=ware.minimum,
        multiple=ware.multiple,
        maximum=ware.maximum,
    )
    problem = sales_problem(ware.quantity, terms)
    return problem[1] if problem else None


def refuse_lines(problems: Mapping[int, str]) -> None:
    """Raises Refused("lines_not_orderable") with each sentence at its line, when there are any."""
    if problems:
        raise Refused(
            "lines_not_orderable",
            _("Some lines cannot be ordered as they stand. Nothing was ordered yet."),
            {f"lines/{number}/quantity": sentence for number, sentence in problems.items()},
        )
