"""Feeds follow at once when visitors may see other goods."""

from django.db import transaction

from kontor.catalog.events import AssortmentsChanged
from kontor.kernel.events import on
from kontor.publishing.models import Schedule
from kontor.publishing.schedules import begin


@on(AssortmentsChanged)
def make_feeds_anew(event: AssortmentsChanged) -> None:
    own = Schedule.objects.filter(company_id=event.seller_id, kind=Schedule.Kind.FEED, is_paused=False)
    with transaction.atomic():
        for schedule in own.select_for_update().order_by("id"):
            begin(schedule)
