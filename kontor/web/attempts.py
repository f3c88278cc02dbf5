"""Tries of coupon codes: so many an hour by one person and from one address, right or wrong, at every door."""

from datetime import timedelta

from django.http import HttpRequest

from kontor.kernel.actors import Actor
from kontor.kernel.rates import count_attempt
from kontor.web.middleware.limits import address_of

HOUR = timedelta(hours=1)
OF_A_PERSON, FROM_AN_ADDRESS = 30, 120


def count_code(request: HttpRequest, actor: Actor) -> None:
    """Count a try before the code is looked at, so that a wrong one costs as much as a right one. Raises TooMany.

    The keys of a company count together, as one person.
    """
    person = f"user:{actor.user_id}" if actor.user_id else f"company:{actor.company_id}"
    count_attempt(f"coupon:{person}", limit=OF_A_PERSON, window=HOUR)
    count_attempt(f"coupon:address:{address_of(request)}", limit=FROM_AN_ADDRESS, window=HOUR)
