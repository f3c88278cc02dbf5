from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import selling_company_id
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import languages_of_seller
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused
from kontor.publishing.models import ProductFeed, Schedule
from kontor.publishing.schedules.due import begin
from kontor.publishing.schedules.times import next_after
from kontor.taxes.queries import rates_on

OFTEN = "0 */4 * * *"
"""How often a new feed is made; its schedule says so, and can be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFacts:
    """A feed as a form gives it. Prices include the tax of `tax_country`, or none when it is empty."""

    language: str
    is_on: bool = True
    tax_country: str = ""


@transaction.atomic
def save_feed(*, actor: Actor, facts: FeedFacts, seller: Company | None = None) -> ProductFeed:
    """Switch the product feed of a language on or off, and say with which prices. One that is on is made at once, and
    every few hours by its schedule.

    Raises Refused("incomplete") at ``language`` or ``tax_country``.
    """
    require(actor, EDIT_CATALOG)
    seller_id = selling_company_id(actor, seller)
    country = facts.tax_country.strip().upper()
    problems = {}
    if facts.language not in languages_of_seller(seller_id, settings.LANGUAGE_CODE):
        problems["language"] = _("Choose one of the languages of your goods.")
    if country and not rates_on(country=country, day=clock.today()):
        problems["tax_country"] = _("No tax rates are known for this country.")
    if problems:
        raise Refused("incomplete", _("The feed was not saved. Correct the marked fields."), problems)
    feed, _is_new = ProductFeed.objects.update_or_create(
        seller_id=seller_id,
        language=facts.language,
        defaults={"is_on": facts.is_on, "tax_country": country},
    )
    schedule = _schedule_of(actor, feed)
    if feed.is_on:
        begin(schedule)
    changes = {"language": feed.language, "on": _("on") if feed.is_on else _("off")}
    record(actor, "publishing.feed_saved", ("feed", feed.pk), changes=changes)
    return feed


def _schedule_of(actor: Actor, feed: ProductFeed) -> Schedule:
    """The feed's schedule, locked; paused while the feed is off."""
    schedule = Schedule.objects.select_for_update(of=("self",)).filter(feed=feed).first()
    if schedule is None:
        schedule = Schedule(
            company_id=feed.seller_id, kind=Schedule.Kind.FEED, feed=feed, times=OFTEN,
            name=_("Product feed %(language)s") % {"language": feed.language},
        )  # fmt: skip
    schedule.membership_id = actor.membership_id
    schedule.is_paused = not feed.is_on
    schedule.paused_because = "" if feed.is_on else _("The feed is off.")
    schedule.next_at = (
        next_after(schedule.times, schedule.company.timezone, clock.now()) if feed.is_on else None
    )
    schedule.save()
    return schedule
