"""What a promotion does, read back in plain sentences."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kontor.promotions.models import Promotion
from kontor.promotions.references import Names
from kontor.promotions.terms import (
    AmountOff,
    Bundle,
    CheapestFree,
    Conditions,
    Effect,
    FixedPrice,
    FreeFreight,
    Gift,
    Goods,
    Percent,
    Tiered,
    conditions_from,
    effects_from,
)
from kontor.promotions.wording import amount_text, number_text

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Words:
    """What the sentences need to know: names, the currency, and what channels are called."""

    names: Names
    currency: str
    channels: Mapping[str, Any] = field(default_factory=dict)

    def goods(self, goods: Goods) -> str:
        if goods.are_all:
            return _("all goods")
        categories = [_known(self.names.categories, key) for key in goods.categories]
        brands = [_("goods of %(brand)s") % {"brand": brand} for brand in goods.brands]
        products = [_known(self.names.products, key) for key in goods.products]
        return listed([*categories, *brands, *products])


def _known(names: Mapping[int, str], key: int) -> str:
    return names.get(key, f"#{key}")


def listed(words: Iterable[str]) -> str:
    """A few words with commas between them, and how many more there are."""
    every = list(words)
    told = ", ".join(every[:SHOWN])
    more = len(every) - SHOWN
    return _("%(told)s and %(n)s more") % {"told": told, "n": more} if more > 0 else told


def described(promotion: Promotion, names: Names, channels: Mapping[str, Any] | None = None) -> str:
    """Everything that a promotion does and asks, one sentence after the other."""
    words = Words(names, promotion.currency, channels or {})
    conditions = conditions_from(promotion.conditions)
    gives = [effect_text(one, conditions.goods, words) for one in effects_from(promotion.effects)]
    rest = [*condition_texts(conditions, words), *_when(promotion), *_limits(promotion)]
    return " ".join(f"{one}." for one in [*gives, *rest])


def effect_text(effect: Effect, goods: Goods, words: Words) -> str:
    """What an effect does to the goods, without a full stop."""
    return _TEXTS[type(effect)](effect, words.goods(goods), words)


def _percent(effect: Percent, goods: str, words: Words) -> str:
    return _("%(percent)s %% off %(goods)s") % {"percent": number_text(effect.percent), "goods": goods}


def _amount(effect: AmountOff, goods: str, words: Words) -> str:
    sentences = {
        "order": _("%(amount)s off the order for %(goods)s"),
        "line": _("%(amount)s off each line of %(goods)s"),
        "unit": _("%(amount)s off each unit of %(goods)s"),
    }
    return sentences[effect.per] % {"amount": amount_text(effect.amount, words.currency), "goods": goods}


def _fixed_price(effect: FixedPrice, goods: str, words: Words) -> str:
    about = {
        "amount": f"{number_text(effect.amount)} {words.currency}",
        "per": number_text(effect.price_base),
        "goods": goods,
    }
    if effect.price_base == 1:
        return _("%(amount)s a unit for %(goods)s") % about
    return _("%(amount)s per %(per)s units for %(goods)s") % about


def _gift(effect: Gift, goods: str, words: Words) -> str:
    about = {
        "quantity": number_text(effect.quantity),
        "sku": _known(words.names.products, effect.product_id),
        "goods": goods,
    }
    if effect.every is None:
        return _("%(quantity)s × %(sku)s free of charge with %(goods)s") % about
    about["every"] = number_text(effect.every)
    return _("%(quantity)s × %(sku)s free of charge for every %(every)s units of %(goods)s") % about


def _cheapest(effect: CheapestFree, goods: str, words: Words) -> str:
    about = {"take": effect.take, "pay": effect.pay, "goods": goods}
    return _("Take %(take)s, pay %(pay)s of %(goods)s, the cheapest are free") % about


def _tiered(effect: Tiered, goods: str, words: Words) -> str:
    starts = [
        number_text(tier.start) if effect.by == "quantity" else amount_text(tier.start, words.currency)
        for tier in effect.tiers
    ]
    steps = [
        _("%(percent)s %% from %(start)s on") % {"percent": number_text(tier.percent), "start": start}
        for tier, start in zip(effect.tiers, starts, strict=True)
    ]
    return _("Off %(goods)s: %(steps)s") % {"goods": goods, "steps": ", ".join(steps)}


def _freight(effect: FreeFreight, goods: str, words: Words) -> str:
    return _("Free freight")


def _bundle(effect: Bundle, goods: str, words: Words) -> str:
    parts = [
        f"{number_text(part.quantity)} × {_known(words.names.products, part.product_id)}"
        for part in effect.parts
    ]
    about = {"parts": " + ".join(parts), "amount": amount_text(effect.amount, words.currency)}
    return _("%(parts)s together for %(amount)s") % about


_TEXTS: Mapping[type[Any], Callable[[Any, str, Words], str]] = {
    Percent: _percent,
    AmountOff: _amount,
    FixedPrice: _fixed_price,
    Gift: _gift,
    CheapestFree: _cheapest,
    Tiered: _tiered,
    FreeFreight: _freight,
    Bundle: _bundle,
}


def condition_texts(asked: Conditions, words: Words) -> list[str]:
    """What must hold, a sentence for each condition, without full stops."""
    told = []
    if asked.companies:
        told.append(
            _("For %(names)s") % {"names": listed(_known(words.names.companies, k) for k in asked.companies)}
        )
    if asked.groups:
        names = listed(_known(words.names.groups, key) for key in asked.groups)
        told.append(_("For customers of %(names)s") % {"names": names})
    if asked.first_order:
        told.append(_("On a first order"))
    if asked.min_quantity is not None:
        told.append(
            _("From %(number)s units of these goods on") % {"number": number_text(asked.min_quantity)}
        )
    if asked.min_value is not None:
        told.append(
            _("On orders from %(amount)s on") % {"amount": amount_text(asked.min_value, words.currency)}
        )
    if asked.channels:
        names = listed(str(words.channels.get(one, one)) for one in asked.channels)
        told.append(_("On orders by %(names)s") % {"names": names})
    return [*told, *_hours(asked)]


def _hours(asked: Conditions) -> list[str]:
    days = weekday_names()
    told = (
        [_("On %(days)s") % {"days": ", ".join(days[day] for day in sorted(asked.weekdays))}]
        if asked.weekdays
        else []
    )
    if asked.from_time is not None and asked.until_time is not None:
        hours = {"begin": _clock(asked.from_time), "end": _clock(asked.until_time)}
        told.append(_("From %(begin)s to %(end)s of the day") % hours)
    return told


def _clock(moment: time) -> str:
    return time_format(moment, "H:i")


def weekday_names() -> list[str]:
    """Monday first."""
    return [
        _("Mondays"), _("Tuesdays"), _("Wednesdays"), _("Thursdays"), _("Fridays"), _("Saturdays"), _("Sundays"),
    ]  # fmt: skip


def _when(promotion: Promotion) -> list[str]:
    # English without a region is written with the day before the month, as on the pages.
    style = "j M Y, H:i" if (get_language() or "en").startswith("en") else "SHORT_DATETIME_FORMAT"
    begin, end = (
        date_format(localtime(moment), style) if moment else ""
        for moment in (promotion.valid_from, promotion.valid_until)
    )
    if begin and end:
        return [_("From %(begin)s to before %(end)s") % {"begin": begin, "end": end}]
    if begin:
        return [_("From %(begin)s on") % {"begin": begin}]
    return [_("To before %(end)s") % {"end": end}] if end else []


def _limits(promotion: Promotion) -> list[str]:
    told: list[str] = []
    if promotion.needs_code:
        told.append(_("With a code"))
    most: Sequence[tuple[int | None, Callable[[int], str]]] = (
        (promotion.limit_total, lambda n: ngettext("Once in all", "%(n)s times in all", n)),
        (promotion.limit_company, lambda n: ngettext("Once per company", "%(n)s times per company", n)),
        (promotion.limit_person, lambda n: ngettext("Once per person", "%(n)s times per person", n)),
    )
    told += [say(number) % {"n": number} for number, say in most if number is not None]
    if promotion.most is not None:
        told.append(
            _("At most %(amount)s per order") % {"amount": amount_text(promotion.most, promotion.currency)}
        )
    if promotion.budget is not None:
        told.append(
            _("At most %(amount)s in all") % {"amount": amount_text(promotion.budget, promotion.currency)}
        )
    if promotion.stacking == Promotion.Stacking.ALONE:
        told.append(_("Not together with other promotions"))
    elif promotion.stacking == Promotion.Stacking.OTHER_GOODS:
        told.append(_("Not on goods that another promotion lowers"))
    if promotion.below_floor:
        told.append(_("Also below the lowest price"))
    return told
