"""What people may do in carts."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.carts.models import Cart
from kontor.kernel.actors import Actor, require
from kontor.kernel.capabilities import declare
from kontor.kernel.refusal import NotAllowed

EDIT_CARTS = declare("carts.edit", gettext_lazy("Fill carts"), roles=("admin", "buyer", "approver"))
FILL_FOR_CUSTOMERS = declare(
    "carts.fill_for_customers", gettext_lazy("Fill customers’ carts"), roles=("sales", "seller_admin")
)


def require_editor(actor: Actor, *, buyer_id: int | None, seller_id: int) -> None:
    """Refuse who may not change carts of this buyer at this seller. Raises NotAllowed("not_allowed").

    A sales representative fills a customer's cart only at the own company.
    """
    if actor.is_system:
        return
    require(actor, FILL_FOR_CUSTOMERS if actor.acting_for_id else EDIT_CARTS)
    foreign = buyer_id is None or buyer_id != actor.buying_company_id
    if foreign or (actor.acting_for_id and actor.company_id != seller_id):
        raise NotAllowed("not_allowed", _("This cart belongs to another company."))


def require_cart_editor(actor: Actor, cart: Cart) -> None:
    """As `require_editor`, for a cart that exists."""
    require_editor(actor, buyer_id=cart.buyer_id, seller_id=cart.seller_id)


def reads(actor: Actor, cart: Cart) -> bool:
    """Whether the actor may see the cart; everybody of the buyer may, whatever their role."""
    if actor.is_system:
        return True
    own = cart.buyer_id == actor.buying_company_id
    return own and (not actor.acting_for_id or actor.company_id == cart.seller_id)


def require_reader(actor: Actor, cart: Cart) -> None:
    """Refuse who may not see the cart. Raises NotAllowed("not_allowed")."""
    if not reads(actor, cart):
        raise NotAllowed("not_allowed", _("This cart belongs to another company."))
