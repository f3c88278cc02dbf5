"""The sentences of carts on a timeline."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kontor.audit.facts import fact
from kontor.audit.verbs import verb
from kontor.goods import units

verb("carts.started", _("Began the cart"))
verb("carts.made_current", _("Made this the current cart"))
verb("carts.renamed", _("Named the cart %(name)s"))
verb("carts.discarded", _("Discarded the cart"))
verb("carts.recalled", _("Brought the cart back"))
verb("carts.coupon_added", _("Entered the code %(code)s"))
verb("carts.coupon_removed", _("Took out the code %(code)s"))
verb("carts.line_added", _("Added %(quantity)s %(unit)s of %(sku)s"))
verb("carts.lines_added", _("Added lines: %(added)s new, %(changed)s raised, %(rejected)s not accepted"))
verb("carts.lines_changed", _("Changed lines"))
verb("carts.line_removed", _("Removed %(quantity)s %(unit)s of %(sku)s"))
verb("carts.line_restored", _("Brought back %(quantity)s %(unit)s of %(sku)s"))
verb(
    "carts.cleared",
    ngettext_lazy("Emptied the cart of %(lines)s line", "Emptied the cart of %(lines)s lines", "lines"),
)
verb("carts.restored", ngettext_lazy("Brought back %(lines)s line", "Brought back %(lines)s lines", "lines"))

fact("carts.unit", _("Unit"), units.name)
