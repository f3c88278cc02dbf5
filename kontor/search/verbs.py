"""The sentences of the search on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import facts
from kontor.audit.verbs import verb

verb("search.synonym_added", _("Taught the search that %(terms)s mean the same"))
verb("search.synonym_removed", _("Took back that %(terms)s mean the same"))
verb("search.redirect_set", _("Led the search for “%(words)s” to %(address)s"))
verb("search.redirect_removed", _("No longer leads the search for “%(words)s” elsewhere"))
verb("search.product_pinned", _("Put %(sku)s first for “%(words)s”"))
verb("search.product_unpinned", _("No longer puts %(sku)s first for “%(words)s”"))

facts("search", {"words": _("Words"), "terms": _("Words"), "address": _("Address")})
