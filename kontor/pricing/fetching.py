"""Fetching the reference rates, where the operator has set an address; nothing is asked otherwise."""

import structlog

from kontor.kernel import clock
from kontor.kernel.actors import system_actor
from kontor.kernel.configuration import Configuration
from kontor.kernel.entrances import EntranceProblem, http
from kontor.kernel.refusal import Refused
from kontor.pricing.models import ExchangeRate
from kontor.pricing.operations import ReadRates, import_reference_rates

log = structlog.get_logger(__name__)
LIMITS = {"size": 12_000_000, "redirects": 2}


def fetch_rates_of_today(config: Configuration) -> ReadRates | None:
    """Take in what is at the address of the settings, unless today's rates are there already.

    What cannot be fetched or read is logged and tried again at the next time; rates that were there stay.
    """
    if ExchangeRate.objects.filter(seller=None, day=clock.now().date()).exists():
        return None
    try:
        limits = http.HttpLimits(**LIMITS, private=config.private_hosts)
        answer = http.ask(http.HttpQuestion(url=config.rates_url), limits)
        if answer.status != 200:
            log.warning("rates_not_fetched", status=answer.status)
            return None
        return import_reference_rates(actor=system_actor("exchange rates"), document=answer.body)
    except EntranceProblem as problem:
        log.warning("rates_not_fetched", problem=problem.message)
    except Refused as refusal:
        log.warning("rates_not_fetched", problem=refusal.message)
    return None
