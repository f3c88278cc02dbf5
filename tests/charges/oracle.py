"""The rules of charges once more, as plainly as they can be said. Slow, and on purpose unlike the SQL."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Tariff:
    """`whom` is "account", "group" or "all"; steps are (start, amount, percent)."""

    whom: str
    countries: tuple[str, ...]
    steps: tuple[tuple[Decimal, Decimal | None, Decimal | None], ...]
    none: bool = False
    free_from: Decimal | None = None
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True)
class Rule:
    """`about` is the set of products, empty for all; `allows` says that it is taken off."""

    name: str
    measure: str
    tariffs: tuple[Tariff, ...]
    about: frozenset[int] = frozenset()
    per: Decimal = Decimal(1)
    allows: bool = False
    freight: bool = False


@dataclass(frozen=True)
class Line:
    product: int
    net: Decimal
    quantity: Decimal
    tax: str
    grams: int = 0


def charges(
    rules: list[Rule], lines: list[Line], country: str, at: datetime, free_freight: bool
) -> list[tuple[str, int | None, str, Decimal]]:
    """(name, line, tax category, amount), those for lines first."""
    of_lines, of_order = [], []
    total = sum((line.net for line in lines), Decimal(0))
    for rule in rules:
        tariff = _nearest(rule, country, at)
        if tariff is None or tariff.none or (rule.freight and free_freight):
            continue
        if tariff.free_from is not None and total >= tariff.free_from:
            continue
        about = [
            (place, line) for place, line in enumerate(lines) if not rule.about or line.product in rule.about
        ]
        if rule.measure == "quantity":
            for place, line in about:
                units = ceil(line.quantity / rule.per)
                amount = _amount(tariff, line.quantity, Decimal(units), line.net)
                of_lines.append((rule.name, place, line.tax, amount))
            continue
        net = sum((line.net for _place, line in about), Decimal(0))
        kilograms = sum((line.quantity * line.grams / 1000 for _place, line in about), Decimal(0))
        amount = _amount(tariff, kilograms if rule.measure == "weight" else net, Decimal(1), net)
        if not about:
            continue
        taxes = list(dict.fromkeys(line.tax for _place, line in about))
        parts = {
            tax: sum((line.net for _place, line in about if line.tax == tax), Decimal(0)) for tax in taxes
        }
        if not rule.allows:
            main = next(tax for tax in taxes if parts[tax] == max(parts.values()))
            of_order.append((rule.name, None, main, amount))
        else:
            of_order += [
                (rule.name, None, tax, share) for tax, share in _spread(min(amount, net), parts).items()
            ]
    of_lines.sort(key=lambda one: one[1])
    return [one for one in [*of_lines, *of_order] if one[3]]


def _nearest(rule: Rule, country: str, at: datetime) -> Tariff | None:
    for whom in ("account", "group", "all"):
        for named in (True, False):
            for tariff in rule.tariffs:
                begun = tariff.begins is None or tariff.begins <= at
                over = tariff.ends is not None and tariff.ends <= at
                there = country in tariff.countries if named else not tariff.countries
                if tariff.whom == whom and there and begun and not over:
                    return tariff
    return None


def _amount(tariff: Tariff, measured: Decimal, times: Decimal, net: Decimal) -> Decimal:
    found = Decimal(0)
    for start, amount, percent in sorted(tariff.steps, key=lambda one: one[0]):
        if start <= measured:
            found = amount * times if amount is not None else net * (percent or Decimal(0)) / 100
    return found.quantize(CENT, ROUND_HALF_UP)


def _spread(amount: Decimal, parts: dict[str, Decimal]) -> dict[str, Decimal]:
    """Cent by cent to whoever is furthest behind what is due."""
    whole = sum(parts.values(), Decimal(0))
    given = {
        tax: (amount * net / whole // CENT * CENT if whole else Decimal(0)) for tax, net in parts.items()
    }
    behind = sorted(parts, key=lambda tax: given[tax] - (amount * parts[tax] / whole if whole else 0))
    for tax in behind[: int((amount - sum(given.values(), Decimal(0))) / CENT)]:
        given[tax] += CENT
    return given
