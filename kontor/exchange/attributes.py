"""Attributes that a file brings along: made where the person said so, each of the kind that its values have."""

import re
from collections.abc import Callable, Iterable, Mapping

from django.utils.text import slugify
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.events import FamilyChanged
from kontor.catalog.models import Attribute, Family, FamilyAttribute
from kontor.catalog.queries.families import effective_attributes
from kontor.exchange.fields import split_target
from kontor.exchange.plan import Plan, attribute_code
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused

FIGURE = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:[.,]\d{1,10})?")
TRUTH = frozenset({"true", "false", "yes", "no", "ja", "nein", "y", "n"})
Kind = Attribute.Kind


def make_attributes(
    actor: Actor, seller_id: int, plan: Plan, rows: Callable[[], Iterable[Mapping[str, str]]]
) -> int:
    """Add the attributes that the plan names and nobody has, and give them to its family; how many there were.

    The family is that of all rows; it is added when there is none of that name. A column with nothing but figures
    becomes a number, with nothing but yes and no a boolean, else a text. Raises Refused at ``family``.
    """
    wanted = {
        split_target(target)[1]: column
        for column, target in plan.columns.items()
        if target.startswith("attribute:")
    }
    if not wanted:
        return 0
    name = plan.constants.get("family", "").strip()
    if not name:
        message = _("Say which family the new attributes belong to.")
        raise Refused("incomplete", message, {"constants/family": message})
    family = _family(actor, seller_id, name)
    own = {one.code for one in effective_attributes(family.pk)}
    there = {one.code: one for one in Attribute.objects.filter(seller_id=seller_id, code__in=list(wanted))}
    missing = {code: column for code, column in wanted.items() if code not in there}
    kinds = _kinds(missing.values(), rows()) if missing else {}
    made = Attribute.objects.bulk_create(
        Attribute(seller_id=seller_id, code=code, name=_name(column), kind=kinds.get(column, Kind.TEXT))
        for code, column in missing.items()
    )
    there |= {one.code: one for one in made}
    position = FamilyAttribute.objects.filter(family=family).count()
    FamilyAttribute.objects.bulk_create(
        FamilyAttribute(family=family, attribute=there[code], position=min(position + place, 32_767))
        for place, code in enumerate(code for code in wanted if code not in own)
    )
    if made or own != own | set(wanted):
        record(actor, "catalog.family_saved", ("family", family.pk), changes={"name": family.name})
        publish(FamilyChanged(family.pk))
    return len(made)


def _family(actor: Actor, seller_id: int, name: str) -> Family:
    own = Family.objects.filter(seller_id=seller_id)
    found = own.filter(code=slugify(name)[:80]).first() or own.filter(name=name).first()
    if found is None:
        found = Family.objects.create(
            seller_id=seller_id, code=slugify(name)[:80] or "family", name=name[:120]
        )
        record(actor, "catalog.family_saved", ("family", found.pk), changes={"name": found.name})
    return found


def _name(column: str) -> str:
    """``attr_t_display_type`` -> ``Display type``."""
    plain = attribute_code(column) if "_" in column and " " not in column else column
    text = " ".join(plain.replace("_", " ").split())[:120]
    return text[:1].upper() + text[1:]


def _kinds(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The kind that fits all values of each column."""
    kinds = dict.fromkeys(columns, "")
    for cells in rows:
        for column, text in cells.items():
            kind = kinds.get(column)
            if kind is None or kind == Kind.TEXT or not text:
                continue
            fits = _kind(text)
            kinds[column] = fits if kind in ("", fits) else Kind.TEXT
    return {column: kind or Kind.TEXT for column, kind in kinds.items()}


def _kind(text: str) -> str:
    if text.casefold() in TRUTH:
        return Kind.BOOLEAN
    return Kind.NUMBER if FIGURE.fullmatch(text) else Kind.TEXT
