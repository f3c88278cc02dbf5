"""Which choices go together: decided exactly, as trying all subsets would; codes that name them."""

from collections.abc import Iterator
from itertools import combinations
from random import Random

import pytest

from kontor.goods import options as options_module
from kontor.goods.option_texts import against, choices_text, kept_choices, problem_text, refusal_of
from kontor.goods.options import (
    Choice,
    Group,
    Options,
    Problem,
    Rule,
    chosen_in,
    code_of,
    completion,
    impossible,
    longest_code,
    never,
    problems_of,
    read_options,
    unsatisfiable,
    written,
)
from tests.catalog.configurable import OPTIONS


def some_options(chance: Random) -> Options:
    """Up to three groups of up to three choices, and up to six rules between any of them."""
    groups: list[Group] = []
    number = 0
    for name in "abc"[: chance.randint(1, 3)]:
        many = chance.randint(1, 3)
        choices = tuple(Choice(code=f"C{number + n}", name="any") for n in range(many))
        number += many
        most = chance.randint(1, many)
        groups.append(Group(code=name, name=name, least=chance.randint(0, most), most=most, choices=choices))
    codes = [f"C{n}" for n in range(number)]
    rules = [
        Rule(chance.choice(codes), chance.choice(("requires", "excludes")), chance.choice(codes))
        for _n in range(chance.randint(0, 6))
    ]
    return Options(groups=tuple(groups), rules=tuple(one for one in rules if one.choice != one.other))


def whole(options: Options) -> list[set[str]]:
    """All configurations, by trying every subset of the choices."""
    codes = list(options.choices)
    subsets = (set(some) for size in range(len(codes) + 1) for some in combinations(codes, size))
    return [some for some in subsets if not problems_of(options, some)]


def cases(count: int) -> Iterator[tuple[Random, Options, list[set[str]]]]:
    for seed in range(count):
        chance = Random(seed)
        options = some_options(chance)
        yield chance, options, whole(options)


@pytest.mark.covers("R3.17")
def test_what_can_be_completed_is_what_some_subset_completes():
    for chance, options, valid in cases(600):
        chosen = {code for code in options.choices if chance.random() < 0.4}
        found = completion(options, chosen)
        assert (found is not None) == any(chosen <= one for one in valid)
        assert found is None or (found in valid and chosen <= found)
        assert never(options) == [code for code in options.choices if not any(code in one for one in valid)]
        assert bool(unsatisfiable(options)) == (not valid)


def test_a_choice_is_impossible_exactly_when_no_configuration_holds_it_beside_the_others():
    for chance, options, valid in cases(600):
        if not valid:
            continue
        chosen = sorted(chance.choice(valid))
        found = impossible(options, chosen)
        for code, group in options.group_of.items():
            others = {one for one in chosen if group.most > 1 or options.group_of[one] is not group}
            assert (code in found) == (
                code not in chosen and not any(others | {code} <= one for one in valid)
            )
            if code in found:  # who is named stands against it, and nobody is named in vain
                named = set(found[code])
                assert not any(named | {code} <= one for one in valid)
                assert all(any(named - {one} | {code} <= other for other in valid) for one in named)


def test_a_code_names_its_choices_whatever_their_order():
    for chance, options, valid in cases(300):
        for chosen in valid[:5]:
            mixed = chance.sample(sorted(chosen), len(chosen))
            code = code_of(mixed)
            assert code == code_of(sorted(chosen))
            assert set(chosen_in(code.lower()) or ()) == chosen
            assert len(code) <= longest_code(options)


def test_every_wrong_character_of_a_code_is_noticed():
    code = code_of(["160", "OAK", "EL"])
    for place, right in enumerate(code):
        for wrong in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            if wrong != right and right != "-":
                assert chosen_in(code[:place] + wrong + code[place + 1 :]) is None
    assert [chosen_in(bad) for bad in ("", "-", "OAK-OAK-1", "ÖL-1", "A" * 9 + "-1")] == [None] * 5


def test_options_are_kept_as_json_without_loss():
    assert read_options(written(OPTIONS)) == OPTIONS
    assert read_options({}) == Options()


def test_sentences_name_choices_and_what_to_do():
    assert [problem_text(OPTIONS, one) for one in problems_of(OPTIONS, ["WAL", "120", "EL", "OLD"])] == [
        "“OLD” is no longer offered.",
        "“Electric drive” needs “160 cm”.",
        "“Walnut” does not go with “120 cm”.",
    ]
    assert [problem_text(OPTIONS, one) for one in problems_of(OPTIONS, ["EL", "TRAY", "LAMP", "160"])] == [
        "Top: choose one.",
        "Extras: choose at most 2.",
    ]
    assert problem_text(OPTIONS, Problem("too_few", "top"), "de-AT") == "Platte: choose one."
    assert against(OPTIONS, OPTIONS.groups[1], ["WAL"], "de") == "Does not go with: Nussbaum."
    blocked = impossible(OPTIONS, ["WAL", "160", "EL", "TRAY"])
    assert blocked == {"120": ["WAL"], "LAMP": ["EL", "TRAY"]} or blocked["LAMP"] == ["EL", "TRAY"]
    assert against(OPTIONS, OPTIONS.groups[2], ["EL", "TRAY"]) == "At most 2 of these can be chosen."


def test_what_is_gone_is_named_as_it_was_called():
    kept = kept_choices(OPTIONS, ["OAK", "120", "TRAY"])
    assert choices_text(kept) == "Top: Oak; Size: 120 cm; Extras: Cable tray"
    assert choices_text(kept, "de") == "Platte: Eiche; Size: 120 cm; Extras: Cable tray"
    fewer = Options(groups=OPTIONS.groups[:2], rules=())
    code = code_of(["OAK", "120", "TRAY"])
    assert refusal_of(fewer, code, kept) == "No longer available: Extras: Cable tray. Configure it anew."
    assert refusal_of(fewer, code) == "“TRAY” is no longer offered."
    assert refusal_of(OPTIONS, code) == ""
    assert refusal_of(OPTIONS, "120-OAK-X").startswith("“120-OAK-X” is no code of a configuration.")


def tangled() -> Options:
    """Seven things in seven places, none of which holds two; Z takes a place, and with X nothing may stay outside."""
    things = range(7)
    groups = [
        Group(
            code=f"t{one}", name="any",
            choices=(*(Choice(code=f"P{one}{place}", name="any") for place in things), Choice(code=f"E{one}", name="any")),
        )
        for one in things
    ]  # fmt: skip
    more = ("X", "Z", *(f"Y{one}" for one in range(100)))
    groups.append(
        Group(
            code="more",
            name="any",
            least=0,
            most=102,
            choices=tuple(Choice(code=one, name="any") for one in more),
        )
    )
    rules = [
        Rule(f"P{one}{place}", "excludes", f"P{other}{place}") for place in things for one in things for other in range(one)
    ]  # fmt: skip
    rules += [Rule("X", "excludes", f"E{one}") for one in things]
    rules += [Rule("Z", "excludes", f"P{one}0") for one in things]
    rules += [Rule(f"Y{one}", "requires", "Z") for one in range(100)]
    return Options(groups=tuple(groups), rules=tuple(rules))


def test_all_that_is_asked_at_once_has_one_measure_of_steps(monkeypatch: pytest.MonkeyPatch):
    options = tangled()
    assert never(options) == []
    assert unsatisfiable(options) == []
    steps = []
    complete = options_module._Search.complete

    def counted(self, taken, left):
        steps.append(1)
        return complete(self, taken, left)

    monkeypatch.setattr(options_module._Search, "complete", counted)
    impossible(options, ["X", *(f"Y{one}" for one in range(100))])
    assert len(steps) < options_module.STEPS + 1000  # each question that follows ends at its first step
    assert problems_of(options, ["X", "Y0"])
