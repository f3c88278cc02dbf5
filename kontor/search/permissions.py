"""What people may do with the search."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

CURATE_SEARCH = declare(
    "search.curate", _("Decide what the search finds first"), roles=("catalog", "seller_admin")
)
