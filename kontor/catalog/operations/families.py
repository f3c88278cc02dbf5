from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.events import FamilyChanged
from kontor.catalog.models import Attribute, AttributeChoice, Channel, Family, FamilyAttribute, Heading
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries.families import DEEPEST
from kontor.companies.models import Company
from kontor.goods import measures
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused

MOST_CHOICES = 2_000
MOST_ATTRIBUTES = 200
WITH_UNIT = (Attribute.Kind.NUMBER, Attribute.Kind.RANGE)
CHOSEN = (Attribute.Kind.CHOICE, Attribute.Kind.CHOICES)
AXES = (*CHOSEN, Attribute.Kind.NUMBER, Attribute.Kind.TEXT, Attribute.Kind.BOOLEAN)
HAS_VALUES = "SELECT EXISTS (SELECT FROM catalog_product WHERE seller_id = %s AND attributes ? %s)"
USED_CHOICES = """
SELECT DISTINCT value FROM catalog_product p,
LATERAL jsonb_array_elements_text(
    CASE jsonb_typeof(p.attributes -> %(code)s) WHEN 'array' THEN p.attributes -> %(code)s
    ELSE jsonb_build_array(p.attributes -> %(code)s) END) AS value
WHERE p.seller_id = %(seller)s AND p.attributes ? %(code)s AND value = ANY(%(gone)s::text[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceFacts:
    """A value that may be chosen; without a code it is made from the label."""

    label: str
    code: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeFacts:
    """An attribute as a form or a file gives it; without a code it is made from the name."""

    name: str
    kind: str
    code: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    is_localised: bool = False
    choices: Sequence[ChoiceFacts] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAttribute:
    """How a family uses an attribute; it is shown in the order of the list, below the heading `group`."""

    attribute: Attribute
    group: str = ""
    is_required: bool = False
    channels: Sequence[str] = ()
    is_axis: bool = False
    is_facet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyFacts:
    """A family as a form or a file gives it; without a code it is made from the name.

    `headings` gives headings in further languages, by the heading; they count in all families of the seller, and what
    is not named stays.
    """

    name: str
    code: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    parent: Family | None = None
    attributes: Sequence[OwnAttribute] = ()
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@transaction.atomic
def save_attribute(
    *, actor: Actor, facts: AttributeFacts, attribute: Attribute | None = None, seller: Company | None = None
) -> Attribute:
    """Add an attribute of the actor's company with its choices, or change one. The code stays as it is.

    Raises Refused: ``incomplete`` at the wrong fields, ``code_taken`` at ``name``; once products have values,
    ``kind_fixed``, ``unit_fixed`` and ``choice_used`` at ``choices``.
    """
    require(actor, EDIT_CATALOG)
    if attribute is None:
        attribute = Attribute(seller_id=selling_company_id(actor, seller), code=_code(facts.code, facts.name))
    else:
        attribute = Attribute.objects.select_for_update(no_key=True).get(pk=attribute.pk)
        require_own(actor, attribute.seller_id)
    problems = _attribute_problems(facts, attribute.code)
    if problems:
        raise Refused("incomplete", _("The attribute was not saved. Correct the marked fields."), problems)
    if attribute.pk:
        _check_values_fit(attribute, facts)
    attribute.name, attribute.names = facts.name.strip(), _texts(facts.names)
    attribute.kind, attribute.unit = facts.kind, facts.unit
    attribute.is_localised = facts.is_localised
    _write(attribute, _("You have an attribute of this code already. Choose another name."))
    _save_choices(attribute, facts.choices if facts.kind in CHOSEN else ())
    record(actor, "catalog.attribute_saved", ("attribute", attribute.pk), changes={"name": attribute.name})
    for family_id in FamilyAttribute.objects.filter(attribute=attribute).values_list("family", flat=True):
        publish(FamilyChanged(family_id))
    return attribute


@transaction.atomic
def delete_attribute(*, actor: Actor, attribute: Attribute) -> None:
    """Remove an attribute. Refused("attribute_used") while a family has it or a product has a value of it."""
    require(actor, EDIT_CATALOG)
    require_own(actor, attribute.seller_id)
    pk, name = attribute.pk, attribute.name
    used = _has_values(attribute)
    try:
        if not used:
            attribute.delete()
    except ProtectedError:
        used = True
    if used:
        message = _("This attribute is in use. Take it out of its families and products first.")
        raise Refused("attribute_used", message)
    record(actor, "catalog.attribute_deleted", ("attribute", pk), changes={"name": name})


@transaction.atomic
def save_family(
    *, actor: Actor, facts: FamilyFacts, family: Family | None = None, seller: Company | None = None
) -> Family:
    """Add a family of the actor's company, or change one, with the attributes of its own. Publishes FamilyChanged.

    Raises Refused: ``incomplete`` at the wrong fields, ``code_taken`` at ``name``, ``below_itself`` and ``too_deep`` at
    ``parent``.
    """
    require(actor, EDIT_CATALOG)
    if family is None:
        family = Family(seller_id=selling_company_id(actor, seller), code=_code(facts.code, facts.name))
    else:
        family = Family.objects.select_for_update(no_key=True).get(pk=family.pk)
        require_own(actor, family.seller_id)
    problems = _family_problems(facts, family)
    if problems:
        raise Refused("incomplete", _("The family was not saved. Correct the marked fields."), problems)
    _check_parent(family, facts.parent)
    family.name, family.names, family.parent = facts.name.strip(), _texts(facts.names), facts.parent
    _write(family, _("You have a family of this code already. Choose another name."))
    family.own_attributes.all().delete()
    FamilyAttribute.objects.bulk_create(
        FamilyAttribute(
            family=family,
            attribute=one.attribute,
            group=one.group.strip()[:80],
            is_required=one.is_required,
            channels=[channel for channel in Channel.values if channel in one.channels],
            is_axis=one.is_axis,
            is_facet=one.is_facet,
            position=position,
        )
        for position, one in enumerate(facts.attributes)
    )
    _save_headings(family.seller_id, facts.headings)
    record(actor, "catalog.family_saved", ("family", family.pk), changes={"name": family.name})
    publish(FamilyChanged(family.pk))
    return family


@transaction.atomic
def delete_family(*, actor: Actor, family: Family) -> None:
    """Remove a family. Refused("family_used") while products or families are in it."""
    require(actor, EDIT_CATALOG)
    require_own(actor, family.seller_id)
    pk, name = family.pk, family.name
    try:
        family.delete()
    except ProtectedError:
        message = _("This family is in use. Move its products and the families below it first.")
        raise Refused("family_used", message) from None
    record(actor, "catalog.family_deleted", ("family", pk), changes={"name": name})


def _code(code: str, name: str) -> str:
    return slugify(code or name)[:80].strip("-")


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text.strip()[:120] for language, text in texts.items() if text.strip()}


def _write(row: Attribute | Family, taken: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused("code_taken", taken, {"name": taken}) from None


def _attribute_problems(facts: AttributeFacts, code: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not facts.name.strip() or len(facts.name) > 120 or not code:
        problems["name"] = _("Enter a name of up to 120 characters, with a letter or a digit.")
    if facts.kind not in Attribute.Kind.values:
        problems["kind"] = _("Choose what kind of values it has.")
    if facts.unit and (facts.kind not in WITH_UNIT or facts.unit not in measures.MEASURES):
        problems["unit"] = _("Only numbers and ranges have a unit.")
    if facts.is_localised and facts.kind != Attribute.Kind.TEXT:
        problems["is_localised"] = _("Only texts differ by language.")
    labels = [one.label.strip() for one in facts.choices]
    codes = [_code(one.code, one.label) for one in facts.choices]
    if facts.kind in CHOSEN:
        if not labels:
            problems["choices"] = _("Enter at least one choice.")
        elif len(labels) > MOST_CHOICES:
            problems["choices"] = _("At most %(most)s choices.") % {"most": MOST_CHOICES}
        elif any(not label or len(label) > 120 for label in labels) or not all(codes):
            problems["choices"] = _("Each choice needs a name of up to 120 characters.")
        elif len(set(codes)) < len(codes):
            twice = next(label for label, one in zip(labels, codes, strict=True) if codes.count(one) > 1)
            problems["choices"] = _("“%(choice)s” is in the list twice.") % {"choice": twice}
    return problems


def _check_values_fit(attribute: Attribute, facts: AttributeFacts) -> None:
    """What is kept must stay readable."""
    if facts.kind != attribute.kind and _has_values(attribute):
        message = _("Products have values of this kind. Add a new attribute instead.")
        raise Refused("kind_fixed", message, {"kind": message})
    if facts.unit != attribute.unit and attribute.unit and _has_values(attribute):
        message = _("Products have values in this unit. Add a new attribute instead.")
        raise Refused("unit_fixed", message, {"unit": message})
    wanted = {_code(one.code, one.label) for one in facts.choices}
    gone = [one.code for one in attribute.choices.all() if one.code not in wanted]
    if not gone:
        return
    with connection.cursor() as cursor:
        cursor.execute(USED_CHOICES, {"code": attribute.code, "seller": attribute.seller_id, "gone": gone})
        used = [code for (code,) in cursor.fetchall()]
    if used:
        label = attribute.choices.get(code=used[0]).label
        message = _("Products have the value “%(choice)s”. Change them before you remove it.") % {
            "choice": label
        }
        raise Refused("choice_used", message, {"choices": message})


def _has_values(attribute: Attribute) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(HAS_VALUES, [attribute.seller_id, attribute.code])
        return bool(cursor.fetchone()[0])


def _save_choices(attribute: Attribute, choices: Sequence[ChoiceFacts]) -> None:
    rows = [
        AttributeChoice(
            attribute=attribute,
            code=_code(one.code, one.label),
            label=one.label.strip(),
            labels=_texts(one.labels),
            position=position,
        )
        for position, one in enumerate(choices)
    ]
    attribute.choices.exclude(code__in=[one.code for one in rows]).delete()
    AttributeChoice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["attribute", "code"],
        update_fields=["label", "labels", "position"],
    )


def _save_headings(seller_id: int, headings: Mapping[str, Mapping[str, str]]) -> None:
    named = {name.strip()[:80]: _texts(names) for name, names in headings.items() if name.strip()}
    Heading.objects.bulk_create(
        [Heading(seller_id=seller_id, name=name, names=names) for name, names in named.items()],
        update_conflicts=True,
        unique_fields=["seller", "name"],
        update_fields=["names"],
    )


def _family_problems(facts: FamilyFacts, family: Family) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not facts.name.strip() or len(facts.name) > 120 or not family.code:
        problems["name"] = _("Enter a name of up to 120 characters, with a letter or a digit.")
    if len(facts.attributes) > MOST_ATTRIBUTES:
        problems["attributes"] = _("At most %(most)s attributes.") % {"most": MOST_ATTRIBUTES}
    seen: set[int] = set()
    for index, one in enumerate(facts.attributes):
        if one.attribute.pk in seen or one.attribute.seller_id != family.seller_id:
            problems[f"attributes/{index}/attribute"] = _("Choose an attribute that is not in the list yet.")
        if one.is_axis and (one.attribute.kind not in AXES or one.attribute.is_localised):
            problems[f"attributes/{index}/is_axis"] = _("Values of this kind cannot tell variants apart.")
        seen.add(one.attribute.pk)
    return problems


def _check_parent(family: Family, parent: Family | None) -> None:
    """The chain upwards ends, within DEEPEST steps, and in families of the same seller."""
    step, above = 0, parent
    while above is not None:
        if above.pk == family.pk:
            message = _("A family cannot inherit from itself.")
            raise Refused("below_itself", message, {"parent": message})
        step += 1
        if step >= DEEPEST or above.seller_id != family.seller_id:
            message = _("Choose a family of your own that lies less deep.")
            raise Refused("too_deep", message, {"parent": message})
        above = above.parent
