"""Whether prices may be changed by one person alone: one rule for pages, API and files."""

from django.utils.translation import gettext as _

from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.pricing.models import PricePolicy
from kontor.pricing.permissions import APPROVE_ROUND


def needs_approval(seller_id: int) -> bool:
    """Whether a second person must approve changes of this seller's prices."""
    return PricePolicy.objects.filter(pk=seller_id, rounds_need_approval=True).exists()


def is_held(actor: Actor, seller_id: int) -> bool:
    """Whether what this actor does to prices waits for a second person, and so goes into a price round."""
    return not actor.is_system and not actor.may(APPROVE_ROUND) and needs_approval(seller_id)


def refuse_held(actor: Actor, seller_id: int) -> None:
    """Raises Refused("needs_round") for who may not change prices without a second person."""
    if is_held(actor, seller_id):
        raise Refused(
            "needs_round",
            _(
                "A second person approves changes of prices here. Put them into a price round and submit it, or ask"
                " somebody who approves rounds."
            ),
        )
