"""Reads about approvals: who can decide, and what waits."""

from decimal import Decimal

from django.db.models import F, Q

from kontor.approvals.models import ApprovalRequest
from kontor.approvals.permissions import DECIDE
from kontor.companies.models import Membership
from kontor.kernel.actors import Actor
from kontor.kernel.capabilities import declared


def who_can_approve(company_id: int, amount: Decimal | None) -> list[Membership]:
    """The company's people with access who may approve this net amount, by name, with their users. One query.

    None is an amount in another currency than the company's, about which limits say nothing.
    """
    roles = next(one.roles for one in declared() if one.name == DECIDE)
    within = Q(order_limit__isnull=True)
    if amount is not None:
        within |= Q(order_limit__gte=amount)
    return list(
        Membership.objects.active()
        .filter(within)
        .filter(company_id=company_id, roles__overlap=sorted(roles))
        .select_related("user")
        .order_by("user__name", "id")
    )


def waiting_for(actor: Actor) -> list[ApprovalRequest]:
    """What this actor could decide now, oldest first, with those who ask. One query; empty without the right."""
    if not actor.may(DECIDE) or actor.company_id is None or actor.acting_for_id is not None:
        return []
    waiting = ApprovalRequest.objects.waiting().filter(company_id=actor.company_id)
    if actor.order_limit is not None:
        waiting = waiting.filter(amount__lte=actor.order_limit, currency=F("company__currency"))
    own = Q(requested_by_id=actor.membership_id)
    return list(waiting.exclude(own).select_related("requested_by__user").order_by("id"))


def approval_of(subject: tuple[str, int]) -> ApprovalRequest | None:
    """The latest request about a subject that the caller may see, with requester and decider. One query."""
    return (
        ApprovalRequest.objects.filter(subject_type=subject[0], subject_id=subject[1])
        .select_related("requested_by__user", "decided_by__user")
        .order_by("-id")
        .first()
    )
