from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.events import CategoryChanged
from kontor.catalog.models import AssortmentRule, Category
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.visibility import change_rules, place
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused

MOVE_BELOW = """
UPDATE catalog_category SET path = %(new)s || substr(path, length(%(old)s) + 1)
WHERE starts_with(path, %(old)s || '/')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFacts:
    """A category as a form gives it; without a slug it is made from the name."""

    name: str
    parent: Category | None = None
    slug: str = ""
    position: int = 0
    description: str = ""


@transaction.atomic
def save_category(*, actor: Actor, facts: CategoryFacts, category: Category | None = None) -> Category:
    """Add a category, or rename or move one with everything below it. Publishes CategoryChanged.

    Raises Refused: ``incomplete`` or ``too_long`` at field ``name``, ``below_itself`` at ``parent``, ``path_taken``
    at ``name`` when the shelf has a category of that name already.
    """
    require(actor, EDIT_CATALOG)
    name = facts.name.strip()
    slug = (facts.slug or slugify(name))[:80].strip("-")
    if not name or not slug or len(name) > 120:
        message = _("Enter a name of up to 120 characters, with a letter or a digit.")
        raise Refused("incomplete", message, {"name": message})
    path = f"{facts.parent.path}/{slug}" if facts.parent else slug
    category = category or Category()
    old = category.path
    # Before the category is locked: whoever saves a product holds the rules first, then the product's category.
    ruled = _sellers_with_rules() if old and old != path else []
    if facts.parent and old and f"{facts.parent.path}/".startswith(f"{old}/"):
        message = _("A category cannot stand below itself.")
        raise Refused("below_itself", message, {"parent": message})
    if len(path) > 300:
        message = _("The category lies too deep. Choose a shorter name or another place.")
        raise Refused("too_long", message, {"name": message})
    category.name, category.slug, category.path, category.parent = name, slug, path, facts.parent
    category.position, category.description = facts.position, facts.description
    try:
        with transaction.atomic():
            category.save()
    except IntegrityError:
        message = _("There is a category of this name in the same place.")
        raise Refused("path_taken", message, {"name": message}) from None
    if old and old != path:
        with connection.cursor() as cursor:
            cursor.execute(MOVE_BELOW, {"old": old, "new": path})
        for seller_id in ruled:
            place(seller_id)
    record(actor, "catalog.category_saved", ("category", category.pk), changes={"path": [old, path]})
    publish(CategoryChanged(category.pk))
    return category


def _sellers_with_rules() -> list[int]:
    """The sellers whose assortments name categories, with their rules locked: a moved category moves goods in them."""
    rules = AssortmentRule.objects.filter(category__isnull=False)
    sellers = sorted(set(rules.values_list("assortment__seller_id", flat=True)))
    change_rules(*sellers)
    return sellers


@transaction.atomic
def delete_category(*, actor: Actor, category: Category) -> None:
    """Remove an empty category. Refused("not_empty") while products or categories stand in it."""
    require(actor, EDIT_CATALOG)
    pk, path = category.pk, category.path
    try:
        category.delete()
    except ProtectedError:
        message = _("This category is not empty. Move its products and categories first.")
        raise Refused("not_empty", message) from None
    record(actor, "catalog.category_deleted", ("category", pk), changes={"path": [path, None]})
