"""Who works for the own company: people, invitations, and the keys of its programs."""

from decimal import Decimal

from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page
from kontor.api.shapes.companies import (
    InvitationIn,
    InvitationOut,
    KeyIn,
    KeyOut,
    NewKeyOut,
    PersonOut,
    PersonPatch,
)
from kontor.api.values import maybe_amount
from kontor.companies import operations
from kontor.companies.models import ApiKey, Invitation, Membership
from kontor.companies.operations import NewColleague
from kontor.companies.ownership import own_company_id
from kontor.companies.permissions import MANAGE_KEYS, MANAGE_PEOPLE
from kontor.companies.queries import members_of, open_invitations
from kontor.kernel.actors import require

router = Router(tags=["People and keys"])


def _limit(request: ApiRequest, limit: Decimal | None) -> str | None:
    return maybe_amount(limit, request.identity.currency)


def person_out(request: ApiRequest, member: Membership) -> PersonOut:
    return PersonOut(
        id=member.pk,
        name=member.user.name,
        email=member.user.email,
        roles=member.roles,
        order_limit=_limit(request, member.order_limit),
        job_title=member.job_title,
        is_active=member.is_active,
    )


def invitation_out(request: ApiRequest, row: Invitation) -> InvitationOut:
    return InvitationOut(
        id=row.pk,
        email=row.email,
        name=row.name,
        roles=row.roles,
        order_limit=_limit(request, row.order_limit),
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def key_facts(request: ApiRequest, key: ApiKey) -> KeyOut:
    return KeyOut(
        id=key.pk,
        name=key.name,
        prefix=key.prefix,
        roles=key.roles,
        is_read_only=key.is_read_only,
        order_limit=_limit(request, key.order_limit),
        created_at=key.created_at,
        last_used_on=key.last_used_on.isoformat() if key.last_used_on else None,
        revoked_at=key.revoked_at,
    )


def _member(request: ApiRequest, person_id: int) -> Membership:
    own = Membership.objects.visible_to(request.actor).filter(company_id=own_company_id(request.actor))
    return get_object_or_404(own.select_related("user", "company"), pk=person_id)


@router.get("company/people", response=Page[PersonOut], operation_id="listPeople", summary="Colleagues")
@needs(MANAGE_PEOPLE)
@reads(refuses=("not_allowed", "not_for_customers"))
def people(request: ApiRequest) -> Page[PersonOut]:
    """Everybody with a seat in the own company, those with access first."""
    require(request.actor, MANAGE_PEOPLE)
    rows = members_of(own_company_id(request.actor))
    return Page(items=[person_out(request, row) for row in rows], next=None)


@router.get(
    "company/people/{int:person_id}", response=PersonOut, operation_id="getPerson", summary="One colleague"
)
@needs(MANAGE_PEOPLE)
@reads(refuses=("not_allowed", "not_for_customers"))
def person(request: ApiRequest, person_id: int) -> PersonOut:
    """Roles and limit of a colleague."""
    require(request.actor, MANAGE_PEOPLE)
    return person_out(request, _member(request, person_id))


@router.patch(
    "company/people/{int:person_id}",
    response=PersonOut,
    operation_id="changePerson",
    summary="Change a colleague's roles, limit or title",
)
@needs(MANAGE_PEOPLE)
@changes(refuses=("invalid_entries", "last_administrator"))
def change_person(request: ApiRequest, person_id: int, body: PersonPatch) -> PersonOut:
    """What is left out stays. The last administrator keeps that role."""
    member = _member(request, person_id)
    limit = body.order_limit if "order_limit" in body.model_fields_set else member.order_limit
    changed = operations.change_member(
        actor=request.actor,
        membership=member,
        roles=body.roles or member.roles,
        order_limit=limit,
        job_title=member.job_title if body.job_title is None else body.job_title,
    )
    return person_out(request, changed)


@router.post(
    "company/people/{int:person_id}/deactivate",
    response=PersonOut,
    operation_id="deactivatePerson",
    summary="Take a colleague's access away",
)
@needs(MANAGE_PEOPLE)
@changes(refuses=("last_administrator", "already_done"))
def deactivate(request: ApiRequest, person_id: int) -> PersonOut:
    """Ends with the colleague's next request."""
    member = operations.deactivate_member(actor=request.actor, membership=_member(request, person_id))
    return person_out(request, member)


@router.post(
    "company/people/{int:person_id}/reactivate",
    response=PersonOut,
    operation_id="reactivatePerson",
    summary="Give a colleague access again",
)
@needs(MANAGE_PEOPLE)
@changes(refuses=("already_done",))
def reactivate(request: ApiRequest, person_id: int) -> PersonOut:
    """With the roles that the colleague had."""
    member = operations.reactivate_member(actor=request.actor, membership=_member(request, person_id))
    return person_out(request, member)


@router.get(
    "company/invitations",
    response=Page[InvitationOut],
    operation_id="listInvitations",
    summary="Open invitations",
)
@needs(MANAGE_PEOPLE)
@reads(refuses=("not_allowed", "not_for_customers"))
def invitations(request: ApiRequest) -> Page[InvitationOut]:
    """Those that can still be accepted, newest first."""
    require(request.actor, MANAGE_PEOPLE)
    rows = open_invitations(own_company_id(request.actor))
    return Page(items=[invitation_out(request, row) for row in rows], next=None)


@router.post(
    "company/invitations",
    response={201: InvitationOut},
    operation_id="inviteColleague",
    summary="Invite a colleague",
)
@needs(MANAGE_PEOPLE)
@changes(refuses=("invalid_entries", "is_colleague", "was_colleague", "already_invited"))
def invite(request: ApiRequest, body: InvitationIn) -> Reply:
    """The link goes to the colleague by mail only, and is good for seven days."""
    colleague = NewColleague(
        email=body.email, roles=tuple(body.roles), name=body.name, order_limit=body.order_limit
    )
    row, _token = operations.invite_colleague(actor=request.actor, invitation=colleague)
    return Reply(body=invitation_out(request, row), status=201)


@router.delete(
    "company/invitations/{int:invitation_id}",
    response={204: None},
    operation_id="withdrawInvitation",
    summary="Withdraw an invitation",
)
@needs(MANAGE_PEOPLE)
@changes(refuses=("invitation_closed",))
def withdraw(request: ApiRequest, invitation_id: int) -> None:
    """The link in the mail stops working at once."""
    row = get_object_or_404(Invitation.objects.visible_to(request.actor), pk=invitation_id)
    operations.withdraw_invitation(actor=request.actor, invitation=row)


@router.get("company/keys", response=Page[KeyOut], operation_id="listKeys", summary="API keys")
@needs(MANAGE_KEYS)
@reads(refuses=("not_allowed", "not_for_customers"))
def keys(request: ApiRequest) -> Page[KeyOut]:
    """All keys of the own company, revoked ones too, newest first. Their secrets are not kept."""
    require(request.actor, MANAGE_KEYS)
    own = ApiKey.objects.visible_to(request.actor).filter(company_id=own_company_id(request.actor))
    return Page(items=[key_facts(request, row) for row in own.order_by("-id")], next=None)


@router.post("company/keys", response={201: NewKeyOut}, operation_id="createKey", summary="Create an API key")
@needs(MANAGE_KEYS)
@changes(refuses=("invalid_entries",))
def create_key(request: ApiRequest, body: KeyIn) -> Reply:
    """The secret stands in the first answer only: a repeat with the same Idempotency-Key has null there."""
    key, secret = operations.create_api_key(
        actor=request.actor,
        name=body.name,
        roles=tuple(body.roles),
        is_read_only=body.is_read_only,
        order_limit=body.order_limit,
    )
    facts = key_facts(request, key).model_dump()
    return Reply(
        body=NewKeyOut(**facts, secret=secret),
        kept=NewKeyOut(**facts, secret=None),
        status=201,
        location=reverse("api:listKeys"),
    )


@router.delete(
    "company/keys/{int:key_id}", response={204: None}, operation_id="revokeKey", summary="Revoke an API key"
)
@needs(MANAGE_KEYS)
@changes(refuses=("already_done",))
def revoke(request: ApiRequest, key_id: int) -> None:
    """The key's next request is refused."""
    key = get_object_or_404(ApiKey.objects.visible_to(request.actor), pk=key_id)
    operations.revoke_api_key(actor=request.actor, key=key)
