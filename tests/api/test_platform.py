from typing import Any

from kontor.companies.models import Company, CustomerAccount, User
from kontor.kernel.models import IdempotencyKey
from tests.api.conftest import by_key, pointers

CONTACT = {"name": "Nele Neu", "email": "nele@neu.example", "password": "quiet brass lamp 9"}
REGISTRATION: dict[str, Any] = {
    "legal_name": "Neu & Söhne GmbH",
    "country": "DE",
    "address": {
        "recipient": "Neu & Söhne GmbH",
        "street": "Weg 1",
        "postal_code": "10115",
        "city": "Berlin",
        "country": "DE",
    },
    "contact": CONTACT,
}


def test_a_company_registers_and_asks_for_an_account(guest, hansa):
    answer = guest.post("registrations", REGISTRATION, Idempotency_Key="r-1")
    again = guest.post("registrations", REGISTRATION, Idempotency_Key="r-1")

    assert (answer.status_code, answer.json()) == (202, {"status": "received"})
    assert again.content == answer.content
    assert Company.objects.get(legal_name="Neu & Söhne GmbH").status == "registered"
    assert (
        CustomerAccount.objects.get(seller=hansa, status="requested").buyer.legal_name == "Neu & Söhne GmbH"
    )
    assert b"quiet brass" not in bytes(IdempotencyKey.objects.get().body)


def test_a_known_e_mail_gets_the_same_answer(guest, ana):
    taken = REGISTRATION | {"contact": CONTACT | {"email": ana.user.email}}

    answer = guest.post("registrations", taken)

    assert (answer.status_code, answer.json()) == (202, {"status": "received"})
    assert User.objects.filter(email=ana.user.email).count() == 1


def test_wrong_entries_are_named_in_their_place(guest, cast):
    wrong = REGISTRATION | {"vat_id": "DE1", "contact": CONTACT | {"password": "short"}}

    answer = guest.post("registrations", wrong)

    assert answer.status_code == 422
    assert set(pointers(answer)) == {"#/vat_id", "#/contact/password"}
    assert not User.objects.filter(name="Nele Neu").exists()


def test_tries_are_counted_also_when_they_are_refused(guest, cast):
    wrong = REGISTRATION | {"vat_id": "DE1"}
    statuses = [guest.post("registrations", wrong).status_code for _try in range(21)]

    assert statuses == [422] * 20 + [429]


def test_the_operator_looks_after_companies(olga, acme, dora, platform):
    operator, machine = by_key(olga), by_key(dora)

    assert len(operator.get("companies?limit=200").json()["items"]) == 5
    assert operator.post(f"companies/{acme.pk}/block", {"reason": "Fraud"}).json()["status"] == "blocked"
    assert machine.get("me").status_code == 401
    assert operator.post(f"companies/{acme.pk}/activate").json()["status"] == "active"
    assert machine.get("me").status_code == 200
    assert operator.post(f"companies/{platform.pk}/block", {"reason": "x"}).json()["code"] == "own_company"
    assert operator.post(f"companies/{acme.pk}/open-store").json()["is_seller"] is True


def test_nobody_else_looks_after_companies(dora, store_admin, acme):
    for caller in (by_key(dora), by_key(store_admin)):
        assert caller.get("companies").status_code == 403
        assert caller.post(f"companies/{acme.pk}/block", {"reason": "x"}).status_code == 403
        assert caller.post(f"companies/{acme.pk}/open-store").status_code == 403
    acme.refresh_from_db()
    assert (acme.status, acme.is_seller) == ("active", False)
