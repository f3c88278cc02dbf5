"""The sentences of charges on a trail."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kontor.audit.facts import facts
from kontor.audit.verbs import verb

verb("charges.rule_saved", _("Saved the charge %(name)s"))
verb("charges.rule_deleted", _("Deleted the charge %(name)s"))
verb("charges.tariff_saved", _("Changed what the charge %(name)s costs"))
verb("charges.tariff_deleted", _("Removed a tariff of the charge %(name)s"))
verb("charges.index_saved", _("Saved the index %(name)s"))
verb("charges.index_deleted", _("Deleted the index %(name)s"))
verb(
    "charges.values_set",
    ngettext_lazy(
        "Set %(count)s value of the index %(name)s", "Set %(count)s values of the index %(name)s", "count"
    ),
)
verb(
    "charges.contents_set",
    ngettext_lazy(
        "Set the content of %(count)s article for the index %(name)s",
        "Set the content of %(count)s articles for the index %(name)s",
        "count",
    ),
)
facts("charges", {"tariff": _("Tariff")})
