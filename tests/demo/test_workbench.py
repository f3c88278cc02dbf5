"""The configurable product of the demo holds together."""

from kontor.demo.workbench import RULES, _groups
from kontor.goods.options import Options, completion, longest_code, never, unsatisfiable


def test_every_choice_of_the_workbench_can_be_chosen():
    options = Options(groups=_groups(), rules=RULES)
    assert (len(options.groups), len(options.choices)) == (5, 14)
    assert (unsatisfiable(options), never(options)) == ([], [])
    assert completion(options, options.defaults()) == {"150", "BEECH", "FIX"}
    assert longest_code(options) <= 80
