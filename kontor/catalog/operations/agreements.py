"""Quantities agreed with a customer or a group of customers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import AgreedQuantity, SalesUnit
from kontor.catalog.operations.facts import UnitFacts
from kontor.catalog.ownership import require_own
from kontor.catalog.permissions import AGREE_QUANTITIES
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.goods.quantities import nearest_quantity
from kontor.goods.rules import fits_thousandths
from kontor.goods.units import decimals, name
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused

MOST_AGREED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedFacts:
    """In which quantities a product is bought in a unit ("" is that offered first); figures count in the unit."""

    sku: str
    unit: str = ""
    minimum: Decimal = Decimal(1)
    multiple: Decimal = Decimal(1)
    maximum: Decimal | None = None


@transaction.atomic
def agree_quantities(
    *, actor: Actor, holder: CustomerAccount | CustomerGroup, agreed: Sequence[AgreedFacts]
) -> int:
    """Make these all that is agreed with a customer, or with a group; how many there are then.

    They count at every door from the next request on, carts that are open included. Raises Refused("incomplete") with a
    sentence at every ``agreed/<index>/<field>`` that is wrong, and ``too_many`` for more than 2,000.
    """
    require(actor, AGREE_QUANTITIES)
    require_own(actor, holder.seller_id)
    if len(agreed) > MOST_AGREED:
        raise Refused("too_many", _("At most %(most)s agreements at once.") % {"most": MOST_AGREED})
    sold = _sold(holder.seller_id, {one.sku for one in agreed})
    problems: dict[str, str] = {}
    rows: dict[tuple[int, str], AgreedQuantity] = {}
    owner = {"account": holder} if isinstance(holder, CustomerAccount) else {"group": holder}
    for index, one in enumerate(agreed):
        at = f"agreed/{index}/"
        found = {unit.unit: unit for unit in sold.get(one.sku, ())}
        unit = found.get(one.unit) if one.unit else next(iter(found.values()), None)
        wrong = _problems(one, found, unit)
        if unit is not None and (unit.product_id, unit.unit) in rows:
            wrong["sku"] = _("This article and unit stand here twice.")
        problems |= {at + name: sentence for name, sentence in wrong.items()}
        if unit is not None:
            figures = {"minimum": one.minimum, "multiple": one.multiple, "maximum": one.maximum}
            row = AgreedQuantity(product_id=unit.product_id, unit=unit.unit, **owner, **figures)
            rows[unit.product_id, unit.unit] = row
    if problems:
        raise Refused("incomplete", _("The quantities were not saved. Correct the marked fields."), problems)
    # Two at once would both add the same rows.
    type(holder).objects.select_for_update(no_key=True).get(pk=holder.pk)
    AgreedQuantity.objects.filter(**owner).delete()
    AgreedQuantity.objects.bulk_create(rows.values())
    kind = "account" if isinstance(holder, CustomerAccount) else "customer_group"
    record(actor, "catalog.quantities_agreed", (kind, holder.pk), changes={"count": len(rows)})
    return len(rows)


def _sold(seller_id: int, skus: set[str]) -> Mapping[str, list[SalesUnit]]:
    """The sales units of the seller's products by SKU, the one offered first in front. One statement."""
    units: dict[str, list[SalesUnit]] = {}
    rows = SalesUnit.objects.filter(product__seller_id=seller_id, product__sku__in=skus)
    for one in rows.select_related("product").order_by("product", "position"):
        units.setdefault(one.product.sku, []).append(one)
    return units


def _problems(one: AgreedFacts, sold: Mapping[str, SalesUnit], unit: SalesUnit | None) -> dict[str, str]:
    """What is wrong with one agreement, by field."""
    if not sold:
        return {"sku": _("%(sku)s is not one of your articles.") % {"sku": one.sku[:40]}}
    if unit is None:
        return {"unit": _("It is sold by: %(sold)s.") % {"sold": ", ".join(name(code) for code in sold)}}
    wrong = {}
    places = decimals(unit.unit)
    for label in ("minimum", "multiple", "maximum"):
        figure = getattr(one, label)
        if figure is None:
            continue
        if not fits_thousandths(figure):
            wrong[label] = _("Enter a number above 0 with at most three decimals.")
        elif figure != round(figure, places):
            wrong[label] = _("This unit is sold with at most %(places)s decimals.") % {"places": places}
    rules = UnitFacts(unit=unit.unit, minimum=one.minimum, multiple=one.multiple)
    if not wrong and one.maximum is not None and nearest_quantity(rules, one.minimum) > one.maximum:
        wrong["maximum"] = _("No quantity fits between the least and the most.")
    return wrong
