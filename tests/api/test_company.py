import pytest

from kontor.companies.models import Address, ApiKey, Invitation, Membership
from tests.api.conftest import by_key, by_session, pointers

PLANT = {
    "recipient": "Acme GmbH",
    "street": "Kanalstr. 3",
    "postal_code": "22113",
    "city": "Hamburg",
    "country": "DE",
    "label": "Plant 3",
}


def test_everybody_reads_the_own_company(cy):
    company = by_key(cy).get("company").json()

    assert company["legal_name"] == "Acme GmbH"
    assert company["vat_id"] == "DE271828180"


def test_an_administrator_changes_company_data(dora):
    wanted = {"phone": "+49 30 1234", "po_number_required": True, "invoice_email": "invoices@acme.example"}

    answer = by_key(dora).patch("company", wanted)

    assert answer.status_code == 200
    assert answer.json()["phone"] == "+49 30 1234"
    assert answer.json()["po_number_required"] is True


def test_a_viewer_may_not_change_company_data(cy):
    answer = by_key(cy).patch("company", {"phone": "1"})

    assert answer.status_code == 403
    assert answer.json()["code"] == "not_allowed"


def test_fields_that_nobody_may_set_are_refused_by_name(dora):
    answer = by_key(dora).patch("company", {"status": "blocked", "is_seller": True, "phone": 5})

    assert answer.status_code == 422
    assert pointers(answer) == {
        "#/status": "extra_forbidden",
        "#/is_seller": "extra_forbidden",
        "#/phone": "string_type",
    }


def test_an_address_is_added_read_changed_and_archived(dora):
    caller = by_key(dora)
    added = caller.post("company/addresses", PLANT)
    assert added.status_code == 201
    place = added.headers["Location"]
    read = caller.get(place)
    assert read.json()["city"] == "Hamburg"
    assert read.headers["ETag"] == added.headers["ETag"]

    changed = caller.put(place, PLANT | {"street": "Kanalstr. 4"}, If_Match=read.headers["ETag"])

    assert changed.status_code == 200
    assert changed.json()["street"] == "Kanalstr. 4"
    assert changed.json()["id"] != read.json()["id"]
    assert caller.get(place).status_code == 404
    gone = caller.delete(f"company/addresses/{changed.json()['id']}", If_Match=changed.headers["ETag"])
    assert gone.status_code == 204
    assert gone.content == b""
    assert Address.objects.filter(label="Plant 3", is_archived=False).count() == 0


def test_a_change_without_a_version_is_asked_for_it(dora, cast):
    caller = by_key(dora)

    answer = caller.put(f"company/addresses/{cast.addresses['acme_plant'].pk}", PLANT)

    assert answer.status_code == 428
    assert answer.json()["code"] == "if_match_missing"


def test_a_change_of_an_old_version_is_refused(dora, cast):
    caller, plant = by_key(dora), cast.addresses["acme_plant"]
    path = f"company/addresses/{plant.pk}"
    etag = caller.get(path).headers["ETag"]
    caller.post(f"{path}/use", {"default_delivery": True})

    answer = caller.put(path, PLANT, If_Match=etag)

    assert answer.status_code == 412
    assert answer.json()["code"] == "stale"
    plant.refresh_from_db()
    assert not plant.is_archived


def test_another_companys_address_does_not_exist(dora, cast):
    foreign = f"company/addresses/{cast.addresses['globex'].pk}"
    caller = by_key(dora)

    assert caller.get(foreign).status_code == 404
    assert caller.put(foreign, PLANT, If_Match="*").status_code == 404
    assert caller.delete(foreign, If_Match="*").status_code == 404
    assert caller.post(f"{foreign}/use", {"billing": True}).status_code == 404


def test_wrong_entries_are_named_at_their_fields(dora):
    answer = by_key(dora).post("company/addresses", PLANT | {"country": "XX", "city": " "})

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_entries"
    assert set(pointers(answer)) == {"#/country", "#/city"}


def test_the_address_in_use_cannot_be_archived(dora, cast):
    answer = by_key(dora).delete(f"company/addresses/{cast.addresses['acme'].pk}", If_Match="*")

    assert answer.status_code == 422
    assert answer.json()["code"] == "address_in_use"


def test_a_company_asks_a_seller_for_an_account_once(dora, levante):
    caller = by_key(dora)

    answer = caller.post("company/suppliers", {"seller_id": levante.pk})

    assert answer.status_code == 201
    assert answer.json()["status"] == "requested"
    again = caller.post("company/suppliers", {"seller_id": levante.pk})
    assert again.json()["code"] == "already_requested"
    assert {one["seller"] for one in caller.get("company/suppliers").json()["items"]} == {
        "Hansa Supply GmbH",
        "Levante Suministros SL",
    }


def test_people_are_listed_for_administrators_only(dora, ana):
    people = by_key(dora).get("company/people").json()["items"]

    assert {one["name"] for one in people} == {"Ana Brandt", "Ben Okafor", "Cy Lindqvist", "Dora Keller"}
    assert [one["order_limit"] for one in people if one["name"] == "Ana Brandt"] == ["500.00"]
    assert by_key(ana).get("company/people").status_code == 403


def test_a_limit_is_changed_and_taken_away(dora, ana):
    caller = by_key(dora)

    assert (
        caller.patch(f"company/people/{ana.pk}", {"order_limit": "750.50"}).json()["order_limit"] == "750.50"
    )
    assert caller.patch(f"company/people/{ana.pk}", {"job_title": "Lead"}).json()["order_limit"] == "750.50"
    assert caller.patch(f"company/people/{ana.pk}", {"order_limit": None}).json()["order_limit"] is None
    ana.refresh_from_db()
    assert ana.roles == ["buyer"]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (750.5, "not_a_decimal"),
        (750, "not_a_decimal"),
        ("1e3", "not_a_decimal"),
        ("NaN", "not_a_decimal"),
        ("Infinity", "not_a_decimal"),
        ("-1", "not_positive"),
        ("١", "not_a_decimal"),
        ("1.2345", "too_many_decimals"),
        ("9" * 400, "too_large"),
        ("", "not_a_decimal"),
    ],
)
def test_an_amount_that_is_none_is_refused_at_its_place(dora, ana, value, code):
    answer = by_key(dora).patch(f"company/people/{ana.pk}", {"order_limit": value})

    assert answer.status_code == 422
    assert pointers(answer) == {"#/order_limit": code}


def test_colleagues_of_others_do_not_exist(dora, gil):
    caller = by_key(dora)

    assert caller.get(f"company/people/{gil.pk}").status_code == 404
    assert caller.patch(f"company/people/{gil.pk}", {"job_title": "x"}).status_code == 404
    assert caller.post(f"company/people/{gil.pk}/deactivate").status_code == 404
    assert Membership.objects.get(pk=gil.pk).is_active


def test_a_colleague_loses_and_regains_access(dora, ana):
    caller = by_key(dora)

    assert caller.post(f"company/people/{ana.pk}/deactivate").json()["is_active"] is False
    assert caller.post(f"company/people/{ana.pk}/deactivate").status_code == 409
    assert caller.post(f"company/people/{ana.pk}/reactivate").json()["is_active"] is True


def test_an_invitation_never_shows_its_link(dora):
    caller = by_key(dora)

    answer = caller.post("company/invitations", {"email": "new@acme.example", "roles": ["viewer"]})

    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "email", "name", "roles", "order_limit", "created_at", "expires_at"}
    assert len(caller.get("company/invitations").json()["items"]) == 1
    assert caller.delete(f"company/invitations/{answer.json()['id']}").status_code == 204
    assert Invitation.objects.open().count() == 0


def test_a_keys_secret_is_shown_once_and_works_at_once(dora):
    person = by_session(dora)
    wanted = {"name": "ERP", "roles": ["buyer"], "is_read_only": True}
    first = person.post("company/keys", wanted, Idempotency_Key="erp-key-1")
    again = person.post("company/keys", wanted, Idempotency_Key="erp-key-1")

    secret = first.json()["secret"]
    assert secret.startswith("kontor_")
    assert again.json()["secret"] is None
    assert again.json()["id"] == first.json()["id"]
    assert ApiKey.objects.count() == 1
    machine = by_key(dora)
    machine.headers["Authorization"] = f"Bearer {secret}"
    assert machine.get("me").json()["read_only"] is True
    assert person.delete(f"company/keys/{first.json()['id']}").status_code == 204
    assert machine.get("me").status_code == 401


def test_a_key_that_only_reads_changes_nothing(dora):
    caller = by_key(dora, is_read_only=True)

    answer = caller.patch("company", {"phone": "1"})

    assert answer.status_code == 403
    assert answer.json()["code"] == "read_only_key"
    assert caller.get("company").status_code == 200
