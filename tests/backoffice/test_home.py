"""The first page by role: what waits at each desk."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import Product
from kontor.companies.models import Company, CustomerAccount, Membership
from kontor.fulfilment.operations import confirm_pick, pack, release_to_warehouse, ship
from kontor.kernel import clock
from kontor.orders.history import bought_before, quiet_customers, weekly_sales
from kontor.orders.models import Order
from kontor.pricing.models import PriceRound
from tests.orders.trade import confirmed, placed, shipped
from tests.web.markup import problems

HOME = "/office/"


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("sal", ["Requests to answer", "Orders by week", "Gone quiet"]),
        ("wim", ["Next pick lists", "Packed, to ship", "Sold out"]),
        ("fin", ["Shipments to invoice", "Due within 7 days"]),
        ("cat", ["Incomplete articles", "Drafts"]),
    ],
)
def test_each_role_opens_with_its_desk(
    client: Client, request: pytest.FixtureRequest, who: str, words: list[str]
) -> None:
    client.force_login(request.getfixturevalue(who).user)

    html = client.get(HOME).content.decode()

    assert all(word in html for word in words)
    assert problems(html) == []


def test_who_works_at_several_desks_has_a_tab_for_each(client: Client, store_admin: Membership) -> None:
    client.force_login(store_admin.user)

    sales = client.get(HOME).content.decode()
    finance = client.get(HOME, {"desk": "finance"}).content.decode()

    assert all(f"?desk={desk}" in sales for desk in ("sales", "warehouse", "finance", "catalog"))
    assert "Orders by week" in sales
    assert "Shipments to invoice" in finance


def test_buyers_have_no_office(client: Client, ana: Membership) -> None:
    client.force_login(ana.user)

    assert client.get(HOME).status_code == 403


def test_sales_sees_what_waits(
    client: Client, sal: Membership, ben: Membership, hansa: Company, bolt, drill
) -> None:
    waiting = placed(ben, (bolt, 100))
    late = confirmed(ben, (drill, 1))
    Order.objects.filter(pk=late.pk).update(confirmed_date=clock.today() - timedelta(days=9))
    newcomer = Company.objects.create(legal_name="Morava Tools s.r.o.", slug="morava", country="CZ")
    account = CustomerAccount.objects.create(seller=hansa, buyer=newcomer)
    client.force_login(sal.user)

    html = client.get(HOME).content.decode()

    assert reverse("backoffice:order", args=[waiting.pk]) in html
    assert reverse("backoffice:order", args=[late.pk]) in html
    assert "1 week ago" in html
    assert reverse("backoffice:customer", args=[account.pk]) in html
    assert "€101.50, 2 orders" in html


def test_the_warehouse_sees_what_to_release_and_finance_what_to_invoice(
    client: Client, wim: Membership, fin: Membership, ben: Membership, bolt
) -> None:
    order = confirmed(ben, (bolt, 100))
    shipment = shipped(ben, (bolt, 200))
    client.force_login(wim.user)
    warehouse = client.get(HOME).content.decode()
    client.force_login(fin.user)
    finance = client.get(HOME).content.decode()

    assert reverse("backoffice:order_release", args=[order.pk]) in warehouse
    assert shipment.number in finance


def test_what_a_short_pick_left_behind_waits_for_release_once_the_first_part_has_left(
    client: Client, wim: Membership, ben: Membership, bolt
) -> None:
    order = confirmed(ben, (bolt, 100))
    release = reverse("backoffice:order_release", args=[order.pk])
    client.force_login(wim.user)
    actor = wim.as_actor("page")
    (pick_list,) = release_to_warehouse(actor=actor, order=order)
    whole = client.get(HOME).content.decode()
    confirm_pick(actor=actor, pick_list=pick_list, picked={pick_list.lines.get().pk: Decimal(40)})
    parcel = pack(actor=actor, pick_list=pick_list)
    packed = client.get(HOME).content.decode()
    ship(actor=actor, shipment=parcel)
    left = client.get(HOME).content.decode()

    assert release not in whole
    assert release not in packed
    assert release in left


def test_the_catalog_desk_names_what_is_missing(client: Client, cat: Membership, hansa: Company) -> None:
    Product.objects.create(seller=hansa, sku="BARE-1", name="Bare article", slug="bare", status="active")
    Product.objects.create(seller=hansa, sku="NEW-1", name="New article", slug="new")
    client.force_login(cat.user)

    html = client.get(HOME).content.decode()

    assert "BARE-1" in html
    assert "NEW-1" in html
    assert all(f"</svg>{word}</span>" in html for word in ("price", "picture", "description"))


def test_a_model_lacks_no_price(client: Client, cat: Membership, hansa: Company) -> None:
    Product.objects.create(
        seller=hansa,
        sku="MODEL-1",
        name="Model",
        slug="model",
        status="active",
        kind="model",
        description="By size",
    )
    client.force_login(cat.user)

    row = client.get(HOME).content.decode().partition("MODEL-1")[2].partition("</tr>")[0]

    assert "picture" in row
    assert "price" not in row
    listed = client.get(reverse("backoffice:products"), {"missing": "price"}).content.decode()
    assert "MODEL-1" not in listed


def test_weeks_without_orders_stand_in_the_chart_too(hansa: Company, ben: Membership, bolt) -> None:
    order = placed(ben, (bolt, 1000))
    Order.objects.filter(pk=order.pk).update(placed_at=clock.now() - timedelta(weeks=2))

    weeks = weekly_sales(hansa.pk, today=clock.today(), zone="Europe/Berlin")

    assert len(weeks) == 12
    assert [week.net for week in weeks].count(Decimal(0)) == 11
    assert sum(week.net for week in weeks) == Decimal("110.00")
    assert all(week.monday.weekday() == 0 for week in weeks)


def test_a_customer_is_quiet_after_twice_its_rhythm(
    hansa: Company, gil: Membership, ben: Membership, bolt
) -> None:
    def on_days(member: Membership, *days_ago: int) -> None:
        for days in days_ago:
            order = placed(member, (bolt, 100))
            Order.objects.filter(pk=order.pk).update(placed_at=clock.now() - timedelta(days=days))

    on_days(gil, 90, 75, 60)
    on_days(ben, 100, 60, 20)

    quiet = quiet_customers(hansa.pk)

    assert [(one.name, one.orders, one.usual_days) for one in quiet] == [("Globex AG", 3, 15)]


def test_what_a_customer_paid_last_is_known_by_article(
    hansa: Company, acme: Company, ben: Membership, bolt, drill
) -> None:
    placed(ben, (bolt, 100))
    placed(ben, (bolt, 1000))

    found = bought_before(buyer_id=acme.pk, seller_id=hansa.pk, product_ids=[bolt.pk, drill.pk])

    assert list(found) == [bolt.pk]
    last = found[bolt.pk]
    assert (last.unit_price, last.times, last.base_quantity) == (Decimal(11), 2, Decimal(1100))


def test_a_desk_costs_the_same_however_much_lies_on_it(
    client: Client, store_admin: Membership, ben: Membership, bolt, django_assert_max_num_queries
) -> None:
    for _more in range(3):
        confirmed(ben, (bolt, 100))
        placed(ben, (bolt, 100))
    client.force_login(store_admin.user)

    for desk in ("sales", "warehouse", "finance", "catalog"):
        with django_assert_max_num_queries(17):
            client.get(HOME, {"desk": desk})


def test_a_submitted_price_round_waits_on_the_desk_of_who_may_approve_it(
    client: Client, sal: Membership, store_admin: Membership
) -> None:
    PriceRound.objects.create(
        seller=sal.company, name="Spring", status="submitted", created_by=sal, submitted_by=sal
    )
    seen = {}
    for one in (sal, store_admin):
        client.force_login(one.user)
        seen[one.pk] = "Price rounds to approve" in client.get(HOME).content.decode()

    assert seen == {sal.pk: False, store_admin.pk: True}
