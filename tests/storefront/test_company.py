"""A company's own pages: data, accounts, addresses, people, keys."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from kontor.audit.models import Entry
from kontor.companies.models import Address, ApiKey, Company, CustomerAccount, Invitation, Membership
from kontor.companies.operations import NewColleague, actor_for_key, invite_colleague
from kontor.kernel.models import IdempotencyKey
from kontor.web.sessions import ACTING_FOR
from tests.cast import Cast, actor
from tests.traces import unchanged
from tests.web.markup import problems

PAGES = ("company", "addresses", "address_new", "people", "invite", "keys")
DATA = {
    "legal_name": "Acme GmbH", "trade_name": "Acme", "vat_id": "DE271828180", "registration_number": "",
    "phone": "+49 30 1", "website": "", "language": "en", "timezone": "Europe/Berlin", "invoice_by": "email",
    "invoice_email": "books@acme.example", "po_number_required": "on",
}  # fmt: skip
PLANT = {
    "label": "Plant 3", "recipient": "Acme GmbH", "attention": "", "street": "Kaistr. 4", "street2": "",
    "postal_code": "28195", "city": "Bremen", "region": "", "country": "DE", "phone": "",
}  # fmt: skip


@pytest.fixture
def as_dora(client: Client, dora: Membership) -> Client:
    client.force_login(dora.user)
    return client


@pytest.fixture
def as_cy(cy: Membership) -> Client:
    viewer = Client()
    viewer.force_login(cy.user)
    return viewer


def at(name: str, *arguments: object) -> str:
    return reverse(f"storefront:{name}", args=arguments)


@pytest.mark.parametrize("name", PAGES)
def test_the_administrators_pages_name_every_control(as_dora: Client, name: str) -> None:
    answer = as_dora.get(at(name))

    assert answer.status_code == 200
    assert problems(answer.content.decode()) == []


@pytest.mark.parametrize("name", ["address_new", "invite", "keys"])
def test_a_viewer_opens_no_page_that_changes_the_company(as_cy: Client, name: str) -> None:
    with unchanged():
        assert as_cy.get(at(name)).status_code == 403
        assert as_cy.post(at(name), {}).status_code == 403


def test_a_viewer_reads_the_company_without_fields_to_change(as_cy: Client) -> None:
    html = as_cy.get(at("company")).content.decode()

    assert "DE271828180" in html
    assert 'name="legal_name"' not in html
    with unchanged():
        assert as_cy.post(at("company"), DATA).status_code == 403


def test_changed_data_is_saved_and_told_at_the_foot_of_the_page(as_dora: Client, acme: Company) -> None:
    answer = as_dora.post(at("company"), DATA)
    page = as_dora.get(answer.headers["Location"]).content.decode()

    acme.refresh_from_db()
    assert (acme.trade_name, acme.phone, acme.po_number_required) == ("Acme", "+49 30 1", True)
    assert "Phone: – → +49 30 1" in page
    assert "Order number needed: no → yes" in page


def test_a_wrong_vat_id_is_refused_at_its_field_with_what_was_typed(as_dora: Client) -> None:
    with unchanged():
        answer = as_dora.post(at("company"), DATA | {"vat_id": "DE1", "phone": "555"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="f-vat_id-error"' in html
    assert 'value="555"' in html


def test_a_seller_keeps_its_store_and_a_buyer_has_none(
    as_dora: Client, acme: Company, store_admin: Membership
) -> None:
    assert 'name="bank_iban"' not in as_dora.get(at("company")).content.decode()
    as_dora.post(at("company"), DATA | {"bank_iban": "DE89370400440532013000"})
    seller = Client()
    seller.force_login(store_admin.user)
    store = {
        "accent": "moss",
        "bank_iban": "DE89 3704 0044 0532 0130 00",
        "bank_bic": "",
        "bank_name": "Elbbank",
    }
    seller.post(at("company"), DATA | {"legal_name": "Hansa Supply GmbH", "vat_id": "DE314159262"} | store)

    acme.refresh_from_db()
    hansa = Company.objects.get(pk=store_admin.company_id)
    assert acme.bank_iban == ""
    assert (hansa.bank_iban, hansa.accent) == ("DE89370400440532013000", "moss")


def test_the_company_asks_another_seller_for_an_account(
    as_dora: Client, acme: Company, levante: Company
) -> None:
    assert at("account_request", levante.pk) in as_dora.get(at("company")).content.decode()

    as_dora.post(at("account_request", levante.pk))

    assert CustomerAccount.objects.get(buyer=acme, seller=levante).status == "requested"
    assert at("account_request", levante.pk) not in as_dora.get(at("company")).content.decode()


def test_an_address_is_added_changed_removed_and_brought_back(as_dora: Client, acme: Company) -> None:
    as_dora.post(at("address_new"), PLANT)
    added = Address.objects.get(label="Plant 3")
    as_dora.post(at("address", added.pk), PLANT | {"street": "Kaistr. 6"})
    changed = Address.objects.get(label="Plant 3", is_archived=False)
    removed = as_dora.post(at("address_archive", changed.pk))
    assert not Address.objects.filter(label="Plant 3", is_archived=False).exists()
    assert "kontor_toast" in removed.cookies
    as_dora.post(at("address_restore", changed.pk))

    back = Address.objects.get(label="Plant 3", is_archived=False)
    assert (back.company, back.street) == (acme, "Kaistr. 6")


def test_the_address_that_invoices_go_to_cannot_be_removed(as_dora: Client, cast: Cast) -> None:
    with unchanged():
        assert as_dora.post(at("address_archive", cast.addresses["acme"].pk)).status_code == 422


def test_another_address_becomes_the_one_for_invoices_and_deliveries(as_dora: Client, cast: Cast) -> None:
    plant = cast.addresses["acme_plant"]
    as_dora.post(at("address_billing", plant.pk))
    as_dora.post(at("address_default", plant.pk))

    plant.refresh_from_db()
    assert (plant.is_billing, plant.is_default_delivery) == (True, True)


@pytest.mark.parametrize(
    "name", ["address", "address_archive", "address_billing", "address_default", "address_restore"]
)
def test_foreign_addresses_do_not_exist(as_dora: Client, cast: Cast, name: str) -> None:
    with unchanged():
        assert as_dora.post(at(name, cast.addresses["globex"].pk), PLANT).status_code == 404


def test_roles_and_limit_are_changed_in_the_readers_numbers(as_dora: Client, ana: Membership) -> None:
    form = {"roles": ["buyer", "approver"], "order_limit": "1,250.50", "job_title": "Lead buyer"}

    answer = as_dora.post(at("person", ana.pk), form)

    ana.refresh_from_db()
    assert answer.status_code == 303
    assert (ana.roles, ana.order_limit, ana.job_title) == (
        ["buyer", "approver"],
        Decimal("1250.50"),
        "Lead buyer",
    )
    page = as_dora.get(at("person", ana.pk)).content.decode()
    assert "Order limit: 500.00 → 1,250.50" in page


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"roles": ["buyer"], "order_limit": "much", "job_title": ""}, "order_limit"),
        ({"roles": [], "order_limit": "", "job_title": ""}, "roles"),
        ({"roles": ["operator"], "order_limit": "", "job_title": ""}, "roles"),
    ],
)
def test_wrong_entries_about_a_colleague_are_refused_at_their_field(
    as_dora: Client, ana: Membership, form: dict[str, object], field: str
) -> None:
    with unchanged():
        answer = as_dora.post(at("person", ana.pk), form)

    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.content.decode()


def test_access_is_taken_and_given_back_by_undo(as_dora: Client, ana: Membership) -> None:
    as_dora.post(at("person_deactivate", ana.pk))
    ana.refresh_from_db()
    assert not ana.is_active
    assert at("person_reactivate", ana.pk) in as_dora.get(at("people")).content.decode()

    as_dora.post(at("person_reactivate", ana.pk))
    ana.refresh_from_db()
    assert ana.is_active


def test_the_last_administrator_stays(as_dora: Client, dora: Membership) -> None:
    with unchanged():
        assert as_dora.post(at("person_deactivate", dora.pk)).status_code == 422
        form = {"roles": ["viewer"], "order_limit": "", "job_title": ""}
        assert as_dora.post(at("person", dora.pk), form).status_code == 422


@pytest.mark.parametrize("name", ["person", "person_deactivate", "person_reactivate"])
def test_foreign_people_do_not_exist(as_dora: Client, gil: Membership, name: str) -> None:
    with unchanged():
        assert as_dora.post(at(name, gil.pk), {"roles": ["viewer"]}).status_code == 404


def test_a_colleague_is_invited_and_the_invitation_withdrawn(as_dora: Client, acme: Company) -> None:
    as_dora.post(at("invite"), {"email": "eva@acme.example", "roles": ["buyer"], "order_limit": "1500"})
    invited = Invitation.objects.get(company=acme)
    assert (invited.email, invited.order_limit) == ("eva@acme.example", Decimal(1500))
    assert "eva@acme.example" in as_dora.get(at("people")).content.decode()

    as_dora.post(at("invitation_withdraw", invited.pk))
    invited.refresh_from_db()
    assert invited.withdrawn_at is not None


def test_foreign_invitations_do_not_exist(as_dora: Client, gil: Membership) -> None:
    row, _token = invite_colleague(
        actor=actor(gil), invitation=NewColleague(email="e@x.example", roles=("buyer",))
    )
    with unchanged():
        assert as_dora.post(at("invitation_withdraw", row.pk)).status_code == 404


def test_colleagues_see_who_works_here_but_not_their_limits(as_cy: Client) -> None:
    html = as_cy.get(at("people")).content.decode()

    assert "ana@acme.example" in html
    assert "500.00" not in html
    assert "gil@globex.example" not in html


def test_a_key_is_shown_once_works_and_is_nowhere_kept(as_dora: Client) -> None:
    form = {"name": "ERP", "roles": ["buyer"], "order_limit": "5000"}
    answer = as_dora.post(at("keys"), form)
    html = answer.content.decode()

    secret = html.split('id="secret-text">')[1].split("<")[0]
    holder = actor_for_key(secret)
    assert holder is not None
    assert holder.order_limit == Decimal(5000)
    assert "no-store" in answer.headers["Cache-Control"]
    assert problems(html) == []
    assert secret not in as_dora.get(at("keys")).content.decode()
    assert not IdempotencyKey.objects.exists()
    assert not [entry for entry in Entry.objects.all() if secret in str(entry.changes)]


def test_the_form_for_keys_has_no_key_of_its_own_so_that_no_answer_is_kept(as_dora: Client) -> None:
    html = as_dora.get(at("keys")).content.decode()

    assert 'name="once"' not in html.split(f'action="{at("keys")}"')[1].split("</form>")[0]


def test_a_revoked_key_opens_nothing(as_dora: Client) -> None:
    html = as_dora.post(at("keys"), {"name": "ERP", "roles": ["buyer"]}).content.decode()
    secret = html.split('id="secret-text">')[1].split("<")[0]
    key = ApiKey.objects.get()

    as_dora.post(at("key_revoke", key.pk))

    assert actor_for_key(secret) is None
    assert as_dora.post(at("key_revoke", key.pk)).status_code == 409


def test_a_representative_sees_the_customers_addresses_and_changes_none(
    client: Client, store_admin: Membership, acme: Company, cast: Cast
) -> None:
    client.force_login(store_admin.user)
    session = client.session
    session[ACTING_FOR] = acme.pk
    session.save()

    seen = client.get(at("addresses")).content.decode()
    with unchanged():
        changed = client.post(at("address_archive", cast.addresses["acme_plant"].pk))
        keys = client.get(at("keys"))

    assert "Hafenweg 7" in seen
    assert at("address_archive", cast.addresses["acme_plant"].pk) not in seen
    assert changed.status_code == 403
    assert keys.status_code == 403
