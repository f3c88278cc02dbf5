"""The sentences of messages on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.verbs import verb

verb("messaging.message_written", _("Wrote a message"))
