"""The sentences of bonus agreements on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import fact, facts
from kontor.audit.verbs import verb
from kontor.goods import units
from kontor.rebates.models import Rebate

verb("rebates.saved", _("Saved the bonus agreement %(name)s"))
verb("rebates.begun", _("Put the bonus agreement %(name)s into force"))
verb("rebates.ended", _("Ended the bonus agreement %(name)s without settling it"))
verb("rebates.deleted", _("Deleted the draft of the bonus agreement %(name)s"))
verb("rebates.recounted", _("Counted the bonus agreement %(name)s anew"))
verb("rebates.settled", _("Settled the bonus agreement %(name)s: %(amount)s %(currency)s"))

facts(
    "rebates",
    {
        "begins_on": _("First day"),
        "ends_on": _("Last day"),
        "tiers": _("Tiers"),
        "is_graduated": _("Each tier for the part above it"),
        "is_cumulative": _("Beside others for the same goods"),
        "is_quarterly": _("On account each quarter"),
        "documents": _("Documents"),
        "until": _("Until"),
    },
)
fact("rebates.measure", _("Measured by"), dict(Rebate.Measure.choices))
fact("rebates.reward", _("Bonus"), dict(Rebate.Reward.choices))
fact("rebates.unit", _("Unit"), units.name)
fact(
    "rebates.kind",
    _("Kind"),
    {"on_account": _("On account"), "final": _("Final"), "correction": _("Correction")},
)
fact("rebates.takes_in", _("Goods that count"), several=True, nothing=_("All goods"))
fact("rebates.leaves_out", _("Goods that do not count"), several=True)
fact("rebates.customers", _("Customers"), several=True)
