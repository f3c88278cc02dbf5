"""Taxes over the API: the same operations as the pages, for whom the pages are."""

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kontor.companies.models import Company
from kontor.invoicing.operations import issue_invoice
from kontor.taxes.models import Certificate, Policy, PricesShown, Registration, TaxRate, VatCheck
from tests.api.conftest import Caller, by_key, pointers
from tests.orders.trade import SYSTEM, shipped
from tests.taxes.proofs import proven
from tests.traces import unchanged

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
FRANCE = {"country": "FR", "number": "FR-1", "valid_from": "2026-01-01"}
POLICY = {
    "evidence": "proof", "max_age_days": 14, "unproven": "hold", "deposits": "outside", "prices": "both",
}  # fmt: skip
PAPER = {"number": "X 1", "country": "DE", "valid_from": "2026-01-01", "category_paths": "fasteners"}


@pytest.fixture
def finance(fin) -> Caller:
    return by_key(fin)


@pytest.fixture
def admin(dora) -> Caller:
    return by_key(dora)


def hand_in(caller: Caller, account, **facts):
    parts = PAPER | {"file": SimpleUploadedFile("x.pdf", PDF)} | facts
    headers = caller.headers | {
        "Idempotency-Key": orjson.dumps([*facts, len(Certificate.objects.all())]).hex()
    }
    return caller.client.post(f"/api/v1/customers/{account.pk}/tax-certificates", parts, headers=headers)


def test_a_registration_is_added_ended_and_removed(finance):
    made = finance.post("tax-registrations", FRANCE).json()
    again = finance.post("tax-registrations", FRANCE)
    assert (again.status_code, again.json()["code"]) == (422, "registered_already")
    address = f"tax-registrations/{made['id']}"
    ended = finance.put(address, FRANCE | {"valid_until": "2026-12-31"}).json()
    assert finance.get("tax-registrations").json()["items"] == [ended]
    assert ended["valid_until"] == "2026-12-31"
    assert finance.delete(address).status_code == 204
    assert not Registration.objects.exists()


def test_the_policy_is_read_and_set(finance):
    assert finance.get("tax-policy").json() == {
        "evidence": "proof", "max_age_days": 30, "unproven": "charge", "deposits": "as_goods", "prices": "net",
    }  # fmt: skip
    assert finance.put("tax-policy", POLICY).json() == POLICY == finance.get("tax-policy").json()
    assert Policy.objects.get().unproven == "hold"


def test_the_operator_writes_rates_all_or_none(olga, finance):
    operator = by_key(olga)
    good = {"country": "NO", "category": "reduced", "rate": "15", "valid_from": "2026-01-01"}
    assert finance.get("tax-rates").status_code == 403
    assert operator.get("tax-rates?country=NO").json()["items"] == []
    with unchanged():
        wrong = operator.post("tax-rates", {"rows": [good, good | {"country": "XX"}, good | {"rate": "101"}]})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "rates_wrong")
        assert list(pointers(wrong)) == ["#/rows/1", "#/rows/2"]
        assert finance.post("tax-rates", {"rows": [good]}).status_code == 403
    assert operator.post("tax-rates", {"rows": [good]}).json() == {"changed": 1}
    (listed,) = operator.get("tax-rates?country=NO").json()["items"]
    assert (listed["rate"], listed["category"], listed["valid_from"]) == ("15", "reduced", "2026-01-01")
    assert operator.post("tax-rates/shipped").json()["changed"] > 100
    assert operator.delete(f"tax-rates/{listed['id']}").status_code == 204
    assert not TaxRate.objects.filter(pk=listed["id"]).exists()


def test_a_certificate_for_categories_is_handed_in_and_approved(admin, finance, acme_account, bolt, lev):
    answer = hand_in(admin, acme_account)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["covers_all"], made["category_paths"], made["skus"]) == (False, ["fasteners"], [])
    assert (made["status"], made["has_document"]) == ("submitted", True)
    address = f"tax-certificates/{made['id']}"
    assert admin.get(f"{address}/document.pdf").content == PDF
    assert by_key(lev).get(address).status_code == 404
    assert by_key(lev).get("tax-certificates").json()["items"] == []

    assert finance.post(f"{address}/decide", {"status": "declined"}).json()["code"] == "reason_missing"
    assert finance.post(f"{address}/decide", {"status": "approved"}).json()["status"] == "approved"
    assert admin.get("tax-certificates?status=approved").json()["items"][0]["id"] == made["id"]
    again = finance.post(f"{address}/decide", {"status": "approved"})
    assert (again.status_code, again.json()["code"]) == (409, "changed_meanwhile")


def test_a_certificate_that_is_wrong_is_pointed_at(admin, acme_account):
    for facts, field in (
        ({"file": SimpleUploadedFile("x.pdf", b"no")}, "file"),
        ({"category_paths": "no/such"}, "category_paths"),
        ({"skus": "NOPE"}, "skus"),
        ({"valid_until": "2025-01-01"}, "valid_until"),
    ):
        answer = hand_in(admin, acme_account, **facts)
        assert (answer.status_code, answer.json()["code"]) == (422, "certificate_wrong")
        assert any(one.endswith(field) for one in pointers(answer)), pointers(answer)
    assert not Certificate.objects.exists()


def test_proofs_are_kept_and_read_by_both_sides(finance, admin, lev, sal, acme, acme_account):
    Company.objects.filter(pk=acme.pk).update(vat_id="FR40303265045", country="FR")
    address = f"customers/{acme_account.pk}/vat-checks"
    kept = finance.post(address, {"is_valid": True, "reference": "WAPI-7"}).json()
    assert (kept["outcome"], kept["vat_id"], kept["registry"]) == ("valid", "FR40303265045", "by hand")
    assert admin.get("vat-checks").json()["items"] == [kept]
    assert finance.get(f"vat-checks?buyer_id={acme.pk}").json()["items"] == [kept]
    assert (
        by_key(lev).get("vat-checks").json()["items"] == by_key(sal).get("vat-checks").json()["items"] == []
    )
    assert finance.post(f"{address}/ask").json()["code"] == "no_registry"
    assert by_key(sal).post(address, {"is_valid": True, "reference": "1"}).status_code == 403
    assert VatCheck.objects.count() == 1


def test_how_a_customer_is_shown_prices_is_set(finance, acme_account):
    address = f"customers/{acme_account.pk}/prices-shown"
    assert finance.put(address, {"prices": "gross"}).status_code == 204
    assert PricesShown.objects.get().prices == "gross"
    assert finance.put(address, {"prices": ""}).status_code == 204
    assert not PricesShown.objects.exists()


def test_documents_say_why_they_bear_no_tax(finance, ana, acme, bolt, hansa):
    Company.objects.filter(pk=acme.pk).update(vat_id="FR40303265045", country="FR")
    proven(acme, hansa)
    address = {"recipient": "A", "street": "Rue 1", "city": "Lyon", "country": "FR", "postal_code": "69001"}
    invoice = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 100), delivery_address=address))
    for path in (f"invoices/{invoice.pk}", f"orders/{invoice.order_id}"):
        told = finance.get(path).json()
        assert told["lines"][0]["tax_code"] == "K"
        assert told["taxes"] == [
            {
                "code": "K", "rate": "0", "net": "12.50", "tax": "0.00", "exemption_code": "VATEX-EU-IC",
                "exemption_reason": "Intra-Community supply, exempt from VAT. Reverse charge: the recipient owes the tax.",
            }
        ]  # fmt: skip


def test_taxed_documents_give_no_reason(finance, ana, bolt):
    invoice = issue_invoice(actor=SYSTEM, shipment=shipped(ana, (bolt, 100)))
    (tax,) = finance.get(f"invoices/{invoice.pk}").json()["taxes"]
    assert (tax["code"], tax["exemption_code"], tax["exemption_reason"]) == ("S", "", "")


def test_categories_are_known_to_everybody_with_a_key(admin):
    found = {one["code"]: one["has_rate"] for one in admin.get("tax-categories").json()["items"]}
    assert found == {
        "standard": True, "reduced": True, "reduced_2": True, "zero": True, "exempt": False, "reversed": False,
    }  # fmt: skip
