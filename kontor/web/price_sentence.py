"""The plain sentence under a price: whose price it is, and what it will be. No name of a list is told."""

from django.utils.translation import gettext as _

from kontor.pricing.explain import Change, Told
from kontor.pricing.queries import ResolvedPrice
from kontor.web.dates import date_text, datetime_text, local
from kontor.web.numbers import written_price
from kontor.web.values import unit_price_text


def sentence_of(told: Told, unit: str) -> str:
    """Your contract price; list price €99.00; from 1 Mar 2030 €80.00. Figures are for as much as the price is."""
    whose = {"contract": _("Your contract price"), "special": _("Your price"), "list": _("List price")}
    parts = [whose[told.kind]] if told.kind in whose else []
    if told.price is not None and told.list_price is not None:
        shown = str(written_price(told.list_price, told.price.currency))
        parts.append(_("list price %(price)s") % {"price": shown})
    if told.changes:
        parts.append(_ahead(told.changes[0], told.price, unit))
    return "; ".join(parts) if len(parts) > 1 or told.kind in ("contract", "special") else ""


def _ahead(change: Change, before: ResolvedPrice | None, unit: str) -> str:
    begins, one = local(change.at), change.price
    is_midnight = (begins.hour, begins.minute) == (0, 0)
    day = date_text(change.at) if is_midnight else datetime_text(change.at)
    if one is None:
        return _("from %(day)s on request") % {"day": day}
    if before is not None and before.price_base == one.price_base:
        price = str(written_price(one.base, one.currency))
    else:
        price = unit_price_text(one.base, one.currency, one.price_base, unit)
    return _("from %(day)s %(price)s") % {"day": day, "price": price}
