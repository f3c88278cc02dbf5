"""Many lines at once: pasted from a spreadsheet or repeated from an order. Nothing is dropped silently."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.carts.messages import bad_quantity, sales_problem, wrong_unit
from kontor.carts.models import Cart
from kontor.carts.operations.configured import Chosen
from kontor.carts.operations.lines import NOTE_LENGTH, joined_notes
from kontor.carts.operations.writing import (
    Addition,
    Goods,
    SoldUnit,
    add,
    goods_for,
    lock_cart,
    too_many_lines,
)
from kontor.carts.permissions import require_cart_editor
from kontor.carts.rules import MAX_LINES, BadQuantity, LineProblem, PastedLine, parse_pasted, plain
from kontor.catalog.models import Configuration
from kontor.goods.units import counted, name
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import printable
from kontor.search.queries import lookup_skus, viewer_for

MAX_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenLine:
    """A pasted line that went into the cart. `in_all` is what the cart holds of the article afterwards."""

    no: int
    text: str
    product_id: int
    sku: str
    name: str
    quantity: Decimal
    unit: str
    in_all: Decimal
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedLine:
    """A pasted line that did not, with a stable code and the reason as a sentence."""

    no: int
    text: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasteReport:
    """What became of every line: `added` are new in the cart, `changed` raised a line that was there already."""

    added: list[TakenLine] = field(default_factory=list)
    changed: list[TakenLine] = field(default_factory=list)
    rejected: list[RejectedLine] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.added) + len(self.changed) + len(self.rejected)

    @property
    def taken(self) -> list[TakenLine]:
        """Everything that went in, in the order of the text."""
        return sorted([*self.added, *self.changed], key=lambda one: one.no)


@dataclass(slots=True, kw_only=True)
class _Wish:
    """All good lines for one article in one unit and configuration."""

    goods: Goods
    sold: SoldUnit
    configuration: Configuration | None = None
    lines: list[PastedLine] = field(default_factory=list)
    taken: Decimal = ZERO
    note: str = ""

    @property
    def sku(self) -> str:
        one = self.configuration
        return Configuration.sku(self.goods.sku, one.code) if one else self.goods.sku


@transaction.atomic
def add_lines(*, actor: Actor, cart: Cart, text_or_rows: str | Sequence[PastedLine]) -> PasteReport:
    """Put many lines into the cart; those that cannot go in are reported one by one and stop nobody.

    Lines of the same article add up and are judged by their sum. Raises Refused("too_many_lines") above 5,000 lines
    and Refused("nothing_pasted") for empty text, both at `lines`. The same number of statements for 5 lines or 5,000.
    """
    require_cart_editor(actor, cart)
    pasted = _read(text_or_rows)
    report = PasteReport()
    held = lock_cart(cart, rows=len(pasted))
    wishes = _sorted_out(cart, pasted, report)
    additions: list[Addition] = []
    for wish in wishes:
        _take(wish, report)
        if wish.taken:
            first = cart.revision - len(pasted) + 1
            additions.append(_addition(wish, position=first + len(additions)))
    new = sum(1 for wish in wishes if wish.taken and not wish.sold.in_cart)
    if held + new > MAX_LINES:
        raise too_many_lines(held + new)
    if additions:
        add(cart, additions, name=actor.name)
    for lines in (report.added, report.changed):
        lines.sort(key=lambda one: one.no)
    report.rejected.sort(key=lambda one: one.no)
    counts = {"added": len(report.added), "changed": len(report.changed), "rejected": len(report.rejected)}
    record(actor, "carts.lines_added", ("cart", cart.pk), changes=counts)
    return report


def _read(text_or_rows: str | Sequence[PastedLine]) -> Sequence[PastedLine]:
    if isinstance(text_or_rows, str) and len(text_or_rows) > MAX_CHARACTERS:
        message = _("This is more than a list of articles. Paste at most %(most)d lines.") % {
            "most": MAX_LINES
        }
        raise Refused("too_many_lines", message, {"lines": message})
    pasted = parse_pasted(text_or_rows) if isinstance(text_or_rows, str) else text_or_rows
    if not pasted:
        message = _("Paste one article per line: article number, then quantity.")
        raise Refused("nothing_pasted", message, {"lines": message})
    if len(pasted) > MAX_LINES:
        message = _("These are %(found)d lines; at most %(most)d can be added at once. Paste them in parts.")
        message %= {"found": len(pasted), "most": MAX_LINES}
        raise Refused("too_many_lines", message, {"lines": message})
    return pasted


def _sorted_out(cart: Cart, pasted: Sequence[PastedLine], report: PasteReport) -> list[_Wish]:
    """Lines that name an article, a unit and a quantity, by article and unit; the others go into the report."""
    found = _products(cart, pasted)
    goods = goods_for(cart, found.values())
    chosen = Chosen((goods[found[_key(line)]], line) for line in pasted if found.get(_key(line)) in goods)
    wishes: dict[tuple[int, str, int | None], _Wish] = {}
    for line in pasted:
        one = goods.get(found.get(_key(line), -1))
        if one is None:
            _reject(report, line, "unknown_article", _("No article with this number is sold here."))
        elif not one.is_active:
            _reject(report, line, "discontinued", _("%(name)s is no longer made.") % {"name": one.name})
        elif isinstance(line.quantity, BadQuantity):
            _reject(report, line, line.quantity.value, bad_quantity(line.quantity))
        elif told := chosen.problem(one, line):
            _reject(report, line, LineProblem.NOT_CONFIGURED.value, told)
        else:
            sold = _unit(one, line.unit)
            if sold is None:
                message = wrong_unit(line.unit, [unit.terms.unit for unit in one.units])
                _reject(report, line, "wrong_unit", message)
                continue
            configuration = chosen.configuration(one, line)
            key = (one.product_id, sold.terms.unit, configuration.pk if configuration else None)
            sold = one.sold_by(*key[1:]) or sold
            wish = wishes.setdefault(key, _Wish(goods=one, sold=sold, configuration=configuration))
            wish.lines.append(line)
    return list(wishes.values())


def _key(line: PastedLine) -> str | int:
    return line.sku if line.product_id is None else line.product_id


def _products(cart: Cart, pasted: Sequence[PastedLine]) -> dict[str | int, int]:
    """The product of each line's SKU as typed; rows that name a product keep it."""
    found: dict[str | int, int] = {
        one.product_id: one.product_id for one in pasted if one.product_id is not None
    }
    skus = list({one.sku for one in pasted if one.product_id is None and one.sku and one.sku.isprintable()})
    if skus:
        hits = lookup_skus(viewer_for(cart.buyer_id), skus, seller_id=cart.seller_id)
        found |= {sku: hit.product_id for sku, hit in hits.items()}
    return found


def _unit(goods: Goods, typed: str) -> SoldUnit | None:
    """The unit that was typed, as a code or a word; without one the unit that is offered first."""
    if not typed:
        return goods.units[0] if goods.units else None
    wanted = printable(typed).casefold()
    for sold in goods.units:
        code = sold.terms.unit
        several = counted(Decimal(2), code).removeprefix("2").strip()
        if wanted in {code.casefold(), name(code).casefold(), several.casefold()}:
            return sold
    return None


def _take(wish: _Wish, report: PasteReport) -> None:
    """Take all lines when their sum can be sold, else one after the other as far as they can."""
    wish.note = wish.sold.note
    whole = sum((_quantity(line) for line in wish.lines), ZERO)
    all_fit = sales_problem(wish.sold.in_cart + whole, wish.sold.terms) is None
    for line in wish.lines:
        in_all = wish.sold.in_cart + wish.taken + _quantity(line)
        problem = None if all_fit else sales_problem(in_all, wish.sold.terms)
        try:
            note = joined_notes(wish.note, printable(line.note)) if problem is None else ""
        except Refused as refusal:
            problem = (refusal.code, refusal.message)
        if problem:
            _reject(report, line, *problem)
            continue
        wish.note = note
        is_new = not wish.sold.in_cart and not wish.taken
        wish.taken += _quantity(line)
        _report(report, wish, line, is_new=is_new)


def _quantity(line: PastedLine) -> Decimal:
    return line.quantity if isinstance(line.quantity, Decimal) else ZERO


def _report(report: PasteReport, wish: _Wish, line: PastedLine, *, is_new: bool) -> None:
    terms, in_all = wish.sold.terms, plain(wish.sold.in_cart + wish.taken)
    message = counted(_quantity(line), terms.unit)
    if not is_new:
        message = _("%(added)s added, %(in_all)s in all.") % {
            "added": message,
            "in_all": counted(in_all, terms.unit),
        }
    taken = TakenLine(
        no=line.no, text=line.raw[:NOTE_LENGTH], product_id=wish.goods.product_id, sku=wish.sku,
        name=wish.goods.name, quantity=_quantity(line), unit=terms.unit, in_all=in_all, message=message,
    )  # fmt: skip
    (report.added if is_new else report.changed).append(taken)


def _reject(report: PasteReport, line: PastedLine, code: str, message: str) -> None:
    text = printable(line.raw or line.sku)[:NOTE_LENGTH]
    report.rejected.append(RejectedLine(no=line.no, text=text, code=code, message=message))


def _addition(wish: _Wish, *, position: int) -> Addition:
    return Addition(
        product_id=wish.goods.product_id, unit=wish.sold.terms.unit, quantity=wish.taken, note=wish.note,
        position=position, configuration_id=wish.configuration.pk if wish.configuration else None,
    )  # fmt: skip
