"""Reminders that no event sets off, only the calendar."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.kernel import clock
from kontor.notifications import links
from kontor.notifications.audience import Recipient, people
from kontor.notifications.letters import Letter, moment, money
from kontor.notifications.operations.queue import Posting, queue_mail
from kontor.notifications.topics import OFFERS
from kontor.quotes.models import Offer

BEFORE = timedelta(days=2)


@transaction.atomic
def remind_of_expiring_offers() -> int:
    """Tell the people who asked that an offer ends within two days; each offer once. Returns how many mails."""
    now = clock.now()
    ending = Offer.objects.filter(
        status=Offer.Status.SENT, valid_until__gt=now, valid_until__lte=now + BEFORE
    ).select_related("request__seller")
    return sum(len(_remind(offer)) for offer in ending)


def _remind(offer: Offer) -> list[object]:
    request = offer.request

    def write(_to: Recipient) -> Letter:
        names = {"number": request.number, "seller": str(request.seller), "until": moment(offer.valid_until)}
        return Letter(
            sender=str(request.seller),
            subject=_("Offer %(number)s is good until %(until)s") % names,
            heading=_("Offer %(number)s ends soon") % names,
            paragraphs=[
                _("The offer of %(seller)s is good until %(until)s. After that it can no longer be accepted.")
                % names
            ],
            facts=[(_("Net total"), money(offer.net_total, request.currency))],
            action=(_("See the offer"), links.link("request", request.pk)),
        )

    posting = Posting(topic=OFFERS, about=f"expires:{offer.pk}", thread=f"request:{request.pk}")
    to = people(OFFERS, request.buyer_id, concerned=[request.requested_by_id])
    return list(queue_mail(posting=posting, to=to, write=write))
