"""Why a line costs what it costs, kept with it: the short form of `pricing.explain`, for all lines of an order at once.

As JSON: `kind` (``list``: the public one, ``contract``: a list of the customer's own, ``special``: one that others have
too), `list` and `name`, `from` and `formula` where the list derives the price from another one, `agreement`, `break` in
base units from which the price counts, `lowest` where the cheapest list counts, `asked` for lists asked before in vain,
`used_up` for contracts with less left than the line wants.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from kontor.goods.units import counted
from kontor.kernel import clock
from kontor.kernel.money import ZERO
from kontor.pricing.queries import NO_STEPS, Chain

# Of the steps of the winning list the first whose source says something about the article gave the price.
GROUNDS = """
WITH steps AS MATERIALIZED (
    SELECT s.*, l.name, l.is_public FROM unnest(%(chain)s::pricing_step[]) WITH ORDINALITY
        AS s (list, source, factor, addend, round_to, ending, graduated, lowest, place)
    JOIN pricing_price_list l ON l.id = s.list
), lists AS (
    SELECT o.list, o.name, o.is_public, ARRAY(
        SELECT e.name FROM steps e GROUP BY e.list, e.name HAVING min(e.place) < min(o.place) ORDER BY min(e.place)
    ) AS asked, (SELECT g.number FROM agreements_agreement g WHERE g.price_list_id = o.list) AS agreement, EXISTS (
        SELECT FROM pricing_assignment a JOIN pricing_scope c ON c.id = a.scope_id
        WHERE a.price_list_id = o.list AND c.account_id = %(account)s) AS is_own
    FROM steps o GROUP BY o.list, o.name, o.is_public
)
SELECT w.no - 1, lists.list, lists.name, lists.is_public, lists.is_own, lists.agreement, lists.asked,
    s.source, b.name, s.factor, s.addend, s.round_to, s.ending, s.lowest
FROM unnest(%(products)s::bigint[], %(lists)s::bigint[], %(units)s::text[]) WITH ORDINALITY
    AS w (product, list, unit, no)
JOIN lists ON lists.list = w.list
CROSS JOIN LATERAL (
    SELECT * FROM steps WHERE steps.list = w.list AND EXISTS (
        SELECT FROM pricing_price p WHERE p.product_id = w.product AND p.price_list_id = steps.source
            AND p.unit IN ('', w.unit) AND COALESCE(p.valid_from <= %(at)s, true)
            AND COALESCE(%(at)s < p.valid_until, true))
    ORDER BY steps.place LIMIT 1) AS s
JOIN pricing_price_list b ON b.id = s.source
"""


@dataclass(frozen=True, slots=True)
class Bought:
    """A line as its grounds look at it; `least` is where the break begins, `passed_over` contracts with too little."""

    product_id: int
    price_list_id: int | None
    unit: str
    least: Decimal | None = None
    passed_over: Collection[int] = ()


class _Row(NamedTuple):
    no: int
    list_id: int
    name: str
    is_public: bool
    is_own: bool
    agreement: str | None
    asked: list[str]
    source_id: int
    source_name: str
    factor: Decimal
    addend: Decimal
    round_to: Decimal | None
    ending: Decimal
    lowest: bool


def grounds_of(chain: Chain, account_id: int, lines: Sequence[Bought]) -> list[dict[str, Any]]:
    """The grounds of each line, {} where its price is from no list. One statement, a second for contracts used up."""
    grounds: list[dict[str, Any]] = [{} for _line in lines]
    if not any(line.price_list_id for line in lines):
        return grounds
    about: dict[str, Any] = {
        "chain": chain or NO_STEPS,
        "account": account_id,
        "at": clock.now(),
        "products": [line.product_id for line in lines],
        "lists": [line.price_list_id for line in lines],
        "units": [line.unit for line in lines],
    }
    with connection.cursor() as cursor:
        cursor.execute(GROUNDS, about)
        rows = [_Row(*row) for row in cursor.fetchall()]
    names = _names({one for line in lines for one in line.passed_over})
    for row in rows:
        grounds[row.no] = _told(row, lines[row.no], names)
    return grounds


def _told(row: _Row, line: Bought, names: Mapping[int, str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": "list" if row.is_public else "contract" if row.is_own or row.agreement else "special",
        "list": row.list_id,
        "name": row.name,
    }
    if row.source_id != row.list_id:
        told["from"] = row.source_name
        told["formula"] = {
            "factor": f"{row.factor.normalize():f}",
            "addend": f"{row.addend.normalize():f}",
            "round_to": None if row.round_to is None else f"{row.round_to.normalize():f}",
            "ending": f"{row.ending.normalize():f}",
        }
    used_up = [names[one] for one in line.passed_over if one in names]
    further: dict[str, Any] = {
        "agreement": row.agreement,
        "break": f"{line.least.normalize():f}" if line.least and line.least > 1 else None,
        "lowest": row.lowest or None,
        "used_up": used_up or None,
        "asked": [name for name in row.asked if name not in used_up] or None,
    }
    return told | {name: value for name, value in further.items() if value}


def _names(ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM pricing_price_list WHERE id = ANY (%s)", [sorted(ids)])
        return dict(cursor.fetchall())


def sentence(grounds: Mapping[str, Any], source: str, base_unit: str) -> str:
    """Where a price is from, as the buyer is told; names of lists are the seller's own business."""
    if source.startswith("offer:"):
        return _("Price of your offer.")
    if source.startswith("promotion:"):
        return _("Free of charge, by a promotion.")
    if source in ("manual", "free"):
        return _("As agreed with the seller.")
    if not grounds:
        return ""
    if grounds.get("agreement"):
        where = _("Price of your agreement %(number)s") % {"number": grounds["agreement"]}
    else:
        kinds = {
            "list": _("List price"),
            "contract": _("Your own price"),
            "special": _("Price for customers like you"),
        }
        where = kinds.get(str(grounds.get("kind")), "")
    least = Decimal(grounds.get("break") or ZERO)
    if least:
        where = _("%(price)s, from %(quantity)s") % {"price": where, "quantity": counted(least, base_unit)}
    if grounds.get("used_up"):
        return _("%(price)s. Less was left at your agreed price than you ordered.") % {"price": where}
    return f"{where}."


def for_staff(grounds: Mapping[str, Any], base_unit: str) -> list[str]:
    """The grounds as the seller's people read them, line by line."""
    if not grounds:
        return []
    told = [_("From “%(name)s”.") % {"name": grounds["name"]}]
    if grounds.get("formula"):
        told[0] = _("From “%(name)s”, worked out from “%(basis)s”: %(formula)s.") % {
            "name": grounds["name"],
            "basis": grounds["from"],
            "formula": _formula(grounds["formula"]),
        }
    if grounds.get("agreement"):
        told.append(_("Agreement %(number)s.") % {"number": grounds["agreement"]})
    if grounds.get("break"):
        told.append(_("From %(quantity)s.") % {"quantity": counted(Decimal(grounds["break"]), base_unit)})
    if grounds.get("lowest"):
        told.append(_("The lowest price counts."))
    if grounds.get("used_up"):
        told.append(_("Used up: %(names)s.") % {"names": ", ".join(grounds["used_up"])})
    if grounds.get("asked"):
        told.append(_("Asked before: %(names)s.") % {"names": ", ".join(grounds["asked"])})
    return told


def _formula(formula: Mapping[str, str | None]) -> str:
    parts = [f"× {formula['factor']}"]
    if formula["addend"] != "0":
        parts.append(f"+ {formula['addend']}")
    if formula["round_to"]:
        parts.append(_("rounded to %(step)s") % {"step": formula["round_to"]})
    if formula["ending"] != "0":
        parts.append(_("ending %(ending)s") % {"ending": formula["ending"]})
    return " ".join(parts)
