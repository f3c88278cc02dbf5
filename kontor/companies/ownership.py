"""Whose settings an actor may touch: only the own company's, also while working for a customer."""

from django.utils.translation import gettext as _

from kontor.companies.models import Company, CustomerAccount
from kontor.companies.permissions import ACCEPT_CUSTOMERS
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import NotAllowed, Refused


def own_company_id(actor: Actor) -> int:
    """The company that the actor may administer.

    A person never administers a customer's company, not even while ordering for it; the system does when it acts for
    one. Raises NotAllowed("not_for_customers") or NotAllowed("no_company").
    """
    if actor.acting_for_id is not None and not actor.is_system:
        raise NotAllowed(
            "not_for_customers",
            _("You cannot do this on behalf of a customer. Ask the customer’s administrator."),
        )
    company_id = actor.buying_company_id
    if company_id is None:
        raise NotAllowed("no_company", _("You do not act for a company. Sign in as a member of one."))
    return company_id


def require_own(actor: Actor, company_id: int) -> None:
    """Refuse when the row belongs to another company. Raises NotAllowed("not_yours")."""
    if actor.is_system and actor.buying_company_id is None:
        return
    if own_company_id(actor) != company_id:
        raise NotAllowed("not_yours", _("This does not belong to your company."))


def require_seller_of(actor: Actor, account: CustomerAccount) -> None:
    """Refuse who may not decide about this customer. Raises NotAllowed("not_allowed", "not_yours").

    A representative who orders for a customer still decides for the own company, never for the customer's.
    """
    require(actor, ACCEPT_CUSTOMERS)
    if not actor.is_system and not (actor.is_seller and actor.company_id == account.seller_id):
        raise NotAllowed("not_yours", _("This does not belong to your company."))


def lock_company(company_id: int) -> Company:
    """The company's row, held until the transaction ends: who is its last administrator or default address is
    decided by one at a time."""
    return Company.objects.select_for_update(no_key=True).get(pk=company_id)


def require_open(company: Company) -> None:
    """Raises Refused("company_blocked") when the operator has blocked the company."""
    if company.status == Company.Status.BLOCKED:
        raise Refused(
            "company_blocked",
            _("%(company)s is blocked. Ask the operator of this platform why.") % {"company": company},
        )
