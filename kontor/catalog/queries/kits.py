"""What is in kits."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.db import connection

CONTENTS = """
SELECT k.kit_id, c.id, c.sku, c.name, c.kind, c.base_unit, k.quantity
FROM catalog_kit_component k JOIN catalog_product c ON c.id = k.component_id
WHERE k.kit_id = ANY (%s::bigint[]) ORDER BY k.kit_id, k.position, k.id
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A component: `quantity` of its base units are in one base unit of the kit."""

    product_id: int
    sku: str
    name: str
    kind: str
    base_unit: str
    quantity: Decimal

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """A component as JSON keeps it."""
        return cls(**{**facts, "quantity": Decimal(facts["quantity"])})

    @property
    def is_stocked(self) -> bool:
        """Services are part of a kit without a shelf."""
        return self.kind == "goods"


def contents_of(kit_ids: Sequence[int]) -> dict[int, list[Part]]:
    """The components of each of these kits as they are now, in their order. One statement, none for no kits."""
    found: dict[int, list[Part]] = defaultdict(list)
    if kit_ids:
        with connection.cursor() as cursor:
            cursor.execute(CONTENTS, [list(kit_ids)])
            for kit, *part in cursor.fetchall():
                found[kit].append(Part(*part))
    return found
