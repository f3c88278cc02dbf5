"""A company signs up."""

from dataclasses import replace

import pytest
from django.contrib.auth.hashers import check_password

from kontor.audit.models import Entry
from kontor.companies.models import Address, Company, CustomerAccount, Membership, User
from kontor.companies.operations import AddressFacts, Contact, Registration, register_company
from kontor.kernel.actors import Actor
from kontor.kernel.models import OutboxEvent
from tests.cast import PASSWORD, actor
from tests.traces import refused

ADDRESS = AddressFacts(
    recipient="Initech GmbH", street="Am Kanal 4", postal_code="04109", city="Leipzig", country="DE"
)
CONTACT = Contact(
    name="Nora Voss",
    email="Nora.Voss@initech.example",
    password="glass anchor ninety",
    job_title="Purchasing",
)
INITECH = Registration(
    legal_name="Initech GmbH",
    country="DE",
    vat_id="DE 811 122 339",
    address=ADDRESS,
    contact=CONTACT,
    phone="+49 341 1000",
)


@pytest.mark.covers("R0.12", "R0.38")
def test_a_company_registers_and_asks_the_house_seller_for_an_account(hansa):
    member = register_company(registration=INITECH)

    assert member is not None
    company = Company.objects.get(slug="initech-gmbh")
    assert member.company_id == company.pk
    assert (company.status, company.is_buyer, company.is_seller) == ("registered", True, False)
    assert (company.vat_id, company.currency) == ("DE811122339", "EUR")
    assert (company.invoice_by, company.invoice_email) == ("email", "nora.voss@initech.example")
    assert (member.roles, member.order_limit, member.job_title) == (["admin"], None, "Purchasing")
    assert member.user.email == "nora.voss@initech.example"
    assert check_password("glass anchor ninety", member.user.password)
    address = Address.objects.get(company=company)
    assert (address.city, address.is_billing, address.is_default_delivery) == ("Leipzig", True, True)
    account = CustomerAccount.objects.get(buyer=company)
    assert (account.seller_id, account.status, account.customer_number) == (hansa.pk, "requested", "")
    events = list(OutboxEvent.objects.order_by("id").values_list("name", "payload"))
    assert events == [
        ("companies.CompanyRegistered", {"company_id": company.pk}),
        ("companies.AccountRequested", {"account_id": account.pk}),
    ]
    assert list(Entry.objects.order_by("id").values_list("verb", "actor_name", "company_id")) == [
        ("companies.registered", "Nora Voss", company.pk),
        ("companies.account_requested", "Nora Voss", company.pk),
    ]


def test_without_a_house_seller_a_company_registers_all_the_same(db):
    member = register_company(registration=INITECH)
    assert member is not None
    assert not CustomerAccount.objects.exists()


def test_a_known_email_is_answered_like_any_other_and_its_owner_is_told(ana):
    companies, users = Company.objects.count(), User.objects.count()
    known = replace(INITECH, contact=replace(CONTACT, email="ANA@acme.example"))

    assert register_company(registration=known) is None

    assert (Company.objects.count(), User.objects.count()) == (companies, users)
    assert list(OutboxEvent.objects.values_list("name", "payload")) == [
        ("companies.RegistrationRepeated", {"user_id": ana.user_id})
    ]
    ana.user.refresh_from_db()
    assert check_password(PASSWORD, ana.user.password)


def test_a_signed_in_person_adds_a_company_and_keeps_password_and_name(ana):
    member = register_company(
        registration=replace(INITECH, contact=Contact(job_title="Owner")), actor=actor(ana)
    )

    assert member is not None
    assert (member.user_id, member.roles, member.job_title) == (ana.user_id, ["admin"], "Owner")
    assert User.objects.get(pk=ana.user_id).name == "Ana Brandt"
    assert Membership.objects.filter(user=ana.user).count() == 2


def test_a_machine_does_not_register(cast):
    with refused("not_allowed"):
        register_company(registration=INITECH, actor=Actor(name="key", door="api"))


def test_a_vat_id_registers_once(acme):
    with refused("vat_id_taken", "vat_id"):
        register_company(registration=replace(INITECH, vat_id="DE271828180"))


def test_companies_without_a_vat_id_do_not_meet(db):
    for number in range(2):
        contact = replace(CONTACT, email=f"owner{number}@initech.example")
        assert register_company(registration=replace(INITECH, vat_id="", contact=contact)) is not None
    assert set(Company.objects.values_list("slug", flat=True)) == {"initech-gmbh", "initech-gmbh-2"}


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"legal_name": " "}, {"legal_name"}),
        ({"legal_name": "x" * 201}, {"legal_name"}),
        ({"legal_name": "Ini\x00tech"}, {"legal_name"}),
        ({"vat_id": "DE811122338"}, {"vat_id"}),
        ({"country": "XX", "vat_id": ""}, {"country"}),
        ({"currency": "EURO"}, {"currency"}),
        ({"invoice_by": "pigeon"}, {"invoice_by"}),
        ({"invoice_email": "accounts"}, {"invoice_email"}),
        ({"timezone": "Mars/Olympus"}, {"timezone"}),
        ({"contact": replace(CONTACT, email="nora@")}, {"contact/email"}),
        ({"contact": replace(CONTACT, password="short")}, {"contact/password"}),
        ({"contact": replace(CONTACT, password="nora.voss@initech")}, {"contact/password"}),
        ({"contact": replace(CONTACT, password="x y" * 400)}, {"contact/password"}),
        ({"contact": replace(CONTACT, language="tlh")}, {"contact/language"}),
        ({"contact": Contact()}, {"contact/name", "contact/email", "contact/password"}),
        ({"address": replace(ADDRESS, street="", postal_code="")}, {"address/street", "address/postal_code"}),
        ({"address": replace(ADDRESS, city="a\nb")}, {"address/city"}),
    ],
)
def test_what_is_wrong_is_said_at_the_field(db, wrong, fields):
    with refused("invalid_entries", *fields):
        register_company(registration=replace(INITECH, **wrong))


def test_everything_wrong_is_said_at_once(db):
    with refused("invalid_entries", "legal_name", "vat_id", "contact/email", "address/city"):
        register_company(
            registration=replace(
                INITECH,
                legal_name="",
                vat_id="1",
                contact=replace(CONTACT, email=""),
                address=replace(ADDRESS, city=""),
            )
        )
