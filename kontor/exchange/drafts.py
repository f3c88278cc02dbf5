"""A row of a file as what is to be written, as far as the row itself can say. No database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from kontor.catalog.operations.facts import TEXTS
from kontor.exchange.fields import ERROR_OF_SHEET, CellProblem, Read, Signs, class_from, split_target
from kontor.exchange.plan import IGNORED, Plan
from kontor.exchange.subjects import Subject
from kontor.goods.attributes import LONGEST_TEXT
from kontor.tables import Row

ONE = Decimal(1)


@dataclass(slots=True)
class Draft:
    """`facts` has only the fields that the row gives, `attributes` the raw texts of values by code (None: emptied)."""

    line: int
    cells: Mapping[str, str]
    sku: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, str | None] = field(default_factory=dict)
    single_specs: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    classes: list[tuple[str, str, str]] = field(default_factory=list)
    prices: dict[Decimal, Decimal] = field(default_factory=dict)
    price_base: Decimal = ONE
    currency: str = ""
    stock: Decimal | None = None
    bin: str | None = None
    pictures: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def changes_product(self) -> bool:
        return bool(self.facts or self.attributes or self.single_specs or self.texts or self.classes)


Take = Callable[[Sequence[Draft]], None]
"""Takes the cells of one column into the drafts of a batch."""
Store = Callable[[Draft, Any], None]
REMEMBERED = 5_000
"""Texts of a column whose meaning is remembered: brands, units and sizes come again and again."""


class _Values(dict[str, Any]):
    """What the texts of a column mean: a value, or the CellProblem that says why there is none."""

    def __init__(self, read: Read, signs: Signs) -> None:
        self._read, self._signs = read, signs

    def __missing__(self, text: str) -> Any:
        found: Any
        try:
            found = self._read(meant(text), self._signs)
        except CellProblem as problem:
            found = problem
        if len(self) < REMEMBERED:
            self[text] = found
        return found


def meant(text: str) -> str:
    """Without the apostrophe of a text that reads as an error. Raises CellProblem for an error."""
    if text[0] not in "#'" or not ERROR_OF_SHEET.fullmatch(text.strip()):
        return text
    if text[0] == "#":
        raise CellProblem(_("The spreadsheet shows an error here (%(text)s).") % {"text": text.strip()})
    return text[1:]


def drafter(plan: Plan, names: Sequence[str]) -> Callable[[Sequence[Row]], list[Draft]]:
    """A function that makes drafts of a batch of rows, column by column in the order of `names`."""
    places = {name: place for place, name in enumerate(names)}
    columns = sorted(plan.columns, key=lambda name: places.get(name, len(places)))
    takes = [_take_constant(target, text, plan) for target, text in plan.constants.items() if text]
    takes += [_take(column, plan) for column in columns if plan.columns[column] != IGNORED]

    def drafts_of(rows: Sequence[Row]) -> list[Draft]:
        drafts = [Draft(row.line, row.cells) for row in rows]
        for draft, row in zip(drafts, rows, strict=True):
            if row.problem:
                draft.problems.append(("", row.problem))
        for take in takes:
            take(drafts)
        for draft in drafts:
            _finish(draft)
        return drafts

    return drafts_of


def _take(column: str, plan: Plan) -> Take:
    """How the cells of a column go into the drafts."""
    target = plan.columns[column]
    key, rest = split_target(target)
    cuts = plan.shortens and key != "sku"
    longest = (LONGEST_TEXT if key == "attribute" else TEXTS.get(key, 0)) if cuts else 0
    values, store = _Values(_read(plan.about, key, rest), plan.signs), _store(plan.about, key, rest)
    empty = _empty(plan.about, target) if plan.clears else None

    def take(drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            text = draft.cells.get(column)
            if text is None:
                continue
            if not text or text.isspace():
                if empty:
                    empty(draft)
                continue
            if longest and len(text) > longest:
                counts = {"most": longest, "n": len(text)}
                draft.notes.append((column, _("Shortened from %(n)s to %(most)s characters.") % counts))
                text = text[:longest].rstrip()
            value = values[text]
            if value.__class__ is CellProblem:
                draft.problems.append((column, str(value)))
            else:
                store(draft, value)

    return take


def _take_constant(target: str, text: str, plan: Plan) -> Take:
    key, rest = split_target(target)
    value, store = _Values(_read(plan.about, key, rest), plan.signs)[text], _store(plan.about, key, rest)

    def take(drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            if isinstance(value, CellProblem):
                draft.problems.append(("", str(value)))
            else:
                store(draft, value)

    return take


def _read(subject: Subject, key: str, rest: str) -> Read:
    return (lambda text, _signs: class_from(rest, text)) if key == "class" else subject.fields[key].read


def _store(subject: Subject, key: str, rest: str) -> Store:
    if key == "sku":
        return lambda draft, value: setattr(draft, "sku", value)
    if key == "attribute":
        return lambda draft, value: draft.attributes.__setitem__(rest, value)
    if key == "specification":
        return lambda draft, value: draft.single_specs.__setitem__(rest, value)
    if rest and subject.fields[key].takes == "language":
        return lambda draft, value: draft.texts.setdefault(rest, {}).__setitem__(key, value)
    if key == "class":
        return lambda draft, value: draft.classes.append(value)
    if key == "price":
        least = Decimal(rest) if rest else ONE
        return lambda draft, value: draft.prices.__setitem__(least, value)
    return _STORES.get(key) or (lambda draft, value: draft.facts.__setitem__(key, value))


def _store_price_from(draft: Draft, value: Decimal) -> None:
    draft.facts["price_from"] = value


_STORES: dict[str, Store] = {
    "weight_kg": lambda draft, value: draft.facts.__setitem__("weight_grams", value),
    "price_from": _store_price_from,
    "price_base": lambda draft, value: setattr(draft, "price_base", value),
    "price_currency": lambda draft, value: setattr(draft, "currency", value.upper()),
    "stock": lambda draft, value: setattr(draft, "stock", value),
    "bin": lambda draft, value: setattr(draft, "bin", value[:20]),
    "picture": lambda draft, value: draft.pictures.extend(value),
}


def _empty(subject: Subject, target: str) -> Callable[[Draft], None]:
    key, rest = split_target(target)
    key = "weight_grams" if key == "weight_kg" else key
    if key == "attribute":
        return lambda draft: draft.attributes.__setitem__(rest, None)
    if rest and subject.fields[key].takes == "language":
        return lambda draft: draft.texts.setdefault(rest, {}).__setitem__(key, "")
    if key in subject.cleared:
        return lambda draft: draft.facts.__setitem__(key, subject.cleared[key])
    return lambda draft: None


def _finish(draft: Draft) -> None:
    """What only the whole row can say."""
    if not draft.sku and not any(column for column, _message in draft.problems):
        draft.problems.append(("", _("The row has no SKU.")))
    least = draft.facts.pop("price_from", None)
    if least is not None and ONE in draft.prices:
        draft.prices[least] = draft.prices.pop(ONE)
    name = draft.facts.get("name")
    if name is not None:
        draft.facts["slug"] = slugify(name)[:280] or slugify(draft.sku) or "product"
    begins, ends = draft.facts.get("on_sale_from"), draft.facts.get("on_sale_until")
    if begins and ends and not isinstance(begins, str) and not isinstance(ends, str) and ends <= begins:
        draft.problems.append(("", _("It goes off sale before it goes on sale.")))
    specs: Sequence[Any] = draft.facts.get("specifications") or ()
    if specs and draft.single_specs:
        draft.problems.append(("", _("Give specifications in one column or in several, not both.")))
