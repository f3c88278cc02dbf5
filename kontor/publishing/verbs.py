"""The sentences of feeds and schedules on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import facts
from kontor.audit.verbs import verb

verb("publishing.feed_saved", _("Switched the product feed %(language)s %(on)s"))
verb("publishing.schedule_saved", _("Saved the schedule %(name)s"))
verb("publishing.schedule_paused", _("Paused the schedule %(name)s"))
verb("publishing.schedule_continued", _("Continued the schedule %(name)s"))
verb("publishing.schedule_run", _("Ran the schedule %(name)s now"))
verb("publishing.schedule_removed", _("Removed the schedule %(name)s"))

facts("publishing", {"on": _("Switched")})
