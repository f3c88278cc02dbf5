"""Where a supply is taxed, with what, and on which evidence."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kontor.taxes.deciding import Exemption, Item, Known, Proof, RateRow, Supply, Unproven, decide
from kontor.taxes.places import place_of
from kontor.taxes.rules import UnknownRate

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FRENCH, GERMAN = "FR40303265045", "DE136695976"
PROOF = Proof(7, "valid", NOW - timedelta(days=1), "WAPIAAAAX")
GOODS = Item("standard")


def rate(country, percent, category="standard", *, region="", city="", prefix="", name=""):
    return RateRow((country, region, city, prefix), name, category, Decimal(percent), bool(name))


RATES = [
    *(rate(*one) for one in (("DE", 19), ("DE", 7, "reduced"), ("DE", 0, "zero"), ("FR", 20), ("ES", 21))),
    *(rate(*one) for one in (("GR", 24), ("CH", "8.1"), ("GB", 20), ("PT", 23))),
    rate("PT", 22, prefix="9"),
]
KNOWN = Known(proof=PROOF, rates=RATES, now=NOW)


def supply(seller="DE", buyer="DE", vat_id="", to="", **address):
    return Supply(
        seller_id=1,
        buyer_id=2,
        seller_country=seller,
        seller_vat_id="DE129273398" if seller == "DE" else seller,
        buyer_country=buyer,
        buyer_vat_id=vat_id,
        destination=place_of({"country": to} | address, country=buyer),
        day=date(2026, 11, 22),
    )


def decided(trade, *items, **known):
    found = decide(trade, items or (GOODS,), replace(KNOWN, **known))
    return found.treatment, *((line.code, str(line.rate)) for line in found.lines)


@pytest.mark.parametrize(
    ("trade", "treatment", "code", "percent"),
    [
        (supply("DE", "DE", GERMAN, "DE"), "domestic", "S", "19"),
        (supply("DE", "DE"), "domestic", "S", "19"),
        (supply("DE", "FR", FRENCH, "FR"), "reverse_charge", "K", "0"),
        (supply("DE", "FR", FRENCH), "reverse_charge", "K", "0"),
        (supply("DE", "FR", FRENCH, "DE"), "domestic", "S", "19"),  # fetched or delivered at home
        (supply("DE", "FR", "", "FR"), "domestic", "S", "19"),
        (supply("DE", "FR", "FR40303265046", "FR"), "domestic", "S", "19"),  # wrong check digit
        (supply("DE", "FR", GERMAN, "FR"), "domestic", "S", "19"),  # registered only where the goods leave
        (supply("DE", "DE", FRENCH, "ES"), "reverse_charge", "K", "0"),
        (supply("DE", "CH", "CHE100155212", "CH"), "export", "G", "0"),
        (supply("DE", "GB", "", "GB"), "export", "G", "0"),
        (supply("DE", "US", "", "US"), "export", "G", "0"),
        (supply("CH", "DE", GERMAN, "DE"), "export", "G", "0"),
        (supply("CH", "CH"), "domestic", "S", "8.1"),
        (supply("DE", "GR", "EL094259216", "GR"), "reverse_charge", "K", "0"),
        (supply("GR", "GR", "EL094259216", "GR"), "domestic", "S", "24"),
        (supply("GR", "DE", "EL094259216", "DE"), "domestic", "S", "24"),
        (supply("DE", "ES", "ESB96400429", "ES", postal_code="35001"), "export", "G", "0"),  # Canary Islands
        (supply("DE", "DE", GERMAN, "DE", postal_code="78266"), "export", "G", "0"),  # Büsingen
        (supply("DE", "GB", "XI110305878", "GB", postal_code="BT1 5GS"), "reverse_charge", "K", "0"),
        (supply("GB", "GB", "", "GB", postal_code="BT1 5GS"), "domestic", "S", "20"),
        (supply("PT", "PT", "", "PT", postal_code="9000-001"), "domestic", "S", "22"),  # Madeira
    ],
)
def test_where_goods_are_taxed(trade, treatment, code, percent):
    assert decided(trade) == (treatment, (code, percent))


ABROAD = supply("DE", "FR", FRENCH, "FR")


@pytest.mark.parametrize(
    "proof",
    [None, replace(PROOF, outcome="invalid"), replace(PROOF, asked_at=NOW - timedelta(days=31))],
    ids=["never asked", "not valid", "too old"],
)
def test_without_a_proof_that_counts_tax_is_charged_or_the_order_held(proof):
    assert decided(ABROAD, proof=proof) == ("domestic", ("S", "19"))
    with pytest.raises(Unproven):
        decided(ABROAD, proof=proof, unproven="hold")


def test_nobody_is_held_whose_tax_does_not_rest_on_proof():
    assert decided(supply("DE", "FR", "", "FR"), proof=None, unproven="hold")[0] == "domestic"
    assert decided(supply("DE", "CH", "", "CH"), proof=None, unproven="hold")[0] == "export"


def test_a_seller_may_trust_the_form_of_a_vat_id():
    assert decided(ABROAD, proof=None, evidence="form") == ("reverse_charge", ("K", "0"))


def test_a_seller_without_a_vat_id_of_its_own_delivers_nothing_untaxed_into_the_union():
    assert decided(replace(ABROAD, seller_vat_id=""))[0] == "domestic"


@pytest.mark.parametrize("registration", [("FR", "", "FR1", "local"), ("DE", "", "DE1", "union")])
def test_whoever_is_registered_where_it_goes_charges_the_rate_of_that_country(registration):
    unproven = supply("DE", "FR", "", "FR")
    assert decided(unproven, registrations=[registration]) == ("distance", ("S", "20"))
    assert decided(ABROAD, registrations=[registration]) == ("reverse_charge", ("K", "0"))


def test_an_export_to_a_country_of_registration_is_taxed_there():
    assert decided(supply("DE", "CH", "", "CH"), registrations=[("CH", "", "CHE1", "local")]) == (
        "distance",
        ("S", "8.1"),
    )


def test_services_are_taxed_where_the_buyer_is_at_home():
    service = Item("standard", "service")
    assert decided(ABROAD, service, GOODS) == ("reverse_charge", ("AE", "0"), ("K", "0"))
    assert decided(ABROAD, service, proof=None)[1] == ("S", "19")
    assert decided(supply("DE", "FR", GERMAN), service)[1] == (
        "S",
        "19",
    )  # registered only at the seller's home
    assert decided(supply("DE", "DE", GERMAN, "CH"), service, GOODS) == ("export", ("S", "19"), ("G", "0"))
    assert decided(supply("DE", "CH", "", "DE"), service, GOODS) == ("domestic", ("O", "0"), ("S", "19"))


def test_metals_are_the_buyers_to_tax_at_home_once_its_id_is_proven():
    metal, trade = Item("reversed"), supply("DE", "DE", GERMAN, "DE")
    assert decided(trade, metal, GOODS) == ("domestic", ("AE", "0"), ("S", "19"))
    assert decided(trade, metal, proof=None) == ("domestic", ("S", "19"))
    assert decided(supply("DE", "DE"), metal) == ("domestic", ("S", "19"))
    wrong = supply("DE", "DE", "DE136695977", "DE")  # check digit
    assert decided(wrong, metal, evidence="form") == ("domestic", ("S", "19"))


def test_exempt_and_zero_are_said_apart():
    assert decided(supply(), Item("exempt"), Item("zero")) == ("domestic", ("E", "0"), ("Z", "0"))


def test_a_category_without_a_rate_is_an_error_that_names_the_line():
    with pytest.raises(UnknownRate) as problem:
        decided(supply(), GOODS, Item("reduced_2"))
    assert problem.value.line == 1


def exemption(**changes):
    facts = Exemption(3, "EX-1", "DE", "", True, frozenset(), "Art. 151", "2027-01-31")
    return replace(facts, **changes)


def test_a_certificate_exempts_what_it_covers_where_it_counts():
    first, second = Item("standard", product_id=1), Item("standard", product_id=2)
    some = exemption(covers_all=False, products=frozenset({2}))
    assert decided(supply(), first, second, exemptions=[some])[1:] == (("S", "19"), ("E", "0"))
    assert decided(supply(), first, exemptions=[exemption()])[1:] == (("E", "0"),)
    assert decided(supply(), first, exemptions=[exemption(country="FR")])[1:] == (("S", "19"),)
    found = decide(supply(), [first], replace(KNOWN, exemptions=[exemption()]))
    assert found.facts["certificates"] == [
        {"id": 3, "number": "EX-1", "reason": "Art. 151", "until": "2027-01-31"}
    ]


def test_costs_beside_the_goods_share_their_tax():
    freight, deposit = Item("with_goods"), Item("with_goods", "deposit", line=0)
    items = Item("reduced"), GOODS, freight, deposit
    assert decided(supply(), *items)[1:] == (("S", "7"), ("S", "19"), ("S", "19"), ("S", "7"))
    assert decided(supply(), *items, deposits="outside")[4] == ("O", "0")
    assert decided(ABROAD, *items)[3:] == (("K", "0"), ("K", "0"))


TEXAS = [
    rate("US", "6.25", region="TX", name="Texas"),
    rate("US", "1", region="TX", city="AUSTIN", name="City of Austin"),
    rate("US", "1", region="TX", prefix="787", name="Capital Metro"),
    rate("US", "0", "reduced", region="TX", name="Texas"),
    rate("US", "8.5", region="CA", name="California"),
]


def to_texas(city="Austin"):
    return supply("US", "US", "", "US", region="Texas", city=city, postal_code="78701")


def test_sales_tax_adds_up_where_the_seller_has_nexus():
    nexus = [("US", "TX", "3-20000", "local")]
    found = decide(to_texas(), [GOODS], replace(KNOWN, rates=TEXAS, registrations=nexus))
    assert (found.treatment, found.lines[0].rate) == ("domestic", Decimal("8.25"))
    assert found.facts["components"] == {
        "8.25": [["Texas", "6.25"], ["Capital Metro", "1"], ["City of Austin", "1"]]
    }


def test_without_nexus_no_sales_tax_is_owed():
    assert decided(to_texas(), rates=TEXAS) == ("outside", ("O", "0"))
    elsewhere = [("US", "CA", "1", "local")]
    assert decided(to_texas(), rates=TEXAS, registrations=elsewhere) == ("outside", ("O", "0"))


def test_an_authority_that_does_not_know_a_category_charges_its_standard():
    nexus = [("US", "TX", "3-20000", "local")]
    reduced = decided(to_texas(), Item("reduced"), rates=TEXAS, registrations=nexus)
    assert reduced == ("domestic", ("S", "2"))


def test_a_resale_certificate_of_a_state_counts_in_that_state():
    nexus = [("US", "TX", "3-20000", "local")]
    known = {"rates": TEXAS, "registrations": nexus}
    texas, california = exemption(country="US", region="TX"), exemption(country="US", region="CA")
    assert decided(to_texas(), exemptions=[texas], **known) == ("domestic", ("E", "0"))
    assert decided(to_texas(), exemptions=[california], **known) == ("domestic", ("S", "8.25"))
