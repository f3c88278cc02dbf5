"""What a row says is in a kit, compared with the articles that are there or stand above it in the file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kontor.catalog.models import Product
from kontor.catalog.operations.components import PARTS, nothing_inside
from kontor.catalog.operations.status import READY
from kontor.catalog.queries import contents_of
from kontor.exchange.drafts import Draft
from kontor.exchange.surroundings import existing
from kontor.goods.units import decimals, name

KIT, GOODS = Product.Kind.KIT, Product.Kind.GOODS
Contents = Sequence[tuple[str, Decimal]]
Found = tuple[str, str]
"""Kind and base unit of an article."""


@dataclass(slots=True)
class Parts:
    """The articles of which kits can consist. `above` are those of earlier rows, kept only while a file has kits."""

    seller_id: int
    keeps: bool
    above: dict[str, Found] = field(default_factory=dict)
    there: dict[str, Found] = field(default_factory=dict)
    kept: Mapping[int, Sequence[Any]] = field(default_factory=dict)

    def look_up(self, drafts: Sequence[Draft], kits: Collection[int]) -> None:
        """Read what the kits of a batch name, and what is in `kits` that are there. Two statements, if any."""
        named = {sku for draft in drafts for sku, _quantity in draft.facts.get("components") or ()}
        rows = existing(self.seller_id, sorted(named)) if named else {}
        self.there = {sku: (kind, unit) for sku, (_id, _f, _s, kind, unit, *_rest) in rows.items()}
        self.kept = contents_of(sorted(kits))

    def remember(self, sku: str, kind: str, base_unit: str) -> None:
        """A good row; what stands below may be made of it."""
        if self.keeps:
            self.above[sku] = (kind, base_unit)

    def problems(
        self, kind: str, base_unit: str, components: Contents | None, *, kit_id: int | None, status: str
    ) -> list[tuple[str, str]]:
        """What is wrong with a row, by the meaning of the column: what `save_product` and `set_status` refuse."""
        if kind != KIT:
            return [("components", _("Only a kit has components."))] if components else []
        found = []
        if decimals(base_unit):
            found.append(("base_unit", _("A kit is counted in whole units, such as sets or pieces.")))
        seen: set[str] = set()
        kinds = set()
        for sku, quantity in components or ():
            part = self.above.get(sku) or self.there.get(sku)
            problem = self._problem(sku, quantity, part)
            if sku in seen:
                problem = _("%(sku)s stands there twice.") % {"sku": sku}
            if problem:
                found.append(("components", problem))
            seen.add(sku)
            kinds.add(part[0] if part else "")
        if components is None and kit_id is not None:
            kinds = {one.kind for one in self.kept.get(kit_id, ())}
        if status in READY and GOODS not in kinds:
            found.append(("components", nothing_inside()))
        return found

    @staticmethod
    def _problem(sku: str, quantity: Decimal, part: Found | None) -> str:
        if part is None:
            sentence = _("There is no article %(sku)s, nor does it stand above in this file.")
            return sentence % {"sku": sku}
        if part[0] not in PARTS:
            return _("%(sku)s cannot be in a kit: only goods and services can.") % {"sku": sku}
        if quantity != round(quantity, decimals(part[1])):
            return _("%(sku)s: “%(unit)s” cannot be divided so.") % {"sku": sku, "unit": name(part[1])}
        return ""
