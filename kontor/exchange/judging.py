"""Drafts compared with what is there: which rows can be written, and why the others cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from kontor.catalog.models import Product
from kontor.catalog.operations.facts import fitting_values
from kontor.catalog.operations.status import MOVES, READY
from kontor.catalog.queries import languages_of_seller
from kontor.exchange.bulk.products import ProductRow
from kontor.exchange.drafts import Draft
from kontor.exchange.fields import CellProblem
from kontor.exchange.kits import Parts
from kontor.exchange.plan import Plan
from kontor.exchange.surroundings import Families, Known, Shelves, existing, kept_json
from kontor.goods.attributes import Trait, asked_of, parse_value
from kontor.goods.rules import clean_specifications
from kontor.goods.units import decimals
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused

STATUS, KIND = Product.Status, Product.Kind
FOLLOWING: Mapping[str, frozenset[str]] = {str(one): frozenset(some) for one, some in MOVES.items()}
APART = ("category", "family", "units", "components")
"""Facts that are no column of the product."""


@dataclass(slots=True)
class Judge:
    """Judges batches of one run. `seen` holds the digests of the SKUs so far: a SKU that comes twice is wrong."""

    plan: Plan
    seller_id: int
    shelves: Shelves
    families: Families
    language: str
    """That of localised texts of attributes; figures are written as the plan says."""
    currency: str = ""
    once: bool = True
    seen: set[int] = field(default_factory=set)
    parts: Parts = field(init=False)

    def __post_init__(self) -> None:
        self.parts = Parts(self.seller_id, keeps="components" in self.plan.targets)

    def judge(
        self, drafts: Sequence[Draft]
    ) -> tuple[list[tuple[Draft, ProductRow | None]], dict[str, Known]]:
        """The drafts without problems, with what is to be written of the product; and the products that are there.

        What is wrong is noted in `problems` of the other drafts.
        """
        for draft in drafts:
            self._check_once(draft)
        return self.judge_anew(drafts)

    def judge_anew(
        self, drafts: Sequence[Draft]
    ) -> tuple[list[tuple[Draft, ProductRow | None]], dict[str, Known]]:
        """The same for drafts that have been judged, against what is there now."""
        there = existing(self.seller_id, [one.sku for one in drafts if one.sku])
        attributes = self._kept(drafts, there, "attributes")
        specifications = self._kept(drafts, there, "specifications")
        self.parts.look_up(drafts, [one.id for one in there.values() if one.kind == KIND.KIT])
        changes = "product" in self.plan.groups
        good: list[tuple[Draft, ProductRow | None]] = []
        for draft in drafts:
            known = there.get(draft.sku)
            row = None
            if known is None and "name" not in draft.facts and not draft.problems:
                draft.problems.append(("", self._not_there(draft)))
            elif changes and draft.changes_product and draft.sku:
                kept = attributes.get(known.id) if known else None
                specs = specifications.get(known.id) if known else None
                row = self._row(draft, known, _json(kept) or {}, _json(specs) or [])
            if draft.problems:
                continue
            kind, unit = _kind_and_unit(draft, known)
            self._check_rest(draft, kind, unit)
            if not draft.problems:
                good.append((draft, row))
                self.parts.remember(draft.sku, kind, unit)
        return good, there

    def _check_once(self, draft: Draft) -> None:
        if not draft.sku:
            return
        breaks = () if self.once else draft.prices
        keys = [hash((draft.sku, least)) for least in breaks] or [hash(draft.sku)]
        if not self.seen.isdisjoint(keys):
            draft.problems.append(("", _("The SKU %(sku)s stands in this file twice.") % {"sku": draft.sku}))
        self.seen.update(keys)

    def _not_there(self, draft: Draft) -> str:
        if "name" in self.plan.targets:
            return _("The article %(sku)s is new and has no name.") % {"sku": draft.sku}
        return _("You have no article %(sku)s.") % {"sku": draft.sku}

    def _kept(self, drafts: Sequence[Draft], there: Mapping[str, Known], column: str) -> dict[int, Any]:
        """What is there already of products of which only a part is changed, or whose readiness is asked for."""
        wanted = []
        for draft in drafts if "product" in self.plan.groups else ():
            known = there.get(draft.sku)
            if known is None:
                continue
            if column == "specifications":
                asks = bool(draft.single_specs)
            else:
                asks = "family" in draft.facts or (
                    draft.facts.get("status") in READY and known.status not in READY
                )
            if asks:
                wanted.append(known.id)
        return kept_json(wanted, column) if wanted else {}

    def _row(
        self, draft: Draft, known: Known | None, attributes: Mapping[str, Any], specs: list[dict[str, str]]
    ) -> ProductRow:
        values = {name: value for name, value in draft.facts.items() if name not in APART}
        row = ProductRow(
            known.id if known else None, draft.sku, values, texts=draft.texts, classes=draft.classes
        )
        row.units = draft.facts.get("units")
        row.components = draft.facts.get("components")
        self._place(draft, values)
        family = values.get("family_id", known.family if known else None)
        self._attributes(draft, row, family)
        if known and "family_id" in values and values["family_id"] != known.family:
            kept = fitting_values(list(self.families.traits_of(family).values()), attributes)
            row.attributes, row.whole = kept | row.attributes, True
        if draft.single_specs:
            values["specifications"] = _merged(specs, draft.single_specs)
        if not draft.problems:
            self._check_row(draft, row, known, {**attributes, **row.attributes})
        return row

    def _place(self, draft: Draft, values: dict[str, Any]) -> None:
        for name, finder in (("category", self.shelves), ("family", self.families)):
            text = draft.facts.get(name)
            if text is None:
                continue
            try:
                values[f"{name}_id"] = finder.id_of(text) if text else 0
            except CellProblem as problem:
                draft.problems.append((self.plan.column_of(name), str(problem)))

    def _attributes(self, draft: Draft, row: ProductRow, family: int | None) -> None:
        traits = self.families.traits_of(family) if draft.attributes else {}
        for code, text in draft.attributes.items():
            trait = traits.get(code)
            if trait is None:
                message = (
                    _("Its family has no attribute “%(name)s”.")
                    if family
                    else _("It has no family, so it has no attribute “%(name)s”.")
                )
                name = {"name": self.families.attribute_name(code)}
                draft.problems.append((self.plan.column_of(f"attribute:{code}"), message % name))
                continue
            try:
                row.attributes[code] = self._parsed(trait, text)
            except Refused as refusal:
                draft.problems.append((self.plan.column_of(f"attribute:{code}"), refusal.message))

    def _parsed(self, trait: Trait, text: str | None) -> Any:
        if text is None:
            if trait.is_required:
                raise Refused("needed", _("The family requires this."))
            return None
        if trait.is_localised and text.startswith("{"):
            try:
                return parse_value(trait, orjson.loads(text), "")
            except orjson.JSONDecodeError:
                pass
        figures = "de" if self.plan.decimal == "," else "en"
        return parse_value(trait, text, self.language if trait.is_localised else figures)

    def _check_row(
        self, draft: Draft, row: ProductRow, known: Known | None, attributes: Mapping[str, Any]
    ) -> None:
        values = row.values
        if known is None:
            if values.get("kind") == KIND.MODEL:
                draft.problems.append(
                    (self.plan.column_of("kind"), _("Models are put together on their pages."))
                )
        elif (
            known.status != STATUS.DRAFT
            or known.variant_of
            or known.in_kit
            or known.kind in (KIND.MODEL, KIND.KIT, KIND.CONFIGURABLE)
        ):
            for name, kept in (("base_unit", known.base_unit), ("kind", known.kind)):
                if values.get(name, kept) != kept:
                    message = _("This stays as it is once an article was on sale. Add a new article instead.")
                    draft.problems.append((self.plan.column_of(name), message))
        if known and (known.variant_of or known.kind == KIND.MODEL):
            if values.get("family_id", known.family) != known.family:
                draft.problems.append(
                    (self.plan.column_of("family"), _("This model has variants, so its family stays."))
                )
            axes = {one.code for one in self.families.traits_of(known.family).values() if one.is_axis}
            if axes & row.attributes.keys():
                draft.problems.append(("", _("What tells variants apart is changed on their model’s page.")))
        self._check_status(draft, row, known, attributes)
        self._check_kit(draft, row, known)
        base = values.get("base_unit") or (known.base_unit if known else "C62")
        for one in row.units or ():
            if one["unit"] == base and Decimal(one["factor"]) != 1:
                draft.problems.append(
                    (self.plan.column_of("units"), _("One base unit is always 1 base unit."))
                )

    def _check_kit(self, draft: Draft, row: ProductRow, known: Known | None) -> None:
        kind, unit = _kind_and_unit(draft, known)
        status = row.values.get("status") or (known.status if known else STATUS.DRAFT)
        found = self.parts.problems(
            kind, unit, row.components, kit_id=known.id if known else None, status=status
        )
        draft.problems += [(self.plan.column_of(target), sentence) for target, sentence in found]
        if kind != KIND.KIT:
            row.components = None
        elif any(Decimal(one["factor"]) % 1 for one in row.units or ()):
            sentence = _("A kit is counted in whole units, such as sets or pieces.")
            draft.problems.append((self.plan.column_of("units"), sentence))

    def _check_status(
        self, draft: Draft, row: ProductRow, known: Known | None, attributes: Mapping[str, Any]
    ) -> None:
        status = row.values.get("status")
        before = known.status if known else STATUS.DRAFT
        if status is None or status == before:
            return
        if status not in FOLLOWING[before] and not (known is None and status == STATUS.DISCONTINUED):
            message = _("From its present status the product cannot get this one.")
            draft.problems.append((self.plan.column_of("status"), message))
        elif status in READY:
            kind = row.values.get("kind") or (known.kind if known else KIND.GOODS)
            category = row.values.get("category_id", known.category if known else None)
            if kind != KIND.SERVICE and not category:
                message = _("Choose a category before the product goes on sale.")
                draft.problems.append((self.plan.column_of("status"), message))
            if kind == KIND.CONFIGURABLE and not (known and known.has_options):
                message = _("Enter the options before the product goes on sale.")
                draft.problems.append((self.plan.column_of("status"), message))
            family = row.values.get("family_id", known.family if known else None)
            missing = [
                one.name for one in asked_of(kind, self.families.traits_of(family or None).values())
                if one.is_required and attributes.get(one.code) is None
            ]  # fmt: skip
            if missing:
                names = {"names": ", ".join(missing[:5])}
                message = _("Its family requires before it goes on sale: %(names)s.") % names
                draft.problems.append((self.plan.column_of("status"), message))

    def _check_rest(self, draft: Draft, kind: str, unit: str) -> None:
        """Prices and stock."""
        if draft.currency and self.currency and draft.prices and draft.currency != self.currency:
            sides = {"own": self.currency, "other": draft.currency}
            message = _("The price is in %(other)s, the price list in %(own)s.")
            draft.problems.append((self.plan.column_of("price_currency"), message % sides))
        if draft.prices and kind == KIND.MODEL:
            draft.problems.append(
                (self.plan.column_of("price"), _("A model has no price; its variants have."))
            )
        if draft.stock is not None:
            if kind != KIND.GOODS:
                draft.problems.append((self.plan.column_of("stock"), _("Only goods have stock.")))
            elif draft.stock != round(draft.stock, decimals(unit)):
                message = _("This unit is not divided: the stock is a whole number.")
                draft.problems.append((self.plan.column_of("stock"), message))


def judge_for(actor: Actor, seller_id: int, plan: Plan, *, currency: str) -> Judge:
    """A judge with everything looked up that does not depend on the rows."""
    return Judge(
        plan,
        seller_id,
        Shelves(actor, makes=plan.makes_categories),
        Families(seller_id),
        language=languages_of_seller(seller_id, settings.LANGUAGE_CODE)[0],
        currency=currency,
        once=bool(plan.groups & {"product", "stock"}),
    )


def _kind_and_unit(draft: Draft, known: Known | None) -> tuple[str, str]:
    """What the article is once the row is written."""
    kind = draft.facts.get("kind") or (known.kind if known else KIND.GOODS)
    return kind, draft.facts.get("base_unit") or (known.base_unit if known else "C62")


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def _merged(specs: list[dict[str, str]], single: Mapping[str, str]) -> list[dict[str, str]]:
    """Specifications with some of them changed or added, by name."""
    left = dict(single)
    merged = []
    for one in specs:
        name = one["name"]
        merged.append(
            {"name": name, "value": left.pop(name), "unit": one.get("unit", "")} if name in left else one
        )
    merged += [{"name": name, "value": value, "unit": ""} for name, value in left.items()]
    return clean_specifications(merged)
