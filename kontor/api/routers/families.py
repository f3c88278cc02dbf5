"""Attributes and families of a seller's goods."""

import hashlib
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page
from kontor.api.preconditions import require_version
from kontor.api.shapes.families import (
    AttributeIn,
    AttributeOut,
    ChoiceOut,
    FamilyAttributeOut,
    FamilyIn,
    FamilyOut,
)
from kontor.api.values import Out
from kontor.catalog import operations
from kontor.catalog.models import Attribute, Family
from kontor.catalog.operations import AttributeFacts, ChoiceFacts, FamilyFacts, OwnAttribute
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import attributes_of_families, trait_of
from kontor.goods.attributes import Trait
from kontor.kernel.actors import require

router = Router(tags=["Own products"])
ATTRIBUTE_CODES = ("incomplete", "code_taken")
FAMILY_CODES = ("incomplete", "code_taken", "below_itself", "too_deep")


def _version(body: Out) -> str:
    """A version that differs when what is shown does: these rows count no revisions."""
    return hashlib.blake2b(body.model_dump_json().encode(), digest_size=6).hexdigest()


def _reply(body: AttributeOut | FamilyOut, made: str = "") -> Reply:
    location = reverse(f"api:{made}", args=[body.id]) if made else ""
    return Reply(body=body, status=201 if made else 200, version=_version(body), location=location)


def _attribute(request: ApiRequest, attribute_id: int) -> Attribute:
    require(request.actor, EDIT_CATALOG)
    own = Attribute.objects.filter(seller_id=request.actor.company_id).prefetch_related("choices")
    return get_object_or_404(own, pk=attribute_id)


def _attribute_as_read(request: ApiRequest, attribute_id: int) -> Attribute:
    """To be changed: locked, and as If-Match names it. Raises NoPrecondition or Stale."""
    require(request.actor, EDIT_CATALOG)
    own = Attribute.objects.filter(seller_id=request.actor.company_id).select_for_update(no_key=True)
    found = get_object_or_404(own, pk=attribute_id)
    require_version(request, _version(_attribute_out(found)))
    return found


def _shown(trait: Trait) -> dict[str, Any]:
    plain = ("id", "code", "name", "kind", "unit", "is_localised")
    choices = [ChoiceOut(code=one.code, label=one.label, labels=dict(one.labels)) for one in trait.choices]
    return {name: getattr(trait, name) for name in plain} | {"names": dict(trait.names), "choices": choices}


def _attribute_out(attribute: Attribute) -> AttributeOut:
    return AttributeOut(**_shown(trait_of(attribute)))


@router.get(
    "attributes", response=Page[AttributeOut], operation_id="listAttributes", summary="Own attributes"
)
@needs(EDIT_CATALOG)
@reads(refuses=("not_allowed",))
def attributes(request: ApiRequest) -> Page[AttributeOut]:
    """All of them by name, with their choices."""
    require(request.actor, EDIT_CATALOG)
    rows = Attribute.objects.filter(seller_id=request.actor.company_id).prefetch_related("choices")
    return Page(items=[_attribute_out(one) for one in rows], next=None)


@router.get(
    "attributes/{int:attribute_id}",
    response=AttributeOut,
    operation_id="getAttribute",
    summary="One attribute",
)
@needs(EDIT_CATALOG)
@reads(refuses=("not_allowed",))
def attribute(request: ApiRequest, attribute_id: int) -> Reply:
    """With the ETag that a change of it must name."""
    return _reply(_attribute_out(_attribute(request, attribute_id)))


@router.post(
    "attributes", response={201: AttributeOut}, operation_id="addAttribute", summary="Add an attribute"
)
@needs(EDIT_CATALOG)
@changes(refuses=ATTRIBUTE_CODES)
def add_attribute(request: ApiRequest, body: AttributeIn) -> Reply:
    """Families then say how they use it."""
    saved = operations.save_attribute(actor=request.actor, facts=_attribute_facts(body))
    return _reply(_attribute_out(saved), made="getAttribute")


@router.put(
    "attributes/{int:attribute_id}",
    response=AttributeOut,
    operation_id="changeAttribute",
    summary="Change an attribute",
)
@needs(EDIT_CATALOG)
@changes(refuses=(*ATTRIBUTE_CODES, "stale", "kind_fixed", "unit_fixed", "choice_used"), if_match=True)
def change_attribute(request: ApiRequest, attribute_id: int, body: AttributeIn) -> Reply:
    """All of it but its code, choices included."""
    found = _attribute_as_read(request, attribute_id)
    saved = operations.save_attribute(actor=request.actor, facts=_attribute_facts(body), attribute=found)
    return _reply(_attribute_out(saved))


@router.delete(
    "attributes/{int:attribute_id}",
    response={204: None},
    operation_id="deleteAttribute",
    summary="Delete an attribute",
)
@needs(EDIT_CATALOG)
@changes(refuses=("attribute_used", "stale"), if_match=True)
def delete_attribute(request: ApiRequest, attribute_id: int) -> None:
    """While no family has it and no product a value of it."""
    found = _attribute_as_read(request, attribute_id)
    operations.delete_attribute(actor=request.actor, attribute=found)


def _attribute_facts(body: AttributeIn) -> AttributeFacts:
    choices = [ChoiceFacts(**one.model_dump()) for one in body.choices]
    return AttributeFacts(**body.model_dump(exclude={"choices"}), choices=choices)


def _family(request: ApiRequest, family_id: int) -> Family:
    require(request.actor, EDIT_CATALOG)
    own = Family.objects.filter(seller_id=request.actor.company_id).select_related("parent")
    return get_object_or_404(own, pk=family_id)


def _family_as_read(request: ApiRequest, family_id: int) -> Family:
    """To be changed: locked, and as If-Match names it. Raises NoPrecondition or Stale."""
    require(request.actor, EDIT_CATALOG)
    own = Family.objects.filter(seller_id=request.actor.company_id).select_for_update(no_key=True)
    found = get_object_or_404(own, pk=family_id)
    require_version(request, _version(_whole(found)))
    return found


def _family_out(family: Family, traits: list[Trait]) -> FamilyOut:
    return FamilyOut(
        id=family.pk,
        code=family.code,
        name=family.name,
        names=family.names,
        parent=family.parent.code if family.parent else None,
        attributes=[
            FamilyAttributeOut(
                **_shown(one),
                group=one.group,
                group_names=dict(one.headings),
                is_required=one.is_required,
                channels=list(one.channels),
                is_axis=one.is_axis,
                is_facet=one.is_facet,
                is_inherited=one.family_id != family.pk,
            )
            for one in traits
        ],
    )


def _whole(family: Family) -> FamilyOut:
    return _family_out(family, attributes_of_families([family.pk])[family.pk])


@router.get(
    "families",
    response=Page[FamilyOut],
    operation_id="listFamilies",
    summary="Own families with their attributes",
)
@needs(EDIT_CATALOG)
@reads(refuses=("not_allowed",))
def families(request: ApiRequest) -> Page[FamilyOut]:
    """All of them; each with the attributes that it has and inherits."""
    require(request.actor, EDIT_CATALOG)
    rows = list(Family.objects.filter(seller_id=request.actor.company_id).select_related("parent"))
    traits = attributes_of_families(one.pk for one in rows)
    return Page(items=[_family_out(one, traits[one.pk]) for one in rows], next=None)


@router.get("families/{int:family_id}", response=FamilyOut, operation_id="getFamily", summary="One family")
@needs(EDIT_CATALOG)
@reads(refuses=("not_allowed",))
def family(request: ApiRequest, family_id: int) -> Reply:
    """With the ETag that a change of it must name."""
    return _reply(_whole(_family(request, family_id)))


@router.post("families", response={201: FamilyOut}, operation_id="addFamily", summary="Add a family")
@needs(EDIT_CATALOG)
@changes(refuses=FAMILY_CODES)
def add_family(request: ApiRequest, body: FamilyIn) -> Reply:
    """With its attributes, which exist already."""
    saved = operations.save_family(actor=request.actor, facts=_family_facts(request, body))
    return _reply(_whole(saved), made="getFamily")


@router.put(
    "families/{int:family_id}", response=FamilyOut, operation_id="changeFamily", summary="Change a family"
)
@needs(EDIT_CATALOG)
@changes(refuses=(*FAMILY_CODES, "stale"), if_match=True)
def change_family(request: ApiRequest, family_id: int, body: FamilyIn) -> Reply:
    """All of it but its code. A product keeps the value of an attribute that went until it is saved again."""
    found = _family_as_read(request, family_id)
    facts = _family_facts(request, body)
    return _reply(_whole(operations.save_family(actor=request.actor, facts=facts, family=found)))


@router.delete(
    "families/{int:family_id}",
    response={204: None},
    operation_id="deleteFamily",
    summary="Delete a family",
)
@needs(EDIT_CATALOG)
@changes(refuses=("family_used", "stale"), if_match=True)
def delete_family(request: ApiRequest, family_id: int) -> None:
    """While no product and no family is in it."""
    found = _family_as_read(request, family_id)
    operations.delete_family(actor=request.actor, family=found)


def _family_facts(request: ApiRequest, body: FamilyIn) -> FamilyFacts:
    parent = _family(request, body.parent_id) if body.parent_id else None
    own = Attribute.objects.filter(seller_id=request.actor.company_id)
    found = own.in_bulk([one.attribute_id for one in body.attributes])
    if any(one.attribute_id not in found for one in body.attributes):
        raise Http404
    own_attributes = [
        OwnAttribute(attribute=found[one.attribute_id], **one.model_dump(exclude={"attribute_id"}))
        for one in body.attributes
    ]
    plain = body.model_dump(exclude={"attributes", "parent_id"})
    return FamilyFacts(**plain, parent=parent, attributes=own_attributes)
