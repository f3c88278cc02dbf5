"""Registrations, policies, certificates and rates as people keep them, and what orders and invoices make of them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kontor.catalog.models import Product
from kontor.companies.models import Company, CustomerAccount
from kontor.invoicing.models import Invoice
from kontor.invoicing.operations import issue_invoice
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.orders.models import Order
from kontor.taxes.models import Certificate, Policy, Registration, TaxRate
from kontor.taxes.operations import (
    CertificateFacts,
    PolicyFacts,
    RegistrationFacts,
    decide_certificate,
    import_rates,
    save_policy,
    save_registration,
    submit_certificate,
    take_shipped_rates,
)
from kontor.taxes.wording import tax_notes
from tests.orders.trade import SYSTEM, placed, shipped
from tests.taxes.proofs import proven

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
LYON = {"recipient": "Acme SA", "street": "Rue 1", "city": "Lyon", "country": "FR", "postal_code": "69001"}
HEAD = "country,region,city,postal_prefix,name,category,rate,valid_from\n"


@pytest.fixture(autouse=True)
def now():
    with clock.at(NOW):
        yield


@pytest.fixture
def account(acme_account) -> CustomerAccount:
    return CustomerAccount.objects.get(pk=acme_account.pk)


def certificate(**changes):
    return CertificateFacts(**{"number": "EX-1", "country": "DE", "valid_from": date(2026, 1, 1)} | changes)


def approved(account, fin, **changes):
    made = submit_certificate(actor=SYSTEM, account=account, facts=certificate(**changes))
    return decide_certificate(actor=fin.as_actor("page"), certificate=made, status="approved")


def taxed(order):
    return [(line.tax_code, line.tax_rate) for line in order.lines.all()]


def test_a_certificate_counts_once_the_seller_has_approved_it(account, dora, fin, ana, bolt):
    made = submit_certificate(actor=dora.as_actor("page"), account=account, facts=certificate(document=PDF))
    assert (made.status, made.document[:13]) == ("submitted", "certificates/")
    assert taxed(placed(ana, (bolt, 100))) == [("S", 19)]

    decide_certificate(actor=fin.as_actor("page"), certificate=made, status="approved")
    order = placed(ana, (bolt, 100))
    assert (taxed(order), order.tax_total, order.gross_total) == ([("E", 0)], 0, Decimal("12.50"))
    assert order.tax_facts["certificates"][0]["number"] == "EX-1"


def test_a_buyer_brings_the_document_and_only_its_administrator_does(account, dora, ana, gil):
    with pytest.raises(Refused) as problem:
        submit_certificate(actor=dora.as_actor("page"), account=account, facts=certificate())
    assert set(problem.value.fields) == {"file"}
    for person in (ana, gil):
        with pytest.raises(NotAllowed):
            submit_certificate(
                actor=person.as_actor("page"), account=account, facts=certificate(document=PDF)
            )
    assert not Certificate.objects.exists()


def test_a_buyer_learns_of_no_article_that_is_hidden_from_it(account, dora, bolt, drill):
    Product.objects.filter(pk=drill.pk).update(status=Product.Status.DRAFT)
    for sku in (drill.sku, "NONE"):
        asked = certificate(document=PDF, skus=[bolt.sku, sku])
        with pytest.raises(Refused) as unknown:
            submit_certificate(actor=dora.as_actor("page"), account=account, facts=asked)
        assert unknown.value.fields == {"skus": f"Not known: {sku}."}


def test_a_certificate_for_some_goods_leaves_the_others_taxed(account, fin, ana, bolt, drill):
    approved(account, fin, skus=["BOLT-M8"])
    assert taxed(placed(ana, (bolt, 100), (drill, 1))) == [("E", 0), ("S", 19)]


def test_a_certificate_for_a_shelf_covers_what_stands_there(account, fin, ana, bolt, drill):
    approved(account, fin, category_paths=["power-tools"])
    assert taxed(placed(ana, (bolt, 100), (drill, 1))) == [("S", 19), ("E", 0)]


def test_a_decision_is_taken_once_and_a_no_says_why(account, fin, sal):
    made = submit_certificate(actor=SYSTEM, account=account, facts=certificate())
    with pytest.raises(NotAllowed):
        decide_certificate(actor=sal.as_actor("page"), certificate=made, status="approved")
    with pytest.raises(Refused, match="Say why"):
        decide_certificate(actor=fin.as_actor("page"), certificate=made, status="declined")
    decide_certificate(actor=fin.as_actor("page"), certificate=made, status="declined", note="Unreadable")
    with pytest.raises(Stale):
        decide_certificate(actor=fin.as_actor("page"), certificate=made, status="approved")


def test_a_certificate_that_lapsed_meanwhile_is_charged_and_both_papers_say_so(account, fin, ana, bolt):
    approved(account, fin, valid_until=date(2026, 11, 25))
    shipment = shipped(ana, (bolt, 100))
    assert taxed(shipment.order) == [("E", 0)]

    with clock.at(NOW + timedelta(days=6)):
        invoice = issue_invoice(actor=SYSTEM, shipment=shipment)
    order = Order.objects.get(pk=shipment.order_id)
    assert (invoice.net_total, invoice.tax_total, invoice.gross_total) == (
        Decimal("12.50"), Decimal("2.38"), Decimal("14.88"),
    )  # fmt: skip
    assert (order.gross_total, taxed(invoice)) == (Decimal("12.50"), [("S", 19)])
    assert "unlike in the order" in tax_notes(["S"], invoice.tax_facts)[-1]
    assert "Since 26 Nov 2026 tax is charged" in tax_notes(["E"], order.tax_facts)[-1]


def test_a_certificate_that_still_counts_is_taken_at_its_word(account, fin, ana, bolt):
    approved(account, fin, valid_until=date(2026, 11, 25))
    invoice = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 100)))
    assert (taxed(invoice), invoice.tax_total) == ([("E", 0)], 0)
    assert tax_notes(["E"], invoice.tax_facts) == ["Exempt by certificate EX-1."]


def test_a_vat_id_that_is_not_valid_any_more_is_charged_when_invoiced(ana, hansa, bolt):
    Company.objects.filter(pk=ana.company_id).update(vat_id="FR40303265045", country="FR")
    proven(ana.company, hansa)
    shipment = shipped(ana, (bolt, 100), delivery_address=LYON)
    with clock.at(NOW + timedelta(days=1)):
        proven(ana.company, hansa, outcome="invalid")
        invoice = issue_invoice(actor=SYSTEM, shipment=shipment)
    assert taxed(shipment.order) == [("K", 0)]
    assert (invoice.tax_treatment, taxed(invoice), invoice.tax_total) == (
        "domestic", [("S", 19)], Decimal("2.38"),
    )  # fmt: skip


def test_a_registry_that_does_not_answer_takes_no_proof_away(ana, hansa, bolt):
    Company.objects.filter(pk=ana.company_id).update(vat_id="FR40303265045", country="FR")
    proven(ana.company, hansa)
    with clock.at(NOW + timedelta(days=1)):
        proven(ana.company, hansa, outcome="unreachable")
        assert taxed(placed(ana, (bolt, 100), delivery_address=LYON)) == [("K", 0)]
    with clock.at(NOW + timedelta(days=31)):
        proven(ana.company, hansa, outcome="unreachable")
        assert taxed(placed(ana, (bolt, 100), delivery_address=LYON)) == [("S", 19)]


def test_a_seller_may_hold_back_what_is_not_proven(ana, hansa, fin, bolt):
    Company.objects.filter(pk=ana.company_id).update(vat_id="FR40303265045", country="FR")
    facts = PolicyFacts(evidence="proof", max_age_days=30, unproven="hold", deposits="as_goods")
    save_policy(actor=fin.as_actor("page"), facts=facts)
    with pytest.raises(Refused) as problem:
        placed(ana, (bolt, 100), delivery_address=LYON)
    assert (problem.value.code, Order.objects.count()) == ("vat_id_unproven", 0)


def test_a_registration_where_the_goods_go_charges_the_rate_there(ana, fin, bolt):
    take_shipped_rates(actor=SYSTEM)
    facts = RegistrationFacts(country="FR", number="FR40303265045", valid_from=date(2026, 1, 1))
    save_registration(actor=fin.as_actor("page"), facts=facts)
    order = placed(ana, (bolt, 100), delivery_address=LYON)
    assert (order.tax_treatment, taxed(order), order.tax_total) == ("distance", [("S", 20)], Decimal("2.50"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"country": "QQ"}, "country"),
        ({"number": " "}, "number"),
        ({"country": "US"}, "region"),
        ({"country": "CH", "scheme": "union"}, "country"),
        ({"scheme": "?"}, "scheme"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_until": date(2025, 1, 1)}, "valid_until"),
    ],
)
def test_a_wrong_registration_is_refused_at_its_field(fin, changes, field):
    facts = {"country": "FR", "number": "1", "valid_from": date(2026, 1, 1)} | changes
    with pytest.raises(Refused) as problem:
        save_registration(actor=fin.as_actor("page"), facts=RegistrationFacts(**facts))
    assert set(problem.value.fields) == {field}
    assert not Registration.objects.exists()


def test_only_finance_keeps_taxes(sal, ana):
    facts = PolicyFacts(evidence="form", max_age_days=30, unproven="charge", deposits="as_goods")
    for person in (sal, ana):
        with pytest.raises(NotAllowed):
            save_policy(actor=person.as_actor("page"), facts=facts)
    assert not Policy.objects.exists()


def test_rates_that_come_along_leave_those_of_the_operator_alone(olga, cast):
    TaxRate.objects.filter(country="DE", category="standard", valid_from=date(2021, 1, 1)).update(rate=18)
    added = take_shipped_rates(actor=olga.as_actor("page"))
    assert (added > 100, take_shipped_rates(actor=olga.as_actor("page"))) == (True, 0)
    assert TaxRate.objects.get(country="DE", category="standard", valid_from=date(2021, 1, 1)).rate == 18
    union = set(TaxRate.objects.filter(category="standard").values_list("country", flat=True))
    assert (
        len(
            union
            & {
                "AT",
                "BE",
                "BG",
                "CY",
                "CZ",
                "DE",
                "DK",
                "EE",
                "ES",
                "FI",
                "FR",
                "GR",
                "HR",
                "HU",
                "IE",
                "IT",
                "LT",
                "LU",
                "LV",
                "MT",
                "NL",
                "PL",
                "PT",
                "RO",
                "SE",
                "SI",
                "SK",
            }
        )
        == 27
    )


def test_a_table_is_taken_in_whole_or_not_at_all(olga, cast):
    actor = olga.as_actor("page")
    good = "US,TX,,,Texas,standard,6.25,2026-01-01\nUS,TX,Austin,,City,standard,1,2026-01-01\n"
    with pytest.raises(Refused) as problem:
        import_rates(
            actor=actor, document=(HEAD + good + "US,TX,,,Texas,luxury,1,2026-01-01\n").encode(), source="x"
        )
    assert (set(problem.value.fields), TaxRate.objects.filter(country="US").count()) == ({"rows/4"}, 0)
    assert import_rates(actor=actor, document=(HEAD + good).encode(), source="Comptroller") == 2
    assert import_rates(actor=actor, document=(HEAD + good).encode(), source="Comptroller") == 0
    row = TaxRate.objects.get(city="AUSTIN")
    assert (row.adds, row.source, str(row.rate)) == (True, "Comptroller", "1.000")


def test_sellers_do_not_edit_rates(store_admin):
    with pytest.raises(NotAllowed):
        take_shipped_rates(actor=store_admin.as_actor("page"))


def test_the_sum_of_an_invoice_is_that_of_its_lines_whatever_lapsed(account, fin, ana, bolt, drill):
    approved(account, fin, skus=["BOLT-M8"], valid_until=date(2026, 11, 25))
    shipment = shipped(ana, (bolt, 100), (drill, 1))
    with clock.at(NOW + timedelta(days=6)):
        invoice = Invoice.objects.get(pk=issue_invoice(actor=SYSTEM, shipment=shipment).pk)
    assert taxed(invoice) == [("S", 19), ("S", 19)]
    assert (invoice.net_total, invoice.tax_total) == (Decimal("101.50"), Decimal("19.29"))
