"""Sales look after customers: find, accept with prices, decline, block, work for them in the shop."""

import pytest
from django.test import Client
from django.urls import reverse

from kontor.carts.models import Cart
from kontor.companies.models import Address, Company, CustomerAccount, Membership, PaymentTerm, User
from kontor.pricing.models import PriceList
from kontor.pricing.queries import assigned_lists, chain_for, lists_of
from kontor.web.models import Session
from tests.traces import unchanged
from tests.web.markup import problems


@pytest.fixture
def office(client: Client, sal: Membership) -> Client:
    client.force_login(sal.user)
    return client


@pytest.fixture
def newcomer(hansa: Company) -> CustomerAccount:
    company = Company.objects.create(
        legal_name="Morava Tools s.r.o.", slug="morava", country="CZ", vat_id="CZ25123891"
    )
    Address.objects.create(
        company=company, recipient="Morava", street="Hlavní 1", city="Brno", country="CZ", is_billing=True
    )
    user = User.objects.create(email="jana@morava.example", name="Jana Dvorak")
    Membership.objects.create(company=company, user=user, roles=["admin"])
    return CustomerAccount.objects.create(seller=hansa, buyer=company)


def test_the_list_is_searched_narrowed_and_counted(
    office: Client, acme: Company, newcomer: CustomerAccount
) -> None:
    everybody = office.get(reverse("backoffice:customers")).content.decode()
    brno = office.get(reverse("backoffice:customers"), {"q": "brno"}).content.decode()
    waiting = office.get(reverse("backoffice:customers"), {"status": "requested"}).content.decode()

    assert all(name in everybody for name in ("Acme GmbH", "Globex AG", "Morava Tools"))
    assert "Morava Tools" in brno
    assert "Acme GmbH" not in brno
    assert "Morava Tools" in waiting
    assert "Acme GmbH" not in waiting
    assert problems(everybody) == []


def test_the_list_as_a_file_has_the_same_rows(office: Client, newcomer: CustomerAccount) -> None:
    answer = office.get(reverse("backoffice:customers_csv"), {"status": "active"})

    rows = b"".join(answer).decode("utf-8-sig").splitlines()
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [row.split(",")[1].strip('"') for row in rows[1:]] == ["Acme GmbH", "Globex AG"]


def test_a_customer_is_accepted_with_term_prices_and_representative(
    office: Client, newcomer: CustomerAccount, n30: PaymentTerm, acme_list: PriceList, sal: Membership
) -> None:
    address = reverse("backoffice:customer_accept", args=[newcomer.pk])
    answer = office.post(
        address,
        {
            "payment_term": n30.pk,
            "price_lists": [acme_list.pk, ""],
            "sales_rep": sal.pk,
            "note": "Met at the fair",
        },
    )

    newcomer.refresh_from_db()
    assert answer.headers["Location"] == reverse("backoffice:customer", args=[newcomer.pk])
    assert (newcomer.status, newcomer.payment_term, newcomer.sales_rep, newcomer.note) == (
        "active", n30, sal, "Met at the fair",
    )  # fmt: skip
    assert assigned_lists(newcomer.pk) == [acme_list]
    assert newcomer.buyer.status == "active"


def test_a_price_list_that_is_given_twice_is_said_at_its_field(
    office: Client, newcomer: CustomerAccount, n30: PaymentTerm, acme_list: PriceList
) -> None:
    address = reverse("backoffice:customer_accept", args=[newcomer.pk])
    with unchanged():
        answer = office.post(address, {"payment_term": n30.pk, "price_lists": [acme_list.pk, acme_list.pk]})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "A price list can be given once only." in html
    assert problems(html) == []


def test_declining_needs_a_reason_and_keeps_the_form_open(office: Client, newcomer: CustomerAccount) -> None:
    address = reverse("backoffice:customer_decline", args=[newcomer.pk])
    with unchanged():
        silent = office.post(address, {"reason": " "})
    told = office.post(address, {"reason": "We deliver within Germany only."})

    assert silent.status_code == 422
    assert 'id="f-reason-error"' in silent.content.decode()
    assert told.status_code == 303
    newcomer.refresh_from_db()
    assert (newcomer.status, newcomer.decision_note) == ("declined", "We deliver within Germany only.")


def test_a_customer_is_blocked_and_unblocked(office: Client, acme_account: CustomerAccount) -> None:
    office.post(reverse("backoffice:customer_block", args=[acme_account.pk]), {"reason": "Unpaid"})
    acme_account.refresh_from_db()
    blocked = acme_account.status
    page = office.get(reverse("backoffice:customer", args=[acme_account.pk])).content.decode()
    office.post(reverse("backoffice:customer_unblock", args=[acme_account.pk]))
    acme_account.refresh_from_db()

    assert (blocked, acme_account.status) == ("blocked", "active")
    assert "Unpaid" in page
    assert problems(page) == []


def test_price_lists_are_changed_in_their_order(
    office: Client,
    globex_account: CustomerAccount,
    globex: Company,
    acme_list: PriceList,
    public_list: PriceList,
) -> None:
    office.post(
        reverse("backoffice:customer_prices", args=[globex_account.pk]), {"price_lists": ["", acme_list.pk]}
    )

    assert lists_of(chain_for(globex.pk)) == [acme_list.pk, public_list.pk]


def test_a_representative_works_for_a_customer_and_leaves_again(
    office: Client, acme_account: CustomerAccount, acme: Company
) -> None:
    began = office.post(reverse("backoffice:act_for", args=[acme_account.pk]), {"channel": "fair"})
    during = Session.objects.get(session_key=office.session.session_key)
    page = office.get(reverse("backoffice:customer", args=[acme_account.pk]))
    ended = office.post(reverse("backoffice:act_for_end"))
    after = Session.objects.get(session_key=office.session.session_key)

    assert began.headers["Location"] == reverse("storefront:home")
    assert (during.acting_for_id, during.acting_channel) == (acme.pk, "fair")
    assert page.status_code == 200
    assert ended.headers["Location"] == reverse("backoffice:customer", args=[acme_account.pk])
    assert (after.acting_for_id, after.acting_channel) == (None, "")


def test_who_works_for_a_customer_that_is_blocked_is_told_and_what_was_asked_is_not_done(
    office: Client, acme_account: CustomerAccount
) -> None:
    office.post(reverse("backoffice:act_for", args=[acme_account.pk]), {"channel": "phone"})
    CustomerAccount.objects.filter(pk=acme_account.pk).update(status="blocked")

    carts = Cart.objects.count()
    answer = office.post(reverse("storefront:cart_new"))
    page = office.get(answer.headers["Location"]).content.decode()

    assert answer.headers["Location"] == reverse("backoffice:home")
    assert Cart.objects.count() == carts
    assert f"You do not work for {acme_account.buyer} any more." in page
    assert Session.objects.get(session_key=office.session.session_key).acting_for_id is None
    assert office.get(reverse("backoffice:home")).status_code == 200


def test_nobody_works_for_a_customer_that_is_not_active(office: Client, newcomer: CustomerAccount) -> None:
    answer = office.post(reverse("backoffice:act_for", args=[newcomer.pk]), {"channel": "phone"})

    assert answer.status_code == 422
    assert Session.objects.get(session_key=office.session.session_key).acting_for_id is None


@pytest.mark.parametrize(
    "name", ["customer", "customer_accept", "customer_block", "act_for", "customer_prices"]
)
def test_customers_of_another_seller_do_not_exist(
    client: Client, lev: Membership, acme_account: CustomerAccount, name: str
) -> None:
    client.force_login(lev.user)
    address = reverse(f"backoffice:{name}", args=[acme_account.pk])

    answer = client.get(address) if name == "customer" else client.post(address)

    assert answer.status_code == 404


@pytest.mark.parametrize("who", ["ana", "wim", "cat"])
def test_others_do_not_get_in(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    client.force_login(request.getfixturevalue(who).user)

    assert client.get(reverse("backoffice:customers")).status_code == 403


def test_the_page_of_a_customer_costs_the_same_however_much_it_ordered(
    office: Client, acme_account: CustomerAccount, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(20):
        office.get(reverse("backoffice:customer", args=[acme_account.pk]))


def test_payment_term_and_representative_are_changed_after_acceptance(
    office: Client, acme_account: CustomerAccount, hansa: Company, sal: Membership
) -> None:
    term = PaymentTerm.objects.create(seller=hansa, code="N60", name="60 days net", net_days=60)
    address = reverse("backoffice:customer_terms", args=[acme_account.pk])
    answer = office.post(address, {"payment_term": term.pk, "sales_rep": sal.pk, "note": "Call first"})

    assert answer.headers["Location"] == reverse("backoffice:customer", args=[acme_account.pk])
    acme_account.refresh_from_db()
    assert (acme_account.payment_term, acme_account.sales_rep, acme_account.note) == (term, sal, "Call first")
    html = office.get(reverse("backoffice:customer", args=[acme_account.pk])).content.decode()
    assert problems(html) == []
    assert "Changed the terms of the customer account" in html
    assert f'<option value="{term.pk}" selected>60 days net</option>' in html


def test_terms_without_a_payment_term_keep_the_form_open(
    office: Client, acme_account: CustomerAccount
) -> None:
    address = reverse("backoffice:customer_terms", args=[acme_account.pk])
    with unchanged():
        answer = office.post(address, {"payment_term": "", "sales_rep": "", "note": "Call first"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose one of your payment terms." in html
    assert "Call first</textarea>" in html
    assert problems(html) == []
