"""The sentences of imports on a trail."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kontor.audit.facts import facts
from kontor.audit.verbs import verb

verb("exchange.file_taken_in", _("Took in the file %(file)s"))
verb("exchange.import_finished", _("Imported %(file)s: %(new)s new, %(changed)s changed, %(wrong)s wrong"))
verb(
    "exchange.pictures_asked_again",
    ngettext_lazy(
        "Asked for %(pictures)s picture again", "Asked for %(pictures)s pictures again", "pictures"
    ),
)
verb("exchange.mapping_saved", _("Saved the mapping %(name)s"))

facts(
    "exchange",
    {
        "new": _("New"),
        "unchanged": _("Unchanged"),
        "wrong": _("Wrong"),
        "prices": _("Prices"),
        "stock": _("Stock"),
        "pictures": _("Pictures"),
        "shortened": _("Shortened"),
        "price_round": _("Price round"),
    },
)
