"""A cart becomes a binding order: prices copied in, stock held, an approver asked where a limit says so."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kontor.approvals.models import ApprovalRequest
from kontor.audit.models import Entry
from kontor.carts.models import Cart
from kontor.companies.models import Address, Company, CustomerAccount
from kontor.kernel import clock
from kontor.kernel.models import OutboxEvent
from kontor.kernel.refusal import NotAllowed
from kontor.orders.intake import OrderDetails
from kontor.orders.models import Order
from kontor.orders.operations import place_order
from kontor.pricing.models import Price
from tests.at_once import at_once, codes
from tests.orders.trade import broken, cart_of, placed, stock_of
from tests.taxes.proofs import proven
from tests.traces import refused

NOTHING_SAID = OrderDetails()


@pytest.mark.covers("R0.42", "R4.3")
def test_prices_of_the_moment_are_copied_in_and_stock_is_held(ana, bolt, drill):
    order = placed(ana, (bolt, 250), (drill, 2), po_number=" 4711 ", note="Ring the bell")

    assert (order.net_total, order.tax_total, order.gross_total) == (
        Decimal("209.25"), Decimal("39.76"), Decimal("249.01"),
    )  # fmt: skip
    first, second = order.lines.order_by("position")
    assert (first.sku, first.base_quantity, first.unit_price, first.price_base, first.net) == (
        "BOLT-M8", 250, Decimal("12.500000"), 100, Decimal("31.25"),
    )  # fmt: skip
    assert (second.sku, second.unit_price, second.net, second.tax_rate) == ("DRILL-18V", 89, 178, 19)
    assert (order.status, order.po_number, order.note) == ("placed", "4711", "Ring the bell")
    assert (order.net_days, order.tax_treatment, order.currency) == (30, "domestic", "EUR")
    assert (order.placed_by_id, order.placed_by_name, order.order_limit) == (ana.pk, "Ana Brandt", 500)
    assert order.delivery_address["city"] == order.billing_address["city"] == "Berlin"
    assert stock_of(bolt) == (5000, 250)
    assert stock_of(drill) == (12, 2)
    assert Cart.objects.get(pk=order.cart_id).status == "ordered"
    assert broken() == []


def test_the_returned_row_is_the_row_in_the_database(ana, bolt):
    order = placed(ana, (bolt, 100))
    stored = Order.objects.get(pk=order.pk)

    names = [field.attname for field in Order._meta.concrete_fields]
    assert {name: getattr(order, name) for name in names} == {name: getattr(stored, name) for name in names}


def test_it_tells_the_trail_and_the_outbox(ana, bolt):
    order = placed(ana, (bolt, 100))

    entry = Entry.objects.get(verb="orders.placed")
    assert (entry.about_type, entry.about_id, entry.actor_name, entry.shared) == (
        "order", order.pk, "Ana Brandt", True,
    )  # fmt: skip
    event = OutboxEvent.objects.get(name="orders.OrderPlaced")
    assert (event.key, event.payload) == (f"order:{order.pk}", {"order_id": order.pk})


def test_a_box_of_a_hundred_counts_a_hundred_pieces_and_gets_their_break(ana, bolt):
    order = placed(ana, (bolt, 10, "XBX"))

    line = order.lines.get()
    assert (line.quantity, line.unit, line.factor, line.base_quantity) == (10, "XBX", 100, 1000)
    assert (line.unit_price, line.net) == (11, 110)
    assert stock_of(bolt) == (5000, 1000)


def test_services_need_no_stock(ana, assembly):
    order = placed(ana, (assembly, 2))

    assert order.net_total == 130
    assert broken() == []


@pytest.mark.covers("R2.9")
def test_above_the_limit_the_order_waits_and_the_seller_does_not_see_it(ana, sal, drill):
    order = placed(ana, (drill, 6))

    assert (order.net_total, order.status, order.released_at) == (534, "awaiting_approval", None)
    request = ApprovalRequest.objects.get()
    assert (request.subject_type, request.subject_id, request.amount) == ("order", order.pk, 534)
    assert list(OutboxEvent.objects.filter(name__startswith="orders.").values_list("name", flat=True)) == [
        "orders.OrderAwaitsApproval"
    ]
    assert Order.objects.visible_to(sal.as_actor("page")).count() == 0
    assert Order.objects.visible_to(ana.as_actor("page")).count() == 1
    assert stock_of(drill) == (12, 6)
    assert broken() == []


def test_the_limit_itself_may_be_spent(ana, bolt):
    # 4000 bolts at 11.00 per 100 are 440.00; 500 more at the same price 495.00
    assert placed(ana, (bolt, 4500)).status == "placed"


def test_a_limit_in_another_currency_says_nothing_so_somebody_looks(ana, acme, bolt):
    Company.objects.filter(pk=acme.pk).update(currency="USD")

    assert placed(ana, (bolt, 100)).status == "awaiting_approval"


def test_more_than_there_is_is_refused_at_the_line(ana, bolt, drill):
    cart = cart_of(ana.company, (bolt, 100), (drill, 13))
    with refused("not_enough_stock", "lines/1/quantity"):
        place_order(actor=ana.as_actor("page"), cart=cart, details=NOTHING_SAID)


def test_an_empty_cart_is_refused(ana, hansa):
    cart = Cart.objects.create(buyer=ana.company, seller=hansa)
    with refused("cart_empty"):
        place_order(actor=ana.as_actor("page"), cart=cart, details=NOTHING_SAID)


@pytest.mark.parametrize("amount", [None, "0"])
def test_what_has_no_price_cannot_be_ordered(ana, bolt, drill, amount):
    prices = Price.objects.filter(product=drill)
    prices.delete() if amount is None else prices.update(amount=amount)
    cart = cart_of(ana.company, (bolt, 100), (drill, 1))
    with refused("lines_not_orderable", "lines/1/quantity"):
        place_order(actor=ana.as_actor("page"), cart=cart, details=NOTHING_SAID)


def test_minimum_and_steps_are_asked_for_again(ana, bolt):
    bolt.sales_units.filter(unit="C62").update(minimum=50, multiple=25)
    for quantity in (25, 60):
        cart = cart_of(ana.company, (bolt, quantity))
        with refused("lines_not_orderable", "lines/0/quantity"):
            place_order(actor=ana.as_actor("page"), cart=cart, details=NOTHING_SAID)
        cart.delete()


def test_a_discontinued_article_is_refused(ana, bolt):
    bolt.status = "discontinued"
    bolt.save()
    cart = cart_of(ana.company, (bolt, 100))
    with refused("lines_not_orderable", "lines/0/quantity"):
        place_order(actor=ana.as_actor("page"), cart=cart, details=NOTHING_SAID)


@pytest.mark.parametrize(
    ("who", "code"),
    [("cy", "not_allowed"), ("gil", "cart_closed"), ("lev", "not_allowed"), ("sal", "not_allowed")],
)
def test_nobody_else_can_order_from_this_cart(cast, acme, bolt, who, code):
    cart = cart_of(acme, (bolt, 100))
    with refused(code):
        place_order(actor=cast.people[who].as_actor("page"), cart=cart, details=NOTHING_SAID)


@pytest.mark.covers("R4.6")
def test_a_sales_rep_orders_for_the_customer_without_its_limits(sal, acme, drill):
    actor = sal.as_actor("page").behalf_of(acme.pk, str(acme))
    order = place_order(actor=actor, cart=cart_of(acme, (drill, 6)), details=OrderDetails(channel="phone"))

    assert (order.status, order.channel, order.buyer_id) == ("placed", "phone", acme.pk)
    assert (order.sales_rep_id, order.sales_rep_name, order.placed_by_name) == (
        sal.pk, "Sal Petersen", "Sal Petersen",
    )  # fmt: skip
    assert Entry.objects.get(verb="orders.placed").acting_for_id == acme.pk


def test_a_rival_sellers_rep_cannot_order_for_the_customer(lev, acme, bolt):
    actor = lev.as_actor("page").behalf_of(acme.pk, str(acme))
    cart = cart_of(acme, (bolt, 100))
    with refused("cart_closed"):
        place_order(actor=actor, cart=cart, details=NOTHING_SAID)


@pytest.mark.parametrize(
    ("status", "code"),
    [("blocked", "account_blocked"), ("requested", "account_not_active"), ("declined", "account_not_active")],
)
def test_only_an_active_account_orders(ana, acme_account, bolt, status, code):
    CustomerAccount.objects.filter(pk=acme_account.pk).update(status=status)
    cart = cart_of(ana.company, (bolt, 100))
    with refused(code):
        place_order(actor=ana.as_actor("page"), cart=cart, details=NOTHING_SAID)


def test_another_companys_address_is_not_delivered_to(ana, globex, bolt):
    address = Address.objects.get(company=globex)
    cart = cart_of(ana.company, (bolt, 100))
    with refused("address_missing", "delivery_address_id"):
        place_order(
            actor=ana.as_actor("page"), cart=cart, details=OrderDetails(delivery_address_id=address.pk)
        )


def test_an_address_of_ones_own_is_taken(ana, cast, bolt):
    order = placed(ana, (bolt, 100), delivery_address_id=cast.addresses["acme_plant"].pk)

    assert order.delivery_address["city"] == "Hamburg"
    assert order.billing_address["city"] == "Berlin"


def test_a_typed_address_abroad_changes_the_tax(ana, bolt):
    address = {
        "recipient": "Acme SA",
        "street": "Rue 1",
        "city": "Lyon",
        "country": "FR",
        "postal_code": "69001",
    }
    Company.objects.filter(pk=ana.company_id).update(vat_id="FR40303265045", country="FR")
    unproven = placed(ana, (bolt, 100), delivery_address=address)
    proven(ana.company, bolt.seller)
    order = placed(ana, (bolt, 100), delivery_address=address)

    assert (order.tax_treatment, order.tax_total, order.gross_total) == (
        "reverse_charge",
        0,
        Decimal("12.50"),
    )
    line = order.lines.get()
    assert (line.tax_rate, line.tax_code) == (0, "K")
    assert (unproven.tax_treatment, unproven.tax_total) == ("domestic", Decimal("2.38"))


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"po_number": "x" * 41}, "po_number"),
        ({"note": "x" * 4001}, "note"),
        ({"wished_date": date(2020, 1, 1)}, "wished_date"),
        ({"pay_by": "barter"}, "pay_by"),
        ({"channel": "telepathy"}, "channel"),
        (
            {"delivery_address": {"recipient": "A", "street": "B", "city": "", "country": "DE"}},
            "delivery_address/city",
        ),
        (
            {"delivery_address": {"recipient": "A", "street": "B", "city": "C", "country": "germany"}},
            "delivery_address/country",
        ),
    ],
)
def test_details_are_checked_at_their_fields(ana, bolt, details, field):
    cart = cart_of(ana.company, (bolt, 100))
    with refused("details_wrong", field):
        place_order(actor=ana.as_actor("page"), cart=cart, details=OrderDetails(**details))


def test_the_limit_counts_for_each_order_by_itself(ana, drill):
    orders = [placed(ana, (drill, 3)) for _order in range(2)]

    # Together 534.00, above the limit of 500.00.
    assert [(one.net_total, one.status) for one in orders] == [(Decimal("267.00"), "placed")] * 2


def test_a_day_that_is_not_over_where_the_buyer_is_can_still_be_wished(ana, acme, bolt):
    Company.objects.filter(pk=acme.pk).update(timezone="America/Los_Angeles")
    with clock.at(datetime(2026, 11, 21, 7, 30, tzinfo=UTC)):  # Friday night in Los Angeles
        order = placed(ana, (bolt, 100), wished_date=date(2026, 11, 20))
        cart = cart_of(ana.company, (bolt, 100))
        with refused("details_wrong", "wished_date"):
            details = OrderDetails(wished_date=date(2026, 11, 19))
            place_order(actor=ana.as_actor("page"), cart=cart, details=details)

    assert order.wished_date == date(2026, 11, 20)


def test_a_company_may_want_its_own_number_on_each_order(ana, acme, bolt):
    Company.objects.filter(pk=acme.pk).update(po_number_required=True)
    cart = cart_of(acme, (bolt, 100))
    with refused("po_number_missing", "po_number"):
        place_order(actor=ana.as_actor("page"), cart=cart, details=NOTHING_SAID)


def test_who_has_to_prepay_does_not_get_terms_by_asking_for_them(ana, bolt, n30):
    n30.is_prepayment = True
    n30.save()
    assert placed(ana, (bolt, 100), pay_by="terms").pay_by == "transfer"


def test_the_same_po_number_twice_is_refused_unless_meant(ana, bolt):
    placed(ana, (bolt, 100), po_number="4711")
    cart = cart_of(ana.company, (bolt, 100))
    details = OrderDetails(po_number="4711")
    with refused("duplicate_po_number", "po_number"):
        place_order(actor=ana.as_actor("page"), cart=cart, details=details)

    meant = replace(details, accept_duplicate_po=True)
    again = place_order(actor=ana.as_actor("page"), cart=cart, details=meant)
    assert again.repeats_po is True

    third = cart_of(ana.company, (bolt, 100))
    with refused("duplicate_po_number", "po_number"):
        place_order(actor=ana.as_actor("page"), cart=third, details=details)


def test_another_company_may_use_the_same_number(ana, gil, bolt):
    placed(ana, (bolt, 100), po_number="4711")
    assert placed(gil, (bolt, 100), po_number="4711").repeats_po is False


def test_an_ordered_cart_is_not_ordered_again_and_names_the_order(ana, bolt):
    order = placed(ana, (bolt, 100))
    cart = Cart.objects.get(pk=order.cart_id)
    with refused("already_ordered") as refusal:
        place_order(actor=ana.as_actor("page"), cart=cart, details=NOTHING_SAID)
    assert order.number in refusal.value.message


def test_the_clock_says_when(ana, bolt):
    moment = clock.now() - timedelta(days=400)
    with clock.at(moment):
        order = placed(ana, (bolt, 100))
    assert order.placed_at == order.released_at == moment


def test_few_statements_make_an_order(ana, bolt, drill, assembly, django_capture_on_commit_callbacks):
    cart = cart_of(ana.company, (bolt, 100), (bolt, 1, "XBX"), (drill, 1), (assembly, 1))
    with django_capture_on_commit_callbacks(execute=True):
        placed(ana, (bolt, 100))  # from now on the number series is known
    with CaptureQueriesContext(connection) as statements:
        place_order(actor=ana.as_actor("page"), cart=cart, details=NOTHING_SAID)

    work = [one["sql"] for one in statements if "SAVEPOINT" not in one["sql"]]
    # codes, contracts, promotions, charges, grounds of prices and commitments are six of them
    assert len(work) == 18, "\n".join(work)


def test_a_system_may_order_but_a_nobody_may_not(ana, bolt):
    nobody = replace(ana.as_actor("page"), capabilities=frozenset())
    cart = cart_of(ana.company, (bolt, 100))
    with pytest.raises(NotAllowed):
        place_order(actor=nobody, cart=cart, details=NOTHING_SAID)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("R4.21")
def test_one_cart_submitted_fifty_times_at_once_is_one_order(ana, bolt):
    cart = cart_of(ana.company, (bolt, 100))
    actor = ana.as_actor("page")
    outcomes = at_once(*[lambda: place_order(actor=actor, cart=cart, details=NOTHING_SAID)] * 50)

    assert codes(outcomes) == ["already_ordered"] * 49
    assert Order.objects.count() == 1
    assert stock_of(bolt) == (5000, 100)
    assert broken() == []


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_fifty_buyers_on_the_last_unit_sell_it_once(ana, drill):
    placed(ana, (drill, 5))
    carts = [cart_of(ana.company, (drill, 7)) for _ in range(50)]
    actor = replace(ana.as_actor("page"), order_limit=None)
    outcomes = at_once(
        *[partial(place_order, actor=actor, cart=cart, details=NOTHING_SAID) for cart in carts]
    )

    assert codes(outcomes) == ["not_enough_stock"] * 49
    assert stock_of(drill) == (12, 12)
    assert broken() == []
