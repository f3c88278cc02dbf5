"""The sentences of discovery on a timeline."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import fact
from kontor.audit.verbs import verb
from kontor.discovery.models import Watch

verb("discovery.search_saved", _("Saved the search %(name)s"))
verb("discovery.search_changed", _("Changed the saved search %(name)s"))
verb("discovery.search_removed", _("Removed the saved search %(name)s"))
verb("discovery.watch_begun", _("Watches %(sku)s"))
verb("discovery.watch_changed", _("Changed how soon to be told of %(sku)s"))
verb("discovery.watch_ended", _("No longer watches %(sku)s"))
verb("discovery.asked", _("Asked: %(title)s"))

fact("discovery.kind", _("Kind"), dict(Watch.Kind.choices))
