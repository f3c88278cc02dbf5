"""The operator of the platform looks after companies."""

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.entries import Entries
from kontor.companies.events import CompanyChanged, MemberChanged
from kontor.companies.models import Company, Membership, PaymentTerm
from kontor.companies.ownership import lock_company
from kontor.companies.permissions import OPERATE
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused, Stale

FIRST_TERMS = (("PREPAY", 0, True), ("N14", 14, False), ("N30", 30, False))


@transaction.atomic
def activate_company(*, actor: Actor, company: Company) -> Company:
    """Let a registered or blocked company trade. Raises Stale when it is active already."""
    require(actor, OPERATE)
    _move(company, Company.Status.ACTIVE, come_from=(Company.Status.REGISTERED, Company.Status.BLOCKED))
    record(actor, "companies.company_activated", ("company", company.pk))
    publish(CompanyChanged(company_id=company.pk))
    return company


@transaction.atomic
def block_company(*, actor: Actor, company: Company, reason: str) -> Company:
    """Shut a company out: its people and keys, and its goods when it sells.

    Raises Refused("invalid_entries", "own_company") and Stale when it is blocked already.
    """
    require(actor, OPERATE)
    if company.pk == actor.company_id or company.is_operator:
        raise Refused("own_company", _("The operator’s company cannot be blocked."))
    entries = Entries()
    reason = entries.text("reason", reason, longest=2000, required=True, lines=True)
    entries.done()
    _move(company, Company.Status.BLOCKED, come_from=(Company.Status.REGISTERED, Company.Status.ACTIVE))
    record(actor, "companies.company_blocked", ("company", company.pk), note=reason)
    publish(CompanyChanged(company_id=company.pk))
    return company


@transaction.atomic
def open_store(*, actor: Actor, company: Company) -> Company:
    """Make a company a seller: active, with usual payment terms, its administrators as store administrators.

    Raises Stale when it sells already and Refused("company_blocked").
    """
    require(actor, OPERATE)
    seller = lock_company(company.pk)
    if seller.status == Company.Status.BLOCKED:
        raise Refused("company_blocked", _("Lift the block before this company sells."))
    if seller.is_seller:
        raise Stale("already_done", _("This company sells already. Reload the page."))
    seller.is_seller, seller.status = True, Company.Status.ACTIVE
    seller.save(update_fields=["is_seller", "status"])
    PaymentTerm.objects.bulk_create(
        PaymentTerm(
            seller=seller,
            code=code,
            name=_("Payment in advance") if prepaid else _("%(days)s days net") % {"days": days},
            net_days=days,
            is_prepayment=prepaid,
        )
        for code, days, prepaid in FIRST_TERMS
    )
    admins = Membership.objects.filter(company=seller, roles__contains=["admin"])
    for member in admins.exclude(roles__contains=["seller_admin"]):
        member.roles = [*member.roles, "seller_admin"]
        member.save(update_fields=["roles"])
        publish(MemberChanged(membership_id=member.pk))
    record(actor, "companies.store_opened", ("company", seller.pk))
    publish(CompanyChanged(company_id=seller.pk))
    return seller


def _move(company: Company, to: Company.Status, *, come_from: tuple[Company.Status, ...]) -> None:
    moved = Company.objects.filter(pk=company.pk, status__in=come_from).update(status=to)
    company.refresh_from_db()
    if not moved:
        raise Stale(
            "already_done",
            _("This company is “%(status)s” already. Reload the page.")
            % {"status": company.get_status_display()},
        )
