"""Who sees which of a seller's goods: assortments, their rules and holders, visitors, customer groups."""

from typing import Annotated

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.assortments import (
    AssortmentIn,
    AssortmentOut,
    GroupIn,
    GroupOut,
    GuestModeBody,
    HoldersIn,
    MembersIn,
    MovedOut,
    RuleOut,
    RulesIn,
    SightOut,
)
from kontor.api.shapes.selling import ChangedOut
from kontor.api.values import Id
from kontor.catalog import operations
from kontor.catalog.models import Assortment, AssortmentRule
from kontor.catalog.operations import AssortmentFacts, Holders, RuleFacts
from kontor.catalog.permissions import EDIT_ASSORTMENTS
from kontor.catalog.queries import assortments_of_seller, rules_of, sight_of
from kontor.companies import operations as companies
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.companies.ownership import own_company_id
from kontor.companies.permissions import ACCEPT_CUSTOMERS
from kontor.kernel.actors import require

router = Router(tags=["Assortments"])
CODES = ("incomplete", "name_taken", "extends_itself", "standard_needed")


def _own(request: ApiRequest, assortment_id: int) -> Assortment:
    require(request.actor, EDIT_ASSORTMENTS)
    return get_object_or_404(Assortment.objects.visible_to(request.actor), pk=assortment_id)


def _facts(request: ApiRequest, body: AssortmentIn) -> AssortmentFacts:
    extends = _own(request, body.extends_id) if body.extends_id else None
    return AssortmentFacts(name=body.name, start=body.start, extends=extends, is_standard=body.is_standard)


def _out(found: Assortment) -> AssortmentOut:
    (one,) = [row for row in assortments_of_seller(found.seller_id) if row.id == found.pk]
    return AssortmentOut.model_validate(one, from_attributes=True)


@router.get(
    "assortments", response=Page[AssortmentOut], operation_id="listAssortments", summary="Assortments"
)
@needs(EDIT_ASSORTMENTS)
@reads(refuses=("not_allowed",))
def assortments(request: ApiRequest) -> Page[AssortmentOut]:
    """The own company's, the standard first. Customers do not see assortments, only what is in theirs."""
    require(request.actor, EDIT_ASSORTMENTS)
    rows = assortments_of_seller(own_company_id(request.actor))
    items = [AssortmentOut.model_validate(one, from_attributes=True) for one in rows]
    return Page(items=items, next=None)


@router.post(
    "assortments", response={201: AssortmentOut}, operation_id="addAssortment", summary="Add an assortment"
)
@needs(EDIT_ASSORTMENTS)
@changes(refuses=CODES)
def add(request: ApiRequest, body: AssortmentIn) -> Reply:
    """The first one brings the standard assortment with all goods along, so nobody loses sight of anything."""
    saved = operations.save_assortment(actor=request.actor, facts=_facts(request, body))
    return Reply(body=_out(saved), status=201)


@router.put(
    "assortments/{int:assortment_id}",
    response=AssortmentOut,
    operation_id="changeAssortment",
    summary="Change an assortment",
)
@needs(EDIT_ASSORTMENTS)
@changes(refuses=CODES)
def change(request: ApiRequest, assortment_id: int, body: AssortmentIn) -> AssortmentOut:
    """Its rules and who has it stay."""
    found, facts = _own(request, assortment_id), _facts(request, body)
    return _out(operations.save_assortment(actor=request.actor, facts=facts, assortment=found))


@router.delete(
    "assortments/{int:assortment_id}",
    response={204: None},
    operation_id="deleteAssortment",
    summary="Delete an assortment",
)
@needs(EDIT_ASSORTMENTS)
@changes(refuses=("assigned", "extended", "standard_needed"))
def delete(request: ApiRequest, assortment_id: int) -> None:
    """While nobody has it. The standard goes last; then everybody sees everything."""
    operations.delete_assortment(actor=request.actor, assortment=_own(request, assortment_id))


@router.get(
    "assortments/{int:assortment_id}/rules",
    response=Page[RuleOut],
    operation_id="listAssortmentRules",
    summary="The rules of an assortment",
)
@needs(EDIT_ASSORTMENTS)
@reads(refuses=("not_allowed", "bad_cursor"))
def rules(request: ApiRequest, assortment_id: int, paging: Annotated[PageAsk, Query()]) -> Page[RuleOut]:
    """Newest first. An article's rule counts before its brand's, that before its category's, deepest first."""
    rows = rules_of(_own(request, assortment_id))
    return page(request, newest_first(rows, paging, name=f"rules:{assortment_id}"), _rule_out)


def _rule_out(one: AssortmentRule) -> RuleOut:
    return RuleOut(
        id=one.pk,
        allows=one.allows,
        category=one.category.path if one.category else "",
        brand=one.brand,
        sku=one.product.sku if one.product else "",
    )


@router.post(
    "assortments/{int:assortment_id}/rules",
    response=MovedOut,
    operation_id="changeAssortmentRules",
    summary="Add and remove rules",
)
@needs(EDIT_ASSORTMENTS)
@changes(refuses=("unknown_subject", "not_one_subject", "too_many_rules"))
def change_rules(request: ApiRequest, assortment_id: int, body: RulesIn) -> MovedOut:
    """A rule about something that has one already takes its place."""
    moved = operations.change_assortment_rules(
        actor=request.actor,
        assortment=_own(request, assortment_id),
        add=[RuleFacts(**one.model_dump()) for one in body.add],
        remove=body.remove,
        replace=body.replace,
    )
    return MovedOut(moved=moved)


@router.put(
    "assortments/{int:assortment_id}/holders",
    response=AssortmentOut,
    operation_id="setAssortmentHolders",
    summary="Say who has an assortment",
)
@needs(EDIT_ASSORTMENTS)
@changes()
def set_holders(request: ApiRequest, assortment_id: int, body: HoldersIn) -> AssortmentOut:
    """Customers' own hide those of their group, and those hide the standard."""
    found = _own(request, assortment_id)
    accounts = _accounts(request, body.account_ids)
    groups = CustomerGroup.objects.visible_to(request.actor).in_bulk(body.group_ids)
    if len(groups) < len(set(body.group_ids)):
        raise Http404
    holders = Holders(accounts=accounts, groups=list(groups.values()), visitors=body.visitors)
    operations.assign_assortment(actor=request.actor, assortment=found, holders=holders)
    return _out(found)


def _accounts(request: ApiRequest, ids: list[int]) -> list[CustomerAccount]:
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    found = own.in_bulk(ids)
    if len(found) < len(set(ids)):
        raise Http404
    return list(found.values())


@router.get("sight", response=SightOut, operation_id="getSight", summary="What somebody sees")
@needs(EDIT_ASSORTMENTS)
@reads(refuses=("not_allowed",))
def sight(request: ApiRequest, account_id: Annotated[Id | None, Query()] = None) -> SightOut:
    """Of the own goods on sale: what a customer sees, or without `account_id` a visitor."""
    require(request.actor, EDIT_ASSORTMENTS)
    buyer_id = _accounts(request, [account_id])[0].buyer_id if account_id else None
    found = sight_of(own_company_id(request.actor), buyer_id)
    return SightOut(assortments=[name for _pk, name in found.through], seen=found.seen, hidden=found.hidden)


@router.get("guest-mode", response=GuestModeBody, operation_id="getGuestMode", summary="What visitors see")
@needs(EDIT_ASSORTMENTS)
@reads(refuses=("not_allowed",))
def guest_mode(request: ApiRequest) -> GuestModeBody:
    """`public`: goods and prices; `prices_hidden`: goods; `sign_in`: nothing."""
    require(request.actor, EDIT_ASSORTMENTS)
    mode = operations.guest_mode_of(own_company_id(request.actor))
    return GuestModeBody.model_validate({"guest_mode": mode})


@router.put(
    "guest-mode", response=GuestModeBody, operation_id="setGuestMode", summary="Set what visitors see"
)
@needs(EDIT_ASSORTMENTS)
@changes(refuses=("unknown_mode",))
def set_guest_mode(request: ApiRequest, body: GuestModeBody) -> GuestModeBody:
    """Counts from the next request on."""
    operations.set_guest_mode(actor=request.actor, mode=body.guest_mode)
    return body


@router.get(
    "customer-groups", response=Page[GroupOut], operation_id="listCustomerGroups", summary="Customer groups"
)
@needs(ACCEPT_CUSTOMERS)
@reads(refuses=("not_allowed",))
def groups(request: ApiRequest) -> Page[GroupOut]:
    """Customers that the own company treats alike."""
    require(request.actor, ACCEPT_CUSTOMERS)
    rows = CustomerGroup.objects.visible_to(request.actor).order_by("name", "id")
    return Page(items=[GroupOut(id=one.pk, name=one.name) for one in rows], next=None)


@router.post(
    "customer-groups", response={201: GroupOut}, operation_id="addCustomerGroup", summary="Add a group"
)
@needs(ACCEPT_CUSTOMERS)
@changes(refuses=("invalid_entries", "name_taken"))
def add_group(request: ApiRequest, body: GroupIn) -> Reply:
    """Empty; put customers in by their accounts."""
    group = companies.save_customer_group(actor=request.actor, name=body.name)
    return Reply(body=GroupOut(id=group.pk, name=group.name), status=201)


@router.post(
    "customer-groups/{int:group_id}/members",
    response=ChangedOut,
    operation_id="changeGroupMembers",
    summary="Put customers into a group, or take them out",
)
@needs(ACCEPT_CUSTOMERS)
@changes()
def change_members(request: ApiRequest, group_id: int, body: MembersIn) -> ChangedOut:
    """A customer is in one group at most and leaves the other."""
    group = get_object_or_404(CustomerGroup.objects.visible_to(request.actor), pk=group_id)
    accounts = _accounts(request, body.account_ids)
    if not body.inside:
        accounts = [one for one in accounts if one.group_id == group.pk]
    moved = companies.put_in_group(
        actor=request.actor, accounts=accounts, group=group if body.inside else None
    )
    return ChangedOut(changed=moved)
