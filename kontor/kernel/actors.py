"""Who acts: a person in a company, a machine, or the system itself. Resolved once per request, then only read."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.kernel.capabilities import Capability
from kontor.kernel.refusal import NotAllowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The one who does it, from which door, and for whom.

    `acting_for_id` is the customer company while a sales representative works on its behalf; both names go into
    the audit. `order_limit` is an amount in the company's currency; None means no limit.
    """

    name: str
    door: str
    user_id: int | None = None
    membership_id: int | None = None
    company_id: int | None = None
    company_name: str = ""
    capabilities: frozenset[Capability] = field(default_factory=frozenset)
    order_limit: Decimal | None = None
    is_seller: bool = False
    is_operator: bool = False
    is_system: bool = False
    acting_for_id: int | None = None
    acting_for_name: str = ""

    def may(self, capability: Capability) -> bool:
        """Whether this actor holds the capability. The system may everything."""
        return self.is_system or capability in self.capabilities

    @property
    def buying_company_id(self) -> int | None:
        """The company whose carts and orders this actor handles."""
        return self.acting_for_id or self.company_id

    @property
    def is_machine(self) -> bool:
        """Whether a program acts with a key of its company, and no person."""
        return self.user_id is None and self.company_id is not None and not self.is_system

    def behalf_of(self, company_id: int, company_name: str) -> "Actor":
        """The same actor working for a customer."""
        return replace(self, acting_for_id=company_id, acting_for_name=company_name, order_limit=None)


def system_actor(name: str, *, door: str = "worker") -> Actor:
    """A machine of ours: the worker, an import, a replay."""
    return Actor(name=name, door=door, is_system=True)


def require(actor: Actor, capability: Capability) -> None:
    """Refuse when the actor lacks the capability. Raises NotAllowed("not_allowed")."""
    if not actor.may(capability):
        raise NotAllowed(
            "not_allowed",
            _("You may not do this. Ask an administrator of your company for the right to do it."),
        )
