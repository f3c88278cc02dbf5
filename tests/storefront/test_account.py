"""How people get in: registering, invitations, switching between companies, language."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from kontor.companies.models import Company, CustomerAccount, Invitation, Membership, User
from kontor.companies.operations import NewColleague, invite_colleague, withdraw_invitation
from kontor.kernel import clock
from kontor.web.models import Session
from tests.cast import PASSWORD, actor
from tests.traces import unchanged
from tests.web.markup import problems

FORM = {
    "legal_name": "Müller & Söhne GmbH",
    "country": "DE",
    "vat_id": "DE 811 907 980",
    "registration_number": "HRB 1234",
    "phone": "",
    "invoice_by": "email",
    "invoice_email": "",
    "address/street": "Lange Str. 5",
    "address/street2": "",
    "address/postal_code": "70173",
    "address/city": "Stuttgart",
    "address/region": "",
    "contact/name": "Mia Müller",
    "contact/email": "mia@mueller.example",
    "contact/password": "nine copper kettles",
    "contact/job_title": "Owner",
}


def signed_in(client: Client) -> str | None:
    return client.session.get(SESSION_KEY)


def test_a_company_registers_and_asks_the_house_for_an_account(client: Client, hansa: Company) -> None:
    answer = client.post(reverse("storefront:register"), FORM)

    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("storefront:registered"))
    member = Membership.objects.select_related("company", "user").get(user__email="mia@mueller.example")
    assert (member.company.legal_name, member.company.vat_id, member.roles) == (
        "Müller & Söhne GmbH", "DE811907980", ["admin"],
    )  # fmt: skip
    assert member.company.currency == hansa.currency
    assert CustomerAccount.objects.get(buyer=member.company).seller == hansa
    assert member.company.addresses.get().recipient == "Müller & Söhne GmbH"
    assert signed_in(client) is None


def test_a_known_e_mail_is_answered_like_a_new_one_and_creates_nothing(
    client: Client, ana: Membership
) -> None:
    companies = Company.objects.count()

    fresh = client.post(reverse("storefront:register"), FORM)
    known = client.post(
        reverse("storefront:register"),
        FORM | {"contact/email": "ana@acme.example", "vat_id": "", "legal_name": "X"},
    )

    assert (known.status_code, known.headers["Location"]) == (fresh.status_code, fresh.headers["Location"])
    assert known.content == fresh.content
    assert Company.objects.count() == companies + 1
    assert signed_in(client) is None


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(client: Client, hansa: Company) -> None:
    wrong = FORM | {"legal_name": "", "vat_id": "DE1", "contact/email": "mia", "address/postal_code": ""}
    answer = client.post(reverse("storefront:register"), wrong)

    html = answer.content.decode()
    assert answer.status_code == 422
    for field in ("f-legal_name", "f-vat_id", "f-contact-email", "f-address-postal_code"):
        assert f'href="#{field}"' in html
        assert f'id="{field}-error"' in html
    assert "recipient" not in html
    assert 'value="Lange Str. 5"' in html
    assert "nine copper kettles" not in html
    assert not User.objects.filter(email="mia@mueller.example").exists()
    assert problems(html) == []


def test_somebody_signed_in_adds_a_company_and_works_for_it_at_once(client: Client, ana: Membership) -> None:
    client.force_login(ana.user)
    form = {name: value for name, value in FORM.items() if not name.startswith("contact/")}

    page = client.get(reverse("storefront:register")).content.decode()
    answer = client.post(reverse("storefront:register"), form)

    assert 'name="contact/password"' not in page
    assert answer.status_code == 303
    added = Membership.objects.get(user=ana.user, company__vat_id="DE811907980")
    assert User.objects.get(pk=ana.user_id).last_membership_id == added.pk


@pytest.fixture
def invited(dora: Membership) -> tuple[Invitation, str]:
    colleague = NewColleague(email="eva@acme.example", name="Eva", roles=("buyer",))
    row, token = invite_colleague(actor=actor(dora), invitation=colleague)
    return row, reverse("storefront:invitation", args=[token])


def test_an_invited_person_chooses_a_password_and_is_in(
    client: Client, invited: tuple[Invitation, str]
) -> None:
    page = client.get(invited[1])
    answer = client.post(invited[1], {"name": "Eva Sommer", "password": "nine copper kettles"})

    assert problems(page.content.decode()) == []
    assert "eva@acme.example" in page.content.decode()
    eva = Membership.objects.get(user__email="eva@acme.example")
    assert answer.status_code == 303
    assert signed_in(client) == str(eva.user_id)
    assert Session.objects.get(user_id=eva.user_id).session_key == client.session.session_key
    assert client.get(invited[1]).status_code == 410


def test_a_second_click_gets_the_same_seat_and_a_wrong_password_nothing(
    client: Client, invited: tuple[Invitation, str]
) -> None:
    form = {"name": "Eva Sommer", "password": "nine copper kettles", "once": "0123456789abcdef"}
    client.post(invited[1], form)
    again, guess, later = Client(), Client(), Client()
    second = again.post(invited[1], form)
    guessed = guess.post(invited[1], form | {"password": "ten copper kettles"})
    Invitation.objects.filter(pk=invited[0].pk).update(accepted_at=clock.now() - timedelta(minutes=2))
    late = later.post(invited[1], form)

    eva = Membership.objects.get(user__email="eva@acme.example")
    assert (second.status_code, signed_in(again)) == (303, str(eva.user_id))
    assert (guessed.status_code, signed_in(guess)) == (410, None)
    assert (late.status_code, signed_in(later)) == (410, None)


def test_a_weak_password_is_refused_at_its_field_and_the_link_stays_good(
    client: Client, invited: tuple[Invitation, str]
) -> None:
    answer = client.post(invited[1], {"name": "Eva Sommer", "password": "short"})

    assert answer.status_code == 422
    assert 'id="f-password-error"' in answer.content.decode()
    assert client.get(invited[1]).status_code == 200
    assert signed_in(client) is None


def test_a_withdrawn_link_says_so_and_opens_nothing(
    client: Client, dora: Membership, invited: tuple[Invitation, str]
) -> None:
    withdraw_invitation(actor=actor(dora), invitation=invited[0])

    with unchanged():
        seen = client.get(invited[1])
        tried = client.post(invited[1], {"name": "Eva", "password": "nine copper kettles"})

    assert (seen.status_code, tried.status_code) == (410, 410)


def test_who_has_an_account_signs_in_before_accepting(
    client: Client, dora: Membership, gil: Membership
) -> None:
    colleague = NewColleague(email=gil.user.email, roles=("viewer",))
    _row, token = invite_colleague(actor=actor(dora), invitation=colleague)
    link = reverse("storefront:invitation", args=[token])

    with unchanged():
        guessed = client.post(link, {"password": PASSWORD})
    page = guessed.content.decode()
    assert f"{reverse('account_login')}?next={quote(link)}" in page
    assert 'name="password"' not in page
    assert signed_in(client) is None

    client.force_login(gil.user)
    accepted = client.post(link)

    assert accepted.status_code == 303
    assert Membership.objects.filter(user=gil.user, company=dora.company, roles=["viewer"]).exists()


def test_somebody_else_cannot_take_the_seat(
    client: Client, ana: Membership, invited: tuple[Invitation, str]
) -> None:
    client.force_login(ana.user)

    with unchanged():
        answer = client.post(invited[1])

    assert "This invitation is for eva@acme.example" in answer.content.decode()


def test_switching_the_company_renews_the_session_and_forgets_the_customer(
    client: Client, dora: Membership, globex: Company
) -> None:
    other = Membership.objects.create(company=globex, user=dora.user, roles=["viewer"])
    client.force_login(dora.user)
    before = client.session.session_key

    answer = client.post(reverse("storefront:switch", args=[other.pk]))

    assert answer.status_code == 303
    assert User.objects.get(pk=dora.user_id).last_membership_id == other.pk
    assert client.session.session_key != before
    assert "Globex AG" in client.get(reverse("storefront:company")).content.decode()


def test_nobody_switches_to_a_seat_of_somebody_else_or_to_one_without_access(
    client: Client, dora: Membership, gil: Membership, globex: Company
) -> None:
    closed = Membership.objects.create(company=globex, user=dora.user, roles=["viewer"], is_active=False)
    client.force_login(dora.user)

    with unchanged():
        assert client.post(reverse("storefront:switch", args=[gil.pk])).status_code == 404
        assert client.post(reverse("storefront:switch", args=[closed.pk])).status_code == 422


def test_the_language_is_kept_for_visitors_in_the_browser_and_for_people_in_the_profile(
    client: Client, ana: Membership
) -> None:
    visitor = client.post(reverse("storefront:language"), {"language": "de", "next": "/register/"})
    assert visitor.headers["Location"] == "/register/"
    assert client.get(reverse("storefront:register")).headers["Content-Language"] == "de"

    client.force_login(ana.user)
    client.post(reverse("storefront:language"), {"language": "de", "next": "/"})

    assert User.objects.get(pk=ana.user_id).language == "de"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_the_language_leads_nobody_elsewhere(client: Client, hansa: Company, elsewhere: str) -> None:
    answer = client.post(reverse("storefront:language"), {"language": "de", "next": elsewhere})

    assert answer.headers["Location"] == reverse("storefront:home")


def test_an_unknown_language_changes_nothing(client: Client, ana: Membership) -> None:
    client.force_login(ana.user)
    with unchanged():
        client.post(reverse("storefront:language"), {"language": "tlh"})
