"""From which seat somebody acts in the back office: always that of the own company."""

from dataclasses import replace

from kontor.kernel.actors import Actor
from kontor.web.identity import PersonRequest


def at_own_desk(request: PersonRequest) -> Actor:
    """The person as one of the own company, also while working for a customer in the shop in another tab."""
    actor = request.actor
    return replace(actor, acting_for_id=None, acting_for_name="") if actor.acting_for_id else actor
