"""Whose goods, prices and warehouses an actor may change: those of its own selling company."""

from django.utils.translation import gettext as _

from kontor.companies.models import Company
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed


def selling_company_id(actor: Actor, seller: Company | None) -> int:
    """The company that something new belongs to: the actor's own. The system names one, as it has none itself."""
    if seller is not None:
        require_own(actor, seller.pk)
        return seller.pk
    if actor.company_id is None:
        raise NotAllowed("not_allowed", _("Say for which seller this is."))
    return actor.company_id


def require_own(actor: Actor, seller_id: int) -> None:
    """Raises NotAllowed when this is another seller's. The system may change everybody's."""
    if not actor.is_system and actor.company_id != seller_id:
        raise NotAllowed("not_allowed", _("This belongs to another seller."))
