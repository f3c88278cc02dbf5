"""An administrator looks after the company's people."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.entries import Entries
from kontor.companies.events import MemberChanged
from kontor.companies.models import Membership
from kontor.companies.ownership import lock_company, require_own
from kontor.companies.permissions import MANAGE_PEOPLE
from kontor.companies.seats import cleaned_roles, require_an_administrator
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Stale


@transaction.atomic
def change_member(
    *,
    actor: Actor,
    membership: Membership,
    roles: Iterable[str],
    order_limit: Decimal | None,
    job_title: str,
) -> Membership:
    """Give a colleague other roles, limit (net, None for none) or title.

    Raises Refused("invalid_entries", "last_administrator").
    """
    require(actor, MANAGE_PEOPLE)
    require_own(actor, membership.company_id)
    company = lock_company(membership.company_id)
    member = Membership.objects.select_related("user", "company").get(pk=membership.pk)
    entries = Entries()
    changed = {
        "roles": cleaned_roles(entries, roles, company=company, actor=actor, kept=member.roles),
        "order_limit": entries.limit("order_limit", order_limit, company.currency),
        "job_title": entries.text("job_title", job_title, longest=100),
    }
    entries.done()
    changes = {name: [getattr(member, name), value] for name, value in changed.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return member
    for name, value in changed.items():
        setattr(member, name, value)
    member.save(update_fields=list(changed))
    require_an_administrator(company.pk)
    record(actor, "companies.member_changed", ("member", member.pk), changes=changes)
    publish(MemberChanged(membership_id=member.pk))
    return member


@transaction.atomic
def deactivate_member(*, actor: Actor, membership: Membership) -> Membership:
    """Take a colleague's access away; it ends with the next request. Raises Refused("last_administrator"), Stale."""
    member = _switch(actor, membership, is_active=False)
    require_an_administrator(member.company_id)
    record(actor, "companies.member_deactivated", ("member", member.pk))
    publish(MemberChanged(membership_id=member.pk))
    return member


@transaction.atomic
def reactivate_member(*, actor: Actor, membership: Membership) -> Membership:
    """Give a colleague the former access again. Raises Stale."""
    member = _switch(actor, membership, is_active=True)
    record(actor, "companies.member_reactivated", ("member", member.pk))
    publish(MemberChanged(membership_id=member.pk))
    return member


def _switch(actor: Actor, membership: Membership, *, is_active: bool) -> Membership:
    require(actor, MANAGE_PEOPLE)
    require_own(actor, membership.company_id)
    lock_company(membership.company_id)
    switched = Membership.objects.filter(pk=membership.pk, is_active=not is_active).update(
        is_active=is_active
    )
    if not switched:
        raise Stale("already_done", _("Somebody has done this already. Reload the page."))
    return Membership.objects.select_related("user", "company").get(pk=membership.pk)
