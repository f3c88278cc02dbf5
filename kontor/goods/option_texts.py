"""What is said of options: choices by name, and why some are no configuration."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kontor.goods.options import Group, Options, Problem, chosen_in, problems_of


def named(name: str, names: Mapping[str, str], language: str) -> str:
    """A name in the reader's language where there is one."""
    return names.get(language) or names.get(language.partition("-")[0]) or name


def choices_text(choices: Iterable[Mapping[str, Any]], language: str = "") -> str:
    """What a configuration keeps of its choices, in words: ``Top: Oak; Extras: Cable tray, Lamp``."""
    groups: dict[str, list[str]] = {}
    for one in choices:
        group = named(one["group_name"], one["group_names"], language)
        groups.setdefault(group, []).append(named(one["name"], one["names"], language))
    return "; ".join(f"{group}: {', '.join(names)}" for group, names in groups.items())


def kept_choices(options: Options, chosen: Collection[str]) -> list[dict[str, Any]]:
    """The choices of a configuration as it keeps them, in the order in which they are shown."""
    return [
        {
            "group": group.code, "group_name": group.name, "group_names": dict(group.names),
            "code": one.code, "name": one.name, "names": dict(one.names),
        }
        for group in options.groups for one in group.choices if one.code in chosen
    ]  # fmt: skip


def problem_text(options: Options, problem: Problem, language: str = "") -> str:
    """A problem as a sentence that says what to do."""
    if problem.kind == "unknown":
        return _("“%(code)s” is no longer offered.") % {"code": problem.code}
    if problem.kind in ("too_few", "too_many"):
        group = next(one for one in options.groups if one.code == problem.code)
        return _group_text(group, problem.kind, language)
    names = {"one": _name(options, problem.code, language), "other": _name(options, problem.other, language)}
    if problem.kind == "requires":
        return _("“%(one)s” needs “%(other)s”.") % names
    return _("“%(one)s” does not go with “%(other)s”.") % names


def _group_text(group: Group, kind: str, language: str) -> str:
    facts = {"group": named(group.name, group.names, language), "least": group.least, "most": group.most}
    if kind == "too_many":
        return _("%(group)s: choose at most %(most)s.") % facts
    return (
        _("%(group)s: choose one.") % facts
        if group.most == 1
        else _("%(group)s: choose at least %(least)s.") % facts
    )


def _name(options: Options, code: str, language: str) -> str:
    one = options.choices.get(code)
    return named(one.name, one.names, language) if one else code


def against(options: Options, group: Group, others: Sequence[str], language: str = "") -> str:
    """Why a choice of the group cannot be taken now: `others` are chosen and stand against it."""
    if not others:
        return _("Cannot be chosen.")
    if group.most > 1 and len(others) == group.most and all(options.group_of[one] is group for one in others):
        return _("At most %(most)s of these can be chosen.") % {"most": group.most}
    names = ", ".join(_name(options, one, language) for one in others)
    return _("Does not go with: %(choices)s.") % {"choices": names}


def refusal_of(
    options: Options, code: str, kept: Sequence[Mapping[str, Any]] = (), language: str = ""
) -> str:
    """Why a code cannot be ordered, "" when it can. `kept` are the choices of a configuration that was known by it."""
    chosen = chosen_in(code)
    if chosen is None:
        return _("“%(code)s” is no code of a configuration. Look for a typing error.") % {"code": code[:80]}
    gone = [one for one in kept if one["code"] not in options.choices]
    if gone:
        return _("No longer available: %(choices)s. Configure it anew.") % {
            "choices": choices_text(gone, language)
        }
    return " ".join(problem_text(options, one, language) for one in problems_of(options, chosen))
