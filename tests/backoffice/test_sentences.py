"""Whatever is written on the trail can be said to people."""

import ast
import re
from dataclasses import fields
from pathlib import Path

from django.utils.translation import override

from kontor.audit.facts import is_named, label_of, told_facts
from kontor.audit.verbs import declared_verbs, sentence
from kontor.catalog.operations.facts import OTHERS, TEXTS
from kontor.companies.operations import AddressFacts, CompanyChanges
from kontor.exchange.report import Counts

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


def facts_of(call: ast.Call, function: ast.AST) -> set[str]:
    """The fields that a call of `record` writes, as far as they stand in the function that calls it."""
    given = next((one.value for one in call.keywords if one.arg == "changes"), None)
    named = {node.id for node in ast.walk(given) if isinstance(node, ast.Name)} if given else set()
    assigned = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and any(isinstance(to, ast.Name) and to.id in named for to in node.targets)
    ]
    dicts = [one for one in (given, *assigned) if isinstance(one, ast.Dict)]
    return {key.value for one in dicts for key in one.keys if isinstance(key, ast.Constant)}


def recorded_facts() -> set[tuple[str, str]]:
    """Every (app, field) that code hands to `record`; those of long lists of fields by these lists."""
    found = {("catalog", name) for name in (*TEXTS, *OTHERS) if name != "description"}
    for app, columns in (("companies", CompanyChanges), ("companies", AddressFacts), ("exchange", Counts)):
        found |= {(app, one.name) for one in fields(columns)}
    for file in PLACES.rglob("*.py"):
        for function in ast.walk(ast.parse(file.read_text())):
            if isinstance(function, ast.FunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "record":
                        verb = call.args[1] if len(call.args) > 1 else None
                        text = verb.value if isinstance(verb, ast.Constant) else ""
                        app = str(text).partition(".")[0] or file.relative_to(PLACES).parts[0]
                        found |= {(app, name) for name in facts_of(call, function)}
    return found


def test_every_recorded_fact_is_called_something() -> None:
    facts = recorded_facts()

    assert len(facts) > 80
    assert {one for one in facts if not is_named(f"{one[0]}.done", one[1])} == set()


def test_codes_are_told_in_the_readers_language() -> None:
    status = {"status": ["draft", "active"]}
    with override("de"):
        assert sentence("catalog.status_set", status) == "Artikel auf „Aktiv“ gesetzt"
        assert told_facts("catalog.status_set", status) == [("Status", "Entwurf → Aktiv")]
        assert told_facts("carts.line_added", {"sku": "X", "quantity": "2", "unit": "XBX"}) == [
            ("Artikelnummer", "X"), ("Menge", "2"), ("Einheit", "Schachtel"),
        ]  # fmt: skip
        assert told_facts("pricing.list_saved", {"is_public": [False, True]}) == [("Für alle", "nein → ja")]
        assert told_facts("orders.placed", {"channel": "phone"}) == [("Wie sie eingegangen ist", "Telefon")]


def test_what_holds_several_is_no_change_and_a_change_of_it_is_one() -> None:
    one, other = ["buyer", "approver"], ["admin"]
    assert told_facts("companies.colleague_invited", {"roles": one}) == [("Roles", "Buyer, Approver")]
    assert told_facts(
        "companies.member_changed", {"roles": [one, other], "order_limit": ["500.000", None]}
    ) == [
        ("Roles", "Buyer, Approver → Administrator"),
        ("Order limit", "500.00 → no limit"),
    ]


def test_lines_and_attributes_are_called_after_their_kind_and_what_nobody_named_by_its_own_name() -> None:
    assert label_of("quotes.asked_again", "line 3") == "Line 3"
    assert label_of("catalog.product_saved", "attributes/colour") == "Attribute colour"
    until = {"valid_until": "2026-12-06T16:36:18+00:00"}
    assert told_facts("quotes.offer_sent", until) == [("Valid until", "6 Dec 2026, 16:36")]
    assert told_facts("nobody.did", {"strange_thing": "as it is", "day": "2026-11-22", "empty": ""}) == [
        ("strange thing", "as it is"),
        ("Day", "22 Nov 2026"),
    ]
