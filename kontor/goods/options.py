"""The options of a configurable product: which choices go together, and the code that names them. No Django.

What the rules say is decided exactly: a choice is impossible when no whole configuration holds it beside the others.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from stdnum.iso7064 import mod_37_36

CODE = re.compile(r"[A-Z0-9]{1,8}")
MARK = ":"
"""Stands between a SKU and the code of a configuration: ``DESK:160-EL-OAK-K``."""
STEPS = 3000
"""So many cases are looked at for all that is asked at once before rules count as too tangled; those of real goods need
a handful, as a whole configuration that was found answers for each of its choices."""


class Tangled(Exception):
    """The rules are too tangled to be decided in bounded time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to choose. `code` names it and stands in the SKU.

    It adds `amount` in `currency` per base unit, or `percent` of the base price, and so many grams and working days.
    """

    code: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    amount: Decimal = Decimal(0)
    currency: str = ""
    percent: Decimal = Decimal(0)
    weight_grams: int = 0
    lead_days: int = 0
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Choices of which at least `least` and at most `most` are taken together."""

    code: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    least: int = 1
    most: int = 1
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """`choice` needs `other` (``requires``), or they do not go together (``excludes``)."""

    choice: str
    kind: str
    other: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why choices are no configuration.

    `kind` is ``unknown``, ``requires`` or ``excludes`` with a choice, ``too_few`` or ``too_many`` with a group.
    """

    kind: str
    code: str
    other: str = ""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Groups in the order in which they are shown, and the rules between their choices."""

    groups: tuple[Group, ...] = ()
    rules: tuple[Rule, ...] = ()

    @cached_property
    def choices(self) -> dict[str, Choice]:
        return {choice.code: choice for group in self.groups for choice in group.choices}

    @cached_property
    def group_of(self) -> dict[str, Group]:
        return {choice.code: group for group in self.groups for choice in group.choices}

    def in_order(self, chosen: Collection[str]) -> list[Choice]:
        """The known ones of these choices as they are shown."""
        return [choice for code, choice in self.choices.items() if code in chosen]

    def defaults(self) -> frozenset[str]:
        """What is chosen before anybody chose."""
        return frozenset(code for code, choice in self.choices.items() if choice.is_default)


def problems_of(options: Options, chosen: Collection[str]) -> list[Problem]:
    """What keeps these choices from being a whole configuration; nothing: they are one."""
    problems = [Problem("unknown", code) for code in sorted(set(chosen) - options.choices.keys())]
    for group in options.groups:
        taken = sum(choice.code in chosen for choice in group.choices)
        if taken < group.least:
            problems.append(Problem("too_few", group.code))
        if taken > group.most:
            problems.append(Problem("too_many", group.code))
    broken = [
        Problem(rule.kind, rule.choice, rule.other)
        for rule in options.rules
        if rule.choice in chosen and (rule.other in chosen) == (rule.kind == "excludes")
    ]
    return problems + broken


def completion(options: Options, chosen: Iterable[str]) -> frozenset[str] | None:
    """A whole configuration that holds these choices, None when there is none. Raises Tangled."""
    return _Search(options).complete(set(chosen), set())


def impossible(options: Options, chosen: Iterable[str]) -> dict[str, list[str]]:
    """The choices that cannot be taken now, each with those already chosen that stand against it (a smallest set).

    In a group of which one is taken, a choice replaces the other. Of choices that do not go together the first count.
    Where rules are too tangled, what was not decided counts as possible: `problems_of` still judges the whole.
    """
    answers = _Answers(options)
    kept: list[str] = []
    for code in chosen:
        if code in options.choices and answers.may_be([*kept, code]):
            kept.append(code)
    found = {}
    for code, group in options.group_of.items():
        others = [one for one in kept if group.most > 1 or options.group_of[one] is not group]
        if code in kept or answers.may_be([*others, code]):
            continue
        for one in tuple(others):
            fewer = [other for other in others if other != one]
            if not answers.may_be([*fewer, code]):
                others = fewer
        found[code] = others
    return found


def never(options: Options) -> list[str]:
    """The choices that no configuration can hold. Raises Tangled."""
    answers = _Answers(options)
    return [code for code in options.choices if not answers.are([code])]


def unsatisfiable(options: Options) -> list[Group]:
    """The groups of which too little can be taken, by themselves or beside those before them. Raises Tangled."""
    demanded: list[Group] = []
    found = []
    steps = 0
    for group in options.groups:
        if not group.least:
            continue
        free = {one.code for one in (*demanded, group)}
        eased = tuple(
            one
            if one.code in free
            else Group(code=one.code, name=one.name, least=0, most=one.most, choices=one.choices)
            for one in options.groups
        )
        search = _Search(Options(groups=eased, rules=options.rules), steps)
        if search.complete(set(), set()) is None:
            found.append(group)
        else:
            demanded.append(group)
        steps = search.steps
    return found


class _Answers:
    """Whether choices go together, asked many times of the same options within one measure of steps."""

    def __init__(self, options: Options) -> None:
        self._search = _Search(options)
        self._wholes: list[frozenset[str]] = []

    def are(self, chosen: Sequence[str]) -> bool:
        """Whether some whole configuration holds these choices. Raises Tangled."""
        if any(whole.issuperset(chosen) for whole in self._wholes):
            return True
        whole = self._search.complete(set(chosen), set())
        if whole is not None:
            self._wholes.append(whole)
        return whole is not None

    def may_be(self, chosen: Sequence[str]) -> bool:
        """The same, and True where that is not decided."""
        try:
            return self.are(chosen)
        except Tangled:
            return True


class _Search:
    """Depth first over the groups that still need something; what follows from the rules is not guessed."""

    def __init__(self, options: Options, steps: int = 0) -> None:
        self.options = options
        self.steps = steps

    def complete(self, taken: set[str], left: set[str]) -> frozenset[str] | None:
        self.steps += 1
        if self.steps > STEPS:
            raise Tangled
        if taken - self.options.choices.keys() or not self._follow(taken, left):
            return None
        needy = next((one for one in self.options.groups if _count(one, taken) < one.least), None)
        if needy is None:
            return frozenset(taken)
        for code in [one.code for one in needy.choices if one.code not in taken | left]:
            whole = self.complete(taken | {code}, set(left))
            if whole is not None:
                return whole
            left.add(code)
        return None

    def _follow(self, taken: set[str], left: set[str]) -> bool:
        """Add what must be taken and what must be left; whether that can be."""
        before = -1
        while before != len(taken) + len(left):
            before = len(taken) + len(left)
            for more_taken, more_left in self._consequences(taken, left):
                taken |= more_taken
                left |= more_left
            if taken & left:
                return False
        return all(_count(one, taken) <= one.most and self._enough(one, left) for one in self.options.groups)

    def _consequences(self, taken: set[str], left: set[str]) -> Iterator[tuple[set[str], set[str]]]:
        for rule in self.options.rules:
            if rule.kind == "excludes":
                yield (
                    set(),
                    {
                        one
                        for one, by in ((rule.other, rule.choice), (rule.choice, rule.other))
                        if by in taken
                    },
                )
            else:
                yield (
                    {rule.other} if rule.choice in taken else set(),
                    {rule.choice} if rule.other in left else set(),
                )
        for group in self.options.groups:
            open_ = {one.code for one in group.choices} - left
            if _count(group, taken) == group.most:
                yield set(), open_ - taken
            elif len(open_) == group.least:
                yield open_, set()

    @staticmethod
    def _enough(group: Group, left: set[str]) -> bool:
        return sum(one.code not in left for one in group.choices) >= group.least


def _count(group: Group, taken: Collection[str]) -> int:
    return sum(one.code in taken for one in group.choices)


def code_of(chosen: Iterable[str]) -> str:
    """The code of a configuration: its choices in the order of the alphabet, then a check character (ISO 7064).

    >>> code_of(["OAK", "160"]), code_of(["160", "OAK"])
    ('160-OAK-H', '160-OAK-H')
    """
    parts = sorted(set(chosen))
    return "-".join([*parts, mod_37_36.calc_check_digit("".join(parts))])


def chosen_in(code: str) -> tuple[str, ...] | None:
    """The choices that a code names; None for what is mistyped, as every wrong character shows.

    >>> chosen_in("160-oak-h"), chosen_in("160-OAK-5"), chosen_in("")
    (('160', 'OAK'), None, None)
    """
    *parts, check = code.strip().upper().split("-")
    if not all(CODE.fullmatch(one) for one in (*parts, check)) or parts != sorted(set(parts)):
        return None
    return tuple(parts) if mod_37_36.calc_check_digit("".join(parts)) == check else None


def longest_code(options: Options) -> int:
    """How long a configuration's code can become."""
    longest = (
        sorted((len(one.code) for one in group.choices), reverse=True)[: group.most]
        for group in options.groups
    )
    return sum(length + 1 for group in longest for length in group) + 1


def read_options(document: Mapping[str, Any]) -> Options:
    """Options from the JSON that is kept of them; its decimals are texts."""
    groups = tuple(
        Group(
            code=group["code"], name=group["name"], names=group["names"], least=group["least"], most=group["most"],
            choices=tuple(
                Choice(**{**one, "amount": Decimal(one["amount"]), "percent": Decimal(one["percent"])})
                for one in group["choices"]
            ),
        )
        for group in document.get("groups", ())
    )  # fmt: skip
    return Options(groups=groups, rules=tuple(Rule(**one) for one in document.get("rules", ())))


def written(options: Options) -> dict[str, Any]:
    """Options as the JSON that is kept of them."""
    groups = [
        {
            "code": group.code, "name": group.name, "names": dict(group.names), "least": group.least,
            "most": group.most, "choices": [written_choice(one) for one in group.choices],
        }
        for group in options.groups
    ]  # fmt: skip
    rules = [{"choice": one.choice, "kind": one.kind, "other": one.other} for one in options.rules]
    return {"groups": groups, "rules": rules}


def written_choice(one: Choice) -> dict[str, Any]:
    """A choice as the JSON that is kept of it."""
    return {
        "code": one.code, "name": one.name, "names": dict(one.names), "amount": f"{one.amount:f}",
        "currency": one.currency, "percent": f"{one.percent:f}", "weight_grams": one.weight_grams,
        "lead_days": one.lead_days, "is_default": one.is_default,
    }  # fmt: skip
