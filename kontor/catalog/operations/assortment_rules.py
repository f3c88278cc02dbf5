"""What an assortment lets in and what it keeps out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.events import AssortmentsChanged
from kontor.catalog.models import Assortment, AssortmentRule, Category, Product
from kontor.catalog.ownership import require_own
from kontor.catalog.permissions import EDIT_ASSORTMENTS
from kontor.catalog.visibility import change_rules, place
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused

MOST_RULES = 20_000
SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFacts:
    """Lets in, or keeps out, exactly one of: a category by its path (with all below), a brand, an own SKU."""

    allows: bool
    category: str = ""
    brand: str = ""
    sku: str = ""


Subject = tuple[int | None, str, int | None]


@transaction.atomic
def change_assortment_rules(
    *,
    actor: Actor,
    assortment: Assortment,
    add: Sequence[RuleFacts] = (),
    remove: Sequence[int] = (),
    replace: bool = False,
) -> int:
    """Add rules and remove others by id; `replace` removes all that are not added. Returns how many goods moved.

    A rule about something that has one already takes its place. Raises Refused at ``rules``: ``unknown_subject`` naming
    categories and SKUs that do not exist, ``not_one_subject``, ``too_many_rules``. Publishes AssortmentsChanged.
    """
    require(actor, EDIT_ASSORTMENTS)
    require_own(actor, assortment.seller_id)
    change_rules(assortment.seller_id)
    wanted = _subjects(assortment, add)
    held = {(one.category_id, one.brand.casefold(), one.product_id): one for one in assortment.rules.all()}
    gone = set(remove)
    if replace:
        gone |= {rule.pk for key, rule in held.items() if key not in wanted}
    kept = {key: rule for key, rule in held.items() if rule.pk not in gone}
    new = [rule for key, rule in wanted.items() if key not in kept]
    turned = [kept[key] for key, rule in wanted.items() if key in kept and kept[key].allows != rule.allows]
    if len(kept) + len(new) > MOST_RULES:
        message = _("An assortment has at most %(most)d rules. Use categories or brands.") % {
            "most": MOST_RULES
        }
        raise Refused("too_many_rules", message, {"rules": message})
    for rule in turned:
        rule.allows = not rule.allows
    removed, _models = assortment.rules.filter(pk__in=gone).delete()
    AssortmentRule.objects.bulk_update(turned, ["allows"])
    AssortmentRule.objects.bulk_create(new, batch_size=2000)
    moved = place(assortment.seller_id)
    changes = {
        "name": assortment.name,
        "added": len(new),
        "turned": len(turned),
        "removed": removed,
        "goods": moved,
    }
    record(actor, "catalog.assortment_rules_changed", ("assortment", assortment.pk), changes=changes)
    publish(AssortmentsChanged(assortment.seller_id))
    return moved


def _subjects(assortment: Assortment, rules: Sequence[RuleFacts]) -> dict[Subject, AssortmentRule]:
    """The rules by what they are about; of two about the same the last counts."""
    paths = {one.category.strip("/ ") for one in rules if one.category}
    skus = {one.sku.strip() for one in rules if one.sku}
    categories = dict(Category.objects.filter(path__in=paths).values_list("path", "pk"))
    own = Product.objects.filter(seller_id=assortment.seller_id, sku__in=skus)
    products = dict(own.values_list("sku", "pk"))
    unknown = sorted((paths - set(categories)) | (skus - set(products)))
    if unknown:
        message = _("Not known: %(names)s. Nothing was changed.")
        shown = ", ".join(unknown[:SHOWN]) + (" …" if len(unknown) > SHOWN else "")
        raise Refused("unknown_subject", message % {"names": shown}, {"rules": message % {"names": shown}})
    found: dict[Subject, AssortmentRule] = {}
    for one in rules:
        brand = one.brand.strip()[:100]
        if (bool(one.category), bool(brand), bool(one.sku)).count(True) != 1:
            message = _("A rule is about one category, one brand or one article.")
            raise Refused("not_one_subject", message, {"rules": message})
        category = categories.get(one.category.strip("/ ")) if one.category else None
        product = products.get(one.sku.strip()) if one.sku else None
        found[category, brand.casefold(), product] = AssortmentRule(
            assortment=assortment, allows=one.allows, category_id=category, brand=brand, product_id=product
        )
    return found
