"""Whatever is written on the trail can be said to people."""

import ast
import re
from pathlib import Path

from kontor.audit.verbs import declared_verbs, sentence

PLACES = Path(__file__).parents[2] / "kontor"
VERB = re.compile(r"[a-z]+\.[a-z_]+")


def recorded() -> dict[str, str]:
    """Each verb that code hands to `record`, with the file that does."""
    found = {}
    for file in PLACES.rglob("*.py"):
        tree = ast.parse(file.read_text())
        strings = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        calls = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", "")) == "record"
        ]
        if not calls:
            continue
        app = file.relative_to(PLACES).parts[0]
        for text in strings:
            if VERB.fullmatch(text) and text.startswith(f"{app}.") and not text.endswith("_"):
                found[text] = str(file)
        for call in calls:
            if len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
                found[str(call.args[1].value)] = str(file)
    return found


def test_every_recorded_verb_has_a_sentence() -> None:
    verbs = recorded()

    assert len(verbs) > 60
    assert {verb: file for verb, file in verbs.items() if verb not in declared_verbs()} == {}


def test_the_answers_to_a_return_have_sentences() -> None:
    assert {"fulfilment.return_accepted", "fulfilment.return_declined"} <= set(declared_verbs())


def test_a_change_is_told_by_its_new_value() -> None:
    said = sentence("inventory.adjusted", {"on_hand": ["12.000", "10.000"], "warehouse": "HAM"})

    assert said == "Corrected the stock in HAM to 10"


def test_an_amount_is_told_with_the_decimals_of_its_currency() -> None:
    facts = {"invoice": "INV-1", "gross_total": "1110.600", "currency": "EUR"}

    assert sentence("invoicing.invoice_issued", facts) == "Invoice INV-1 over 1,110.60 EUR"
