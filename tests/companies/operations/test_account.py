"""A buyer becomes a seller's customer."""

import pytest

from kontor.audit.models import Entry
from kontor.companies.models import Company, CustomerAccount, PaymentTerm
from kontor.companies.operations import (
    accept_customer,
    block_customer,
    change_customer_terms,
    decline_customer,
    request_account,
    unblock_customer,
)
from kontor.kernel.actors import system_actor
from kontor.kernel.models import OutboxEvent
from tests.cast import actor
from tests.orders.trade import placed
from tests.traces import refused, unchanged


@pytest.fixture
def initech(cast) -> Company:
    return Company.objects.create(legal_name="Initech GmbH", slug="initech", country="DE")


@pytest.fixture
def asked(initech, hansa) -> CustomerAccount:
    """Initech asks Hansa for an account."""
    return CustomerAccount.objects.create(seller=hansa, buyer=initech)


def event_names() -> list[str]:
    return list(OutboxEvent.objects.order_by("id").values_list("name", flat=True))


@pytest.mark.covers("R0.12")
def test_sal_accepts_a_customer_with_term_and_representative(asked, initech, sal, n30):
    account = accept_customer(
        actor=actor(sal), account=asked, payment_term=n30, sales_rep=sal, note=" Pays well "
    )

    initech.refresh_from_db()
    assert initech.status == "active"
    assert (account.status, account.payment_term_id, account.sales_rep_id) == ("active", n30.pk, sal.pk)
    assert (account.customer_number, account.note, account.decided_by) == (
        "C-10001",
        "Pays well",
        "Sal Petersen",
    )
    assert event_names() == ["companies.CompanyChanged", "companies.AccountAccepted"]
    entry = Entry.objects.get()
    assert (entry.verb, entry.about_type, entry.about_id, entry.shared) == (
        "companies.customer_accepted",
        "account",
        account.pk,
        True,
    )


def test_the_second_who_accepts_is_told(asked, sal, store_admin, n30):
    stale = CustomerAccount.objects.select_related("buyer").get(pk=asked.pk)
    accept_customer(actor=actor(sal), account=asked, payment_term=n30)
    with refused("already_decided"):
        accept_customer(actor=actor(store_admin), account=stale, payment_term=n30)
    with refused("already_decided"):
        decline_customer(actor=actor(store_admin), account=stale, reason="Too late")


@pytest.mark.parametrize("who", ["ana", "dora", "gil", "wim", "fin", "lev", "olga"])
def test_nobody_else_decides_about_hansas_customers(asked, cast, n30, who):
    somebody = actor(cast.people[who])
    code = "not_yours" if who == "lev" else "not_allowed"
    with refused(code):
        accept_customer(actor=somebody, account=asked, payment_term=n30)
    with refused(code):
        decline_customer(actor=somebody, account=asked, reason="No")
    with refused(code):
        block_customer(actor=somebody, account=cast.accounts["acme"], reason="No")
    with refused(code):
        unblock_customer(actor=somebody, account=cast.accounts["acme"])


def test_while_working_for_a_customer_one_does_not_decide_for_it(asked, acme, levante, lev, n30):
    acting = actor(lev).behalf_of(asked.seller_id, "Hansa")
    with refused("not_yours"):
        accept_customer(actor=acting, account=asked, payment_term=n30)


def test_another_sellers_term_or_person_is_refused_at_the_field(asked, sal, lev, levante):
    theirs = PaymentTerm.objects.create(seller=levante, code="N60", name="60 days", net_days=60)
    with refused("invalid_entries", "payment_term", "sales_rep"):
        accept_customer(actor=actor(sal), account=asked, payment_term=theirs, sales_rep=lev)


def test_a_company_that_the_operator_blocked_is_not_accepted(asked, initech, sal, n30):
    Company.objects.filter(pk=initech.pk).update(status="blocked")
    asked.refresh_from_db()
    with refused("company_blocked"):
        accept_customer(actor=actor(sal), account=asked, payment_term=n30)


def test_declined_with_a_reason_asked_again_and_accepted(asked, initech, sal, dora, n30):
    with refused("invalid_entries", "reason"):
        decline_customer(actor=actor(sal), account=asked, reason="  ")
    account = decline_customer(actor=actor(sal), account=asked, reason="Registration papers are missing.")
    assert (account.status, account.decision_note) == ("declined", "Registration papers are missing.")
    initech.refresh_from_db()
    assert initech.status == "registered"

    again = request_account(
        actor=system_actor("test").behalf_of(initech.pk, "Initech"), seller=account.seller
    )
    assert (again.pk, again.status, again.decision_note, again.decided_at) == (
        account.pk,
        "requested",
        "",
        None,
    )
    accept_customer(actor=actor(sal), account=again, payment_term=n30)
    assert event_names() == [
        "companies.AccountDeclined",
        "companies.AccountRequested",
        "companies.CompanyChanged",
        "companies.AccountAccepted",
    ]


def test_a_blocked_customer_comes_back_with_the_same_number(acme_account, sal):
    blocked = block_customer(actor=actor(sal), account=acme_account, reason="Three reminders")
    assert (blocked.status, blocked.decision_note) == ("blocked", "Three reminders")
    with refused("already_decided"):
        block_customer(actor=actor(sal), account=acme_account, reason="Again")
    back = unblock_customer(actor=actor(sal), account=acme_account)
    assert (back.status, back.customer_number) == ("active", "10001")
    with refused("already_decided"):
        unblock_customer(actor=actor(sal), account=acme_account)
    assert event_names() == ["companies.AccountBlocked", "companies.AccountUnblocked"]


def test_dora_asks_another_seller(dora, acme, levante):
    account = request_account(actor=actor(dora), seller=levante)
    assert (account.buyer_id, account.seller_id, account.status) == (acme.pk, levante.pk, "requested")
    with refused("already_requested"):
        request_account(actor=actor(dora), seller=levante)


def test_who_may_not_ask(dora, ana, store_admin, sal, hansa, globex, levante, acme_account):
    with refused("not_allowed"):
        request_account(actor=actor(ana), seller=levante)
    with refused("already_customer"):
        request_account(actor=actor(dora), seller=hansa)
    with refused("not_a_seller"):
        request_account(actor=actor(dora), seller=globex)
    with refused("own_company"):
        request_account(actor=actor(store_admin), seller=hansa)
    with refused("not_for_customers"):
        request_account(actor=actor(store_admin).behalf_of(globex.pk, "Globex"), seller=levante)
    block_customer(actor=actor(sal), account=acme_account, reason="Unpaid")
    with refused("account_blocked"):
        request_account(actor=actor(dora), seller=hansa)


@pytest.fixture
def n60(hansa) -> PaymentTerm:
    return PaymentTerm.objects.create(seller=hansa, code="N60", name="60 days net", net_days=60)


def test_sal_gives_a_customer_other_terms_and_the_customer_reads_of_them(acme_account, sal, store_admin, n60):
    account = change_customer_terms(
        actor=actor(sal), account=acme_account, payment_term=n60, sales_rep=store_admin, note=" Call first "
    )

    account.refresh_from_db()
    assert (account.payment_term, account.sales_rep, account.note) == (n60, store_admin, "Call first")
    assert (account.status, account.customer_number) == ("active", acme_account.customer_number)
    assert event_names() == ["companies.AccountTermsChanged"]
    terms, note = Entry.objects.order_by("id")
    assert (terms.verb, terms.shared) == ("companies.customer_terms_changed", True)
    assert terms.changes["payment_term"] == ["30 days net", "60 days net"]
    assert terms.changes["sales_rep"][1] == store_admin.user.name
    assert (note.verb, note.shared) == ("companies.customer_note_changed", False)
    assert note.changes == {"note": [acme_account.note, "Call first"]}


def test_what_is_as_it_was_leaves_no_trace(acme_account, sal):
    same = {name: getattr(acme_account, name) for name in ("payment_term", "sales_rep", "note")}
    with unchanged():
        change_customer_terms(actor=actor(sal), account=acme_account, **same)


def test_new_terms_count_for_new_orders_only(acme_account, ana, sal, bolt, n60):
    before = placed(ana, (bolt, 100))
    change_customer_terms(actor=actor(sal), account=acme_account, payment_term=n60, sales_rep=None, note="")
    after = placed(ana, (bolt, 100))

    before.refresh_from_db()
    assert (before.net_days, after.net_days, after.payment_term) == (30, 60, n60)


def test_terms_of_others_and_who_is_no_colleague_are_refused_at_their_fields(
    acme_account, sal, lev, levante, n30
):
    foreign = PaymentTerm.objects.create(seller=levante, code="N60", name="60 days net", net_days=60)
    with refused("invalid_entries", "payment_term", "sales_rep", "note"):
        change_customer_terms(
            actor=actor(sal), account=acme_account, payment_term=foreign, sales_rep=lev, note="x" * 2001
        )


def test_a_colleague_who_has_left_stays_named_until_another_is_chosen(acme_account, sal, store_admin, n60):
    CustomerAccount.objects.filter(pk=acme_account.pk).update(sales_rep=sal)
    type(sal).objects.filter(pk=sal.pk).update(is_active=False)
    acme_account.refresh_from_db()
    account = change_customer_terms(
        actor=actor(store_admin),
        account=acme_account,
        payment_term=n60,
        sales_rep=acme_account.sales_rep,
        note="",
    )

    assert (account.payment_term, account.sales_rep_id) == (n60, sal.pk)


def test_only_the_seller_changes_terms_and_only_of_a_customer(acme_account, asked, ana, lev, wim, sal, n30):
    for member, code in ((ana, "not_allowed"), (wim, "not_allowed"), (lev, "not_yours")):
        with refused(code):
            change_customer_terms(
                actor=actor(member), account=acme_account, payment_term=n30, sales_rep=None, note=""
            )
    with refused("not_a_customer"):
        change_customer_terms(actor=actor(sal), account=asked, payment_term=n30, sales_rep=None, note="")
