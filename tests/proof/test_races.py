"""Many people at the same moment, over HTTP against web processes as they run in production, on the real PostgreSQL.

KONTOR_TEST_ROUNDS sets how often fifty buyers run for the last unit: 5 without it, 100 before a release.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from pytest_django import DjangoDbBlocker

from kontor.approvals.models import ApprovalRequest
from kontor.audit.models import Entry
from kontor.carts.models import Cart, CartLine
from kontor.companies.models import Address, Membership, User
from kontor.inventory.models import StockItem
from kontor.kernel.invariants import check_all
from kontor.orders.models import Order
from kontor.quotes.models import Offer
from kontor.quotes.operations import request_quote, start_offer
from kontor.search.operations import rebuild_all
from tests.assembly import Cast, assemble
from tests.proof.market import Buyer, buyer, carts_with, fifty_buyers, leave_in_stock, together
from tests.proof.product import (
    Browser,
    answers,
    database_of_its_own,
    environment,
    free_port,
    make_tables,
    web_process,
)

pytestmark = pytest.mark.database
ROUNDS = int(os.environ.get("KONTOR_TEST_ROUNDS", "5"))


@dataclass
class Market:
    """The running product with the cast and fifty more buyers in its database."""

    cast: Cast
    port: int
    buyers: list[Buyer]

    def ways_in(self, member: Membership, number: int) -> list[Buyer]:
        """So many windows of one person: by form and through the API in turn."""
        return [buyer(member, self.port, by_form=n % 2 == 0) for n in range(number)]


@pytest.fixture(scope="module")
def market(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Market]:
    home, port = tmp_path_factory.mktemp("races"), free_port()
    with django_db_blocker.unblock(), database_of_its_own("races") as address:
        several = {"KONTOR_WEB_WORKERS": "2", "KONTOR_WEB_THREADS": "16", "KONTOR_DATABASE_POOL": "16"}
        variables = environment(home, port, KONTOR_DATABASE_URL=address, **several)
        web = web_process(variables, home / "web.log")
        make_tables(variables)
        cast = assemble()
        rebuild_all()
        web.start()
        try:
            answers(port)
            yield Market(cast, port, fifty_buyers(cast, port))
        finally:
            web.stop()


@pytest.fixture(autouse=True)
def holds(market: Market) -> Iterator[None]:
    """After each race everything that must be true is true."""
    yield
    assert [(one.name, one.examples) for one in check_all() if one.bad] == []


@pytest.mark.covers("R0.18")
def test_fifty_buyers_run_for_the_last_unit_and_one_gets_it(market: Market, capsys) -> None:
    drill = market.cast.products["drill"]
    carts = carts_with(drill, [one.member for one in market.buyers])
    winners: Counter[bool] = Counter()
    for _round in range(ROUNDS):
        leave_in_stock(drill, 1)
        before = Order.objects.count()
        statuses = together(
            [
                lambda one=one, cart=cart: one.orders(cart)
                for one, cart in zip(market.buyers, carts, strict=True)
            ]
        )

        won = [n for n, status in enumerate(statuses) if status in (201, 303)]
        assert len(won) == 1, Counter(statuses)
        assert Counter(statuses)[422] == len(market.buyers) - 1, Counter(statuses)
        assert Order.objects.count() == before + 1
        item = StockItem.objects.get(product=drill)
        assert item.on_hand == item.reserved
        winners[market.buyers[won[0]].by_form] += 1
        carts[won[0]] = carts_with(drill, [market.buyers[won[0]].member])[0]
    with capsys.disabled():
        print(
            f"\nlast unit: {ROUNDS} rounds x {len(market.buyers)} buyers = {ROUNDS * len(market.buyers)} orders tried,"
            f" oversold 0, unsold 0; won by form {winners[True]}, by API {winners[False]}"
            + ("" if ROUNDS >= 100 else " (KONTOR_TEST_ROUNDS=100 for the full figure)")
        )


@pytest.mark.covers("R0.43")
def test_a_cart_that_is_submitted_fifty_times_at_once_is_one_order(market: Market, capsys) -> None:
    bolt, gil = market.cast.products["bolt"], market.cast.people["gil"]
    [cart] = carts_with(bolt, [gil], 100)
    windows = market.ways_in(gil, 50)

    statuses = together([lambda one=one: one.orders(cart) for one in windows])

    assert sum(status in (201, 303) for status in statuses) == 1, Counter(statuses)
    assert set(statuses) <= {201, 303, 409, 422}
    assert Order.objects.filter(cart=cart).count() == 1
    assert Cart.objects.get(pk=cart.pk).status == Cart.Status.ORDERED
    with capsys.disabled():
        print(f"\none cart, 50 times (25 by form, 25 by API): orders 1, answers {dict(Counter(statuses))}")


def test_a_form_that_is_sent_twenty_times_is_one_order_and_each_is_shown_it(market: Market) -> None:
    bolt, gil = market.cast.products["bolt"], market.cast.people["gil"]
    [cart] = carts_with(bolt, [gil], 100)
    window = market.ways_in(gil, 1)[0].browser
    again = [Browser(market.port, session=window.session, token=window.token) for _ in range(20)]
    form = {"pay_by": "terms", "once": "the-form-that-was-shown-once"}

    given = together([lambda one=one: one.form(f"/carts/{cart.pk}/checkout/", form) for one in again])

    order = Order.objects.get(cart=cart)
    assert {(one.status, one.headers.get("location")) for one in given} == {(303, f"/orders/{order.pk}/")}


@pytest.mark.covers("R0.43")
def test_a_key_that_is_used_twenty_times_at_once_has_one_effect(market: Market, capsys) -> None:
    dora = market.cast.people["dora"]
    first = buyer(dora, market.port, by_form=False).browser
    again = [Browser(market.port, key=first.key) for _ in range(20)]
    address = {"label": "Hall 9", "recipient": "Acme GmbH", "street": "Kai 1", "postal_code": "20457",
               "city": "Hamburg", "country": "DE"}  # fmt: skip

    given = together(
        [lambda one=one: one.api("POST", "company/addresses", address, once="once-only") for one in again]
    )
    later = first.api("POST", "company/addresses", address, once="once-only")

    told = Counter(one.status for one in given)
    assert set(told) <= {201, 409}
    assert {one.code for one in given if one.status == 409} <= {"still_running"}
    assert Address.objects.filter(company=dora.company, label="Hall 9").count() == 1
    assert later.status == 201
    assert later.headers["idempotency-replayed"] == "true"
    assert {one.body for one in given if one.status == 201} == {later.body}
    other = first.api("POST", "company/addresses", address | {"label": "Hall 10"}, once="once-only")
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    with capsys.disabled():
        print(f"\none key, 20 times at once: effects 1, answers {dict(told)}")


def test_of_two_edits_of_one_offer_one_wins_and_the_other_is_told(market: Market) -> None:
    ana, sal, admin = (market.cast.people[one] for one in ("ana", "sal", "store_admin"))
    for _round in range(ROUNDS):
        [cart] = carts_with(market.cast.products["bolt"], [ana], 500)
        asked = request_quote(actor=ana.as_actor("page"), cart=cart, targets={}, note="")
        draft = start_offer(actor=sal.as_actor("page"), request=asked)
        editors = [buyer(one, market.port, by_form=False).browser for one in (sal, admin)]
        prices = ("9.10", "9.20")

        given = together(
            [
                lambda one=one, price=price, draft=f"quotes/{asked.pk}/offer": one.api(
                    "PUT", draft, {"lines": {"1": {"unit_price": price}}}, If_Match='"1"'
                )
                for one, price in zip(editors, prices, strict=True)
            ]
        )

        assert sorted(one.status for one in given)[0] == 200
        assert sorted(one.status for one in given)[1] in (409, 412)
        won = next(price for price, one in zip(prices, given, strict=True) if one.status == 200)
        kept = Offer.objects.get(pk=draft.pk)
        assert kept.revision == draft.revision + 1
        assert str(kept.lines.get().unit_price).startswith(won)


def test_of_two_approvers_the_first_decides_and_the_other_is_told(market: Market) -> None:
    ana, ben = market.cast.people["ana"], market.cast.people["ben"]
    user = User.objects.create(email="bea@acme.example", name="Bea Roth", password="!")
    bea = Membership.objects.create(company=ben.company, user=user, roles=["approver"])
    by_form, by_api = buyer(ben, market.port, by_form=True), buyer(bea, market.port, by_form=False)
    ordering = market.ways_in(ana, 2)[1]
    for _round in range(ROUNDS):
        leave_in_stock(market.cast.products["drill"], 8)
        [cart] = carts_with(market.cast.products["drill"], [ana], 8)
        assert ordering.orders(cart) == 201
        order = Order.objects.get(cart=cart)
        waits = ApprovalRequest.objects.get(subject_type="order", subject_id=order.pk)
        no = {"approved": False, "note": "too dear"}

        given = together(
            [
                partial(by_form.browser.form, f"/approvals/{waits.pk}/", {"decision": "approve"}),
                partial(by_api.browser.api, "POST", f"approvals/{waits.pk}/decide", no),
            ]
        )

        order.refresh_from_db()
        waits.refresh_from_db()
        approved, sent_back = given[0].status == 303, given[1].status == 200
        assert approved != sent_back, [one.status for one in given]
        assert given[1 if approved else 0].status in (409, 422)
        assert order.status == (Order.Status.PLACED if approved else Order.Status.SENT_BACK)
        assert waits.status == ("approved" if approved else "sent_back")
        decided = Entry.objects.filter(
            about_type="order", about_id=order.pk, verb__in=("orders.approved", "orders.sent_back")
        )
        assert decided.count() == 1


def test_twenty_colleagues_add_to_one_cart_and_every_piece_counts(market: Market) -> None:
    bolt, gil = market.cast.products["bolt"], market.cast.people["gil"]
    [cart] = carts_with(bolt, [gil], 1)
    windows = market.ways_in(gil, 20)
    body = {"product_id": bolt.pk, "quantity": "5", "unit": "C62"}

    def add(one: Buyer) -> int:
        if one.by_form:
            return one.browser.form(f"/carts/{cart.pk}/paste/", {"lines": "BOLT-M8 5"}).status
        return one.browser.api("POST", f"carts/{cart.pk}/lines", body).status

    statuses = together([lambda one=one: add(one) for one in windows])

    assert set(statuses) <= {200, 201}, Counter(statuses)
    assert CartLine.objects.get(cart=cart).quantity == 101
