"""Everything that companies, approvals and messages write into the trail has a sentence."""

import re
from pathlib import Path

import pytest

from kontor import approvals, companies, messaging
from kontor.audit.verbs import declared_verbs, sentence

WRITTEN = re.compile(r'"((?:companies|approvals|messaging)\.[a-z_]+)"')


@pytest.mark.parametrize("app", [companies, approvals, messaging])
def test_every_verb_of_the_trail_has_a_sentence(app):
    operations = Path(app.__file__).parent / "operations"
    used = {verb for file in operations.glob("*.py") for verb in WRITTEN.findall(file.read_text())}

    assert used
    assert used <= set(declared_verbs())


def test_a_sentence_names_what_is_in_the_entry():
    assert (
        sentence("companies.colleague_invited", {"email": "eva@acme.example"}) == "Invited eva@acme.example"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"count": 1}, "Agreed quantities of 1 article"),
        ({"count": 12}, "Agreed quantities of 12 articles"),
        ({}, "Agreed quantities of – articles"),
    ],
)
def test_a_sentence_speaks_of_one_or_of_several(changes: dict[str, int], said: str):
    assert sentence("catalog.quantities_agreed", changes) == said
