"""The sentences of imports on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.verbs import verb

verb("exchange.file_taken_in", _("Took in the file %(file)s"))
verb("exchange.import_finished", _("Imported %(file)s: %(new)s new, %(changed)s changed, %(wrong)s wrong"))
verb("exchange.pictures_asked_again", _("Asked for %(pictures)s pictures again"))
verb("exchange.mapping_saved", _("Saved the mapping %(name)s"))
verb("exchange.feed_saved", _("Switched the product feed %(language)s %(on)s"))
verb("exchange.schedule_saved", _("Saved the schedule %(name)s"))
verb("exchange.schedule_paused", _("Paused the schedule %(name)s"))
verb("exchange.schedule_continued", _("Continued the schedule %(name)s"))
verb("exchange.schedule_run", _("Ran the schedule %(name)s now"))
verb("exchange.schedule_removed", _("Removed the schedule %(name)s"))
