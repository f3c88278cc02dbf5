"""Promotions the naive way: one thing after the other, in whole cents and exact fractions. Obviously right, and slow."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor

from kontor.promotions.rules import Candidate, Line, Situation

Cents = list[int]
Present = tuple[int, Decimal, Decimal]


def cents(amount: Decimal) -> int:
    return int(amount * 100)


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def spread(total: int, weights: list[int]) -> Cents:
    """Cent by cent to whoever is furthest below what is due; the earlier one when equal."""
    whole = sum(weights)
    due = [Fraction(total * weight, whole) if whole else Fraction(total, len(weights)) for weight in weights]
    parts = [floor(one) for one in due]
    for _cent in range(total - sum(parts)):
        behind = max(range(len(parts)), key=lambda place: (due[place] - parts[place], -place))
        parts[behind] += 1
        due[behind] = Fraction(parts[behind])  # it has had its turn
    return parts


class Basket:
    """Lines in the order of what they are, with what is left of each in cents."""

    def __init__(self, situation: Situation) -> None:
        def known(place: int) -> tuple[object, ...]:
            line = situation.lines[place]
            return line.product_id, line.unit, line.base_quantity, line.net, line.listed

        self.places = sorted(range(len(situation.lines)), key=known)
        self.lines = [situation.lines[place] for place in self.places]
        self.left = [cents(line.net) for line in self.lines]
        self.lowered: set[int] = set()
        self.reserved: set[int] = set()
        self.given = 0
        self.closed = False


def is_of(line: Line, one: Candidate) -> bool:
    goods = one.conditions.goods
    if not goods.products and not goods.categories and not goods.brands:
        return True
    by_article = line.product_id in goods.products or line.model_id in goods.products
    return by_article or bool(set(goods.categories) & line.categories) or line.brand in goods.brands


def why_not(one: Candidate, situation: Situation, basket: Basket) -> str:
    reason = not_now(one, situation) or not_for_them(one, situation)
    if reason:
        return reason
    if one.code not in ("", "given"):
        return one.code
    if one.used_up:
        return "limit_" + one.used_up
    if one.budget_left is not None and one.budget_left <= 0:
        return "budget"
    return too_little(one, basket)


def not_now(one: Candidate, situation: Situation) -> str:
    if not one.is_active:
        return "stopped"
    if one.valid_from and situation.at < one.valid_from:
        return "early"
    if one.valid_until and situation.at >= one.valid_until:
        return "late"
    return "currency" if one.currency and one.currency != situation.currency else ""


def not_for_them(one: Candidate, situation: Situation) -> str:
    asked, now = one.conditions, situation.at
    if asked.companies and situation.buyer_id not in asked.companies:
        return "company"
    if asked.groups and situation.group_id not in asked.groups:
        return "group"
    if asked.channels and situation.channel not in asked.channels:
        return "channel"
    if asked.first_order and not situation.is_first:
        return "first_order"
    if asked.weekdays and now.weekday() not in asked.weekdays:
        return "weekday"
    if asked.from_time and asked.until_time:
        minute = now.hour * 60 + now.minute
        begin, end = (moment.hour * 60 + moment.minute for moment in (asked.from_time, asked.until_time))
        return "hours" if minute < begin or minute >= end else ""
    return ""


def too_little(one: Candidate, basket: Basket) -> str:
    asked = one.conditions
    found = [line for line in basket.lines if line.listed and is_of(line, one)]
    if not found:
        return "goods"
    if asked.min_quantity and sum(line.base_quantity for line in found) < asked.min_quantity:
        return "quantity"
    if asked.min_value and sum(line.net for line in basket.lines) < asked.min_value:
        return "value"
    return "another" if basket.closed or (one.stacking == "alone" and basket.given) else ""


def units(basket: Basket, places: list[int], left: Cents) -> list[tuple[Fraction, int]]:
    """Every single base unit with its price, the cheapest first."""
    found = []
    for place in places:
        number = int(basket.lines[place].base_quantity)
        found += [(Fraction(left[place], number), place)] * number
    return sorted(found)


def worth(basket: Basket, place: int, number: int, left: Cents) -> int:
    return half_up(Fraction(left[place] * number, int(basket.lines[place].base_quantity)))


def off(
    effect: object, basket: Basket, own: list[int], every: list[int], left: Cents, room: Cents
) -> dict[int, int]:
    ways: dict[str, Callable[..., dict[int, int]]] = {
        "percent": lambda e: {p: half_up(Fraction(left[p]) * Fraction(e.percent) / 100) for p in own},
        "amount": lambda e: amount(e, basket, own, room),
        "fixed_price": lambda e: {p: left[p] - fixed(e, basket.lines[p]) for p in own},
        "cheapest_free": lambda e: cheapest(e, basket, own, left),
        "tiered": lambda e: tiered(e, basket, own, left),
        "bundle": lambda e: bundle(e, basket, every, left),
    }
    kind = effect.kind
    return ways[kind](effect) if kind in ways else {}


def fixed(effect: object, line: Line) -> int:
    price, base = effect.amount, effect.price_base
    return half_up(Fraction(price) * 100 * Fraction(line.base_quantity) / Fraction(base))


def amount(effect: object, basket: Basket, own: list[int], room: Cents) -> dict[int, int]:
    value, per = cents(effect.amount), effect.per
    if per == "line":
        return dict.fromkeys(own, value)
    if per == "unit":
        return {place: value * int(basket.lines[place].base_quantity) for place in own}
    weights = [room[place] for place in own]
    return dict(zip(own, spread(min(value, sum(weights)), weights), strict=True)) if own else {}


def cheapest(effect: object, basket: Basket, own: list[int], left: Cents) -> dict[int, int]:
    take, pay = effect.take, effect.pay
    every = units(basket, own, left)
    free = [place for _price, place in every[: len(every) // take * (take - pay)]]
    return {place: worth(basket, place, free.count(place), left) for place in set(free)}


def tiered(effect: object, basket: Basket, own: list[int], left: Cents) -> dict[int, int]:
    by, tiers = effect.by, effect.tiers
    if by == "quantity":
        reached = sum((Fraction(basket.lines[place].base_quantity) for place in own), Fraction())
    else:
        reached = Fraction(sum(left[place] for place in own), 100)
    percent = Fraction()
    for tier in tiers:
        if reached >= Fraction(tier.start):
            percent = Fraction(tier.percent)
    return {place: half_up(left[place] * percent / 100) for place in own}


def bundle(effect: object, basket: Basket, every: list[int], left: Cents) -> dict[int, int]:
    parts, price = effect.parts, cents(effect.amount)
    stock = {place: int(basket.lines[place].base_quantity) for place in every}
    taken: dict[int, int] = {}
    sets = 0
    while True:
        one_set: list[int] = []
        for part in parts:
            of_part = [
                p for p in every if basket.lines[p].product_id == part.product_id for _n in range(stock[p])
            ]
            one_set += of_part[: int(part.quantity)]
        if len(one_set) < sum(int(part.quantity) for part in parts):
            break
        sets += 1
        for place in one_set:
            stock[place] -= 1
            taken[place] = taken.get(place, 0) + 1
    values = {place: worth(basket, place, number, left) for place, number in taken.items()}
    saved = sum(values.values()) - price * sets
    order = sorted(values, key=lambda p: ([x.product_id for x in parts].index(basket.lines[p].product_id), p))
    if saved <= 0:
        return {}
    return dict(zip(order, spread(saved, [values[place] for place in order]), strict=True))


def gifts(one: Candidate, basket: Basket, own: list[int], prices: Mapping[int, Decimal]) -> list[Present]:
    found = []
    for effect in one.effects:
        if effect.kind == "gift":
            bought = sum(int(basket.lines[place].base_quantity) for place in own)
            times = bought // int(effect.every) if effect.every else 1
            if times:
                quantity = effect.quantity * times
                price = Fraction(prices.get(effect.product_id, 0))
                cost = half_up(price * Fraction(quantity) * 100)
                found.append((effect.product_id, quantity, Decimal(cost) / 100))
    return found


def naive(candidates: list[Candidate], situation: Situation) -> dict[int, tuple[str, Cents, list[Present]]]:
    """By promotion: what became of it, cents off each line as the basket has them, gifts."""
    basket = Basket(situation)
    told: dict[int, tuple[str, Cents, list[Present]]] = {}
    for one in sorted(candidates, key=lambda one: (one.priority, one.promotion_id)):
        reason = why_not(one, situation, basket)
        given: Cents = [0] * len(basket.lines)
        presents: list[Present] = []
        if not reason:
            reason, given, presents = give(one, basket, situation.gift_prices)
        in_order = [0] * len(given)
        for place, original in enumerate(basket.places):
            in_order[original] = given[place]
        told[one.promotion_id] = reason, in_order, presents
    return told


def give(one: Candidate, basket: Basket, prices: Mapping[int, Decimal]) -> tuple[str, Cents, list[Present]]:
    nothing: Cents = [0] * len(basket.lines)
    places = [
        place for place, line in enumerate(basket.lines) if line.listed and place not in basket.reserved
    ]
    if one.stacking == "other_goods":
        places = [place for place in places if place not in basket.lowered]
    own = [place for place in places if is_of(basket.lines[place], one)]
    left = list(basket.left)
    least = [0 if one.may_go_below or line.floor is None else cents(line.floor) for line in basket.lines]
    for effect in one.effects:
        room = [max(0, before - held) for before, held in zip(left, least, strict=True)]
        for place, wanted in off(effect, basket, own, places, list(left), room).items():
            left[place] -= max(0, min(wanted, room[place]))
    given = [before - after for before, after in zip(basket.left, left, strict=True)]
    if one.most is not None and sum(given) > cents(one.most):
        given = spread(cents(one.most), given)
    presents = gifts(one, basket, own, prices)
    if not sum(given) and not presents and not any(effect.kind == "free_freight" for effect in one.effects):
        return "nothing", nothing, []
    spent = sum(given) + sum(cents(cost) for _product, _quantity, cost in presents)
    if one.budget_left is not None and spent > cents(one.budget_left):
        return "budget", nothing, []
    basket.left = [before - now for before, now in zip(basket.left, given, strict=True)]
    basket.given += 1
    lowered = {place for place, amount in enumerate(given) if amount}
    basket.lowered |= lowered
    basket.reserved |= lowered if one.stacking == "other_goods" else set()
    basket.closed = one.stacking == "alone"
    return "given", given, presents
