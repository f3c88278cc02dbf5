"""The pages about taxes of the seller, the operator and the buyer."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kontor.companies.models import Company
from kontor.taxes.models import Certificate, Policy, Registration, TaxRate, VatCheck

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def at(client):
    def sign_in(person):
        client.force_login(person.user)
        return client

    return sign_in


def paper():
    return SimpleUploadedFile("certificate.pdf", PDF, "application/pdf")


def test_finance_registers_and_says_how_evidence_is_dealt_with(at, fin):
    desk = at(fin)
    assert desk.get(reverse("backoffice:taxes")).status_code == 200
    desk.post(
        reverse("backoffice:taxes"),
        {"country": "FR", "number": "FR40303265045", "scheme": "local", "valid_from": "2026-01-01"},
    )
    assert Registration.objects.get().country == "FR"
    assert desk.post(reverse("backoffice:taxes"), {"country": "FR"}).status_code == 422
    facts = {
        "evidence": "proof",
        "max_age_days": "7",
        "unproven": "hold",
        "deposits": "outside",
        "prices": "gross",
    }
    desk.post(reverse("backoffice:tax_policy"), facts)
    assert (Policy.objects.get().max_age_days, Policy.objects.get().unproven) == (7, "hold")


def test_finance_enters_a_proof_and_sees_who_is_proven(at, fin, acme, acme_account):
    Company.objects.filter(pk=acme.pk).update(vat_id="FR40303265045", country="FR")
    desk, one = at(fin), reverse("backoffice:vat_id", args=[acme_account.pk])
    assert "Not proven" in desk.get(reverse("backoffice:vat_ids")).text
    desk.post(one, {"outcome": "valid", "reference": "WAPI7", "name": "ACME SA"})
    assert VatCheck.objects.get().reference == "WAPI7"
    assert "WAPI7" in desk.get(one).text
    assert "Not proven" not in desk.get(reverse("backoffice:vat_ids") + "?abroad=1").text
    assert desk.post(one, {}).status_code == 422  # no registry is set up


def test_a_certificate_goes_from_the_buyer_to_the_seller_and_back(at, client, dora, fin, gil, acme_account):
    facts = {"account": acme_account.pk, "number": "EX-9", "country": "DE", "valid_from": "2026-01-01"}
    shop = at(dora)
    assert shop.post(reverse("storefront:taxes"), facts).status_code == 422
    shop.post(reverse("storefront:taxes"), facts | {"file": paper()})
    found = Certificate.objects.get()
    assert shop.get(reverse("storefront:certificate_document", args=[found.pk])).content == PDF

    desk = at(fin)
    waiting = desk.get(reverse("backoffice:certificates") + "?status=submitted").text
    assert "EX-9" in waiting
    assert "To be decided" in waiting
    assert "Waiting for the seller" not in waiting
    assert desk.get(reverse("backoffice:certificate_document", args=[found.pk])).content == PDF
    decide = reverse("backoffice:certificate_decide", args=[found.pk])
    assert desk.post(decide, {"status": "declined"}).status_code == 422
    desk.post(decide, {"status": "approved"})
    assert "Approved" in at(dora).get(reverse("storefront:taxes")).text

    assert at(gil).get(reverse("storefront:certificate_document", args=[found.pk])).status_code == 404


def test_the_operator_keeps_rates(at, olga, cast):
    desk, page = at(olga), reverse("backoffice:tax_rates")
    desk.post(page, {"shipped": "1"})
    assert "Austria" in desk.get(page).text
    row = {"country": "US", "region": "TX", "name": "Texas", "category": "standard", "rate": "6.25"}
    desk.post(page, row | {"valid_from": "2026-01-01"})
    texas = TaxRate.objects.get(country="US")
    assert (texas.adds, texas.valid_from) == (True, date(2026, 1, 1))
    assert desk.post(page, row).status_code == 422
    table = b"country,category,rate,valid_from\nDE,standard,20,2030-01-01\n"
    desk.post(page, {"table": "1", "file": SimpleUploadedFile("rates.csv", table)})
    assert TaxRate.objects.filter(country="DE", valid_from=date(2030, 1, 1)).count() == 1
    desk.post(reverse("backoffice:tax_rate_remove", args=[texas.pk]))
    assert not TaxRate.objects.filter(country="US").exists()
