from decimal import Decimal

import pytest

from kontor.carts.operations import add_to_cart, open_cart
from kontor.kernel import clock
from kontor.quotes.models import Offer
from kontor.quotes.operations import mark_accepted, request_quote, start_offer
from kontor.quotes.queries import RequestFilters, request_detail, requests_for, waiting_for
from kontor.quotes.rules import Side


def numbers(member, **filters) -> list[str]:
    return [row.number for row in requests_for(member.as_actor("page"), RequestFilters(**filters)).rows]


def test_both_sides_see_the_request_and_nobody_else(ana, cy, sal, gil, lev, olga, offer):
    for member in (ana, cy, sal):
        assert numbers(member) == ["RQ-1001"]
        assert request_detail(member.as_actor("page"), "RQ-1001") is not None
    for member in (gil, lev, olga):
        assert numbers(member) == []
        assert request_detail(member.as_actor("page"), "RQ-1001") is None


def test_a_row_tells_what_was_offered_and_until_when(ana, offer, django_assert_num_queries):
    with django_assert_num_queries(1):
        (row,) = requests_for(ana.as_actor("page")).rows

    assert (row.buyer_name, row.seller_name, row.lines) == ("Acme GmbH", "Hansa Supply GmbH", 2)
    assert (row.status, row.version, row.net_total, row.valid_until) == (
        "offered",
        1,
        Decimal("459.00"),
        offer.valid_until,
    )
    assert not row.is_expired
    with clock.at(offer.valid_until.replace(year=2027)):
        assert row.is_expired


def test_filters_narrow_the_list(ana, sal, globex, request_):
    assert numbers(sal, turn=True) == ["RQ-1001"]
    assert numbers(ana, turn=True) == []
    assert numbers(sal, statuses=("offered",)) == []
    assert numbers(sal, words="acme") == ["RQ-1001"]
    assert numbers(sal, words="%") == []
    assert numbers(sal, counterpart_id=globex.pk) == []
    assert numbers(sal, side=Side.BUYER) == []


def test_a_rep_who_acts_for_a_customer_sees_only_that_customers(sal, acme, globex, request_):
    actor = sal.as_actor("page")

    assert len(requests_for(actor.behalf_of(acme.pk, "Acme")).rows) == 1
    assert requests_for(actor.behalf_of(globex.pk, "Globex")).rows == []


def test_the_cursor_walks_through_all_of_them(ana, hansa, bolt):
    actor = ana.as_actor("page")
    for _ in range(5):
        cart = open_cart(actor=actor, seller=hansa)
        add_to_cart(actor=actor, cart=cart, product_id=bolt.pk, quantity=100, unit="C62")
        request_quote(actor=actor, cart=cart, targets={})

    seen, cursor = [], None
    while True:
        page = requests_for(actor, cursor=cursor, limit=2)
        seen += [row.number for row in page.rows]
        cursor = page.after
        if cursor is None:
            break

    assert seen == ["RQ-1005", "RQ-1004", "RQ-1003", "RQ-1002", "RQ-1001"]


def test_the_seller_sees_list_price_target_and_its_draft_beside_each_other(sal, draft):
    detail = request_detail(sal.as_actor("page"), "RQ-1001")

    assert [
        (one.asked.list_price, one.asked.target_price, one.offered.unit_price, one.list_net)
        for one in detail.lines
    ] == [
        (Decimal("11.00"), Decimal("9.90"), Decimal("10.20"), Decimal("220.00")),
        (Decimal("89.00"), None, Decimal("85"), Decimal("267.00")),
    ]  # fmt: skip
    assert (detail.side, detail.is_my_turn, detail.moves) == (Side.SELLER, True, {"send", "decline"})
    assert detail.list_total == Decimal("487.00")


def test_the_buyer_sees_no_draft(ana, draft):
    detail = request_detail(ana.as_actor("page"), "RQ-1001")

    assert (detail.draft, detail.offer, detail.versions) == (None, None, [])
    assert [one.offered for one in detail.lines] == [None, None]
    assert not Offer.objects.visible_to(ana.as_actor("page")).exists()
    assert (detail.moves, detail.is_my_turn) == ({"withdraw"}, False)


def test_a_viewer_sees_the_offer_and_may_do_nothing(cy, offer):
    detail = request_detail(cy.as_actor("page"), "RQ-1001")

    assert detail.offer == offer
    assert detail.moves == frozenset()


def test_the_seller_sees_what_the_buyer_was_offered_before(ana, sal, gil, hansa, offer, bolt):
    mark_accepted(actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash)
    for member in (ana, gil):
        actor = member.as_actor("page")
        cart = open_cart(actor=actor, seller=hansa)
        add_to_cart(actor=actor, cart=cart, product_id=bolt.pk, quantity=500, unit="C62")
        request_quote(actor=actor, cart=cart, targets={})

    again, rivals = (request_detail(sal.as_actor("page"), number) for number in ("RQ-1002", "RQ-1003"))

    assert [(one.past.number, one.past.unit_price, one.past.status) for one in again.lines] == [
        ("RQ-1001", Decimal("10.20"), "accepted")
    ]
    assert [one.past for one in rivals.lines] == [None]
    assert [one.past for one in request_detail(ana.as_actor("page"), "RQ-1002").lines] == [None]


def test_what_waits_is_counted_for_the_side_whose_turn_it_is(ana, sal, gil, request_):
    assert [waiting_for(member.as_actor("page")) for member in (ana, sal, gil)] == [0, 1, 0]


def test_an_offer_waits_for_the_buyer(ana, sal, offer):
    assert [waiting_for(member.as_actor("page")) for member in (ana, sal)] == [1, 0]


@pytest.mark.parametrize("started", [False, True])
def test_a_detail_takes_five_statements_at_most(sal, offer, request_, started, django_assert_max_num_queries):
    if started:
        start_offer(actor=sal.as_actor("page"), request=request_)
    with django_assert_max_num_queries(5):
        request_detail(sal.as_actor("page"), "RQ-1001")
