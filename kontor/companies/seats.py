"""Which roles a company can give, and that somebody always looks after its people."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kontor.companies.entries import Entries
from kontor.companies.models import Company, Membership
from kontor.companies.roles import BUYER_ROLES, OPERATOR_ROLES, ROLES, SELLER_ROLES
from kontor.companies.rules import ADMIN_ROLES
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused


def roles_of(company: Company, actor: Actor) -> list[str]:
    """The roles that this actor may give in the company, in the order of the pages."""
    given: dict[str, object] = {}
    if company.is_buyer:
        given |= BUYER_ROLES
    if company.is_seller:
        given |= SELLER_ROLES
    if company.is_operator and (actor.is_operator or actor.is_system):
        given |= OPERATOR_ROLES
    return list(given)


def cleaned_roles(
    entries: Entries, roles: Iterable[str], *, company: Company, actor: Actor, kept: Iterable[str] = ()
) -> list[str]:
    """Roles in the order of the pages, at least one, each among `roles_of`; `kept` are held already and may stay."""
    wanted = set(roles)
    if not wanted:
        entries.wrong("roles", _("Choose at least one role."))
    elif not wanted <= {*roles_of(company, actor), *kept}:
        entries.wrong("roles", _("Choose roles from the list."))
    return [role for role in ROLES if role in wanted]


def require_an_administrator(company_id: int) -> None:
    """After a change, with the company locked. Raises Refused("last_administrator") when nobody is left."""
    left = Membership.objects.active().filter(company_id=company_id, roles__overlap=list(ADMIN_ROLES))
    if not left.exists():
        raise Refused(
            "last_administrator",
            _("This is the company’s last administrator. Make a colleague administrator first."),
        )
