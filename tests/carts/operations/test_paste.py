from decimal import Decimal

import pytest

from kontor.carts.operations import add_lines, add_to_cart
from kontor.carts.rules import PastedLine
from kontor.catalog.models import Product, SalesUnit
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.search.operations.index import rebuild_all


@pytest.fixture(autouse=True)
def indexed(cast):
    rebuild_all()


def paste(member, cart, text):
    return add_lines(actor=member.as_actor("page"), cart=cart, text_or_rows=text)


@pytest.mark.covers("R0.40")
def test_every_pasted_line_is_reported_with_its_number(cart, ana, bolt, drill, cast):
    add_to_cart(actor=ana.as_actor("page"), cart=cart, product_id=drill.pk, quantity=1, unit="C62")
    text = """SKU;Quantity
BOLT-M8;200
DRILL-18V;2

NO-SUCH;5
LAMP-LED;1
BOLT-M8;1e3
BOLT-M8;
BOLT-M8;2;boxes
BOLT-M8;2;pallet
BOLT-M8;100
DRILL-18V;0,5"""

    report = paste(ana, cart, text)

    assert [(line.no, line.sku, line.message) for line in report.added] == [
        (2, "BOLT-M8", "200 pieces"),
        (9, "BOLT-M8", "2 boxes"),
    ]
    assert [(line.no, line.in_all, line.message) for line in report.changed] == [
        (3, 3, "2 pieces added, 3 pieces in all."),
        (11, 300, "100 pieces added, 300 pieces in all."),
    ]
    assert [(line.no, line.text, line.code) for line in report.rejected] == [
        (5, "NO-SUCH;5", "unknown_article"),
        (6, "LAMP-LED;1", "unknown_article"),
        (7, "BOLT-M8;1e3", "not_a_number"),
        (8, "BOLT-M8;", "quantity_missing"),
        (10, "BOLT-M8;2;pallet", "wrong_unit"),
        (12, "DRILL-18V;0,5", "no_fractions"),
    ]
    assert report.total == 10
    assert [(line.product_id, line.unit, line.quantity) for line in cart.lines.all()] == [
        (drill.pk, "C62", 3), (bolt.pk, "C62", 300), (bolt.pk, "XBX", 2),
    ]  # fmt: skip


def test_numbers_of_the_maker_and_other_spellings_are_understood(cart, ana, bolt, drill):
    report = paste(ana, cart, "bolt m8 100\n4006381333931 50\nEW-18-2 1")

    assert [(line.no, line.sku) for line in report.taken] == [
        (1, "BOLT-M8"),
        (2, "BOLT-M8"),
        (3, "DRILL-18V"),
    ]


def test_lines_of_one_article_are_judged_by_their_sum(cart, ana, bolt):
    bolt.sales_units.filter(unit="C62").update(minimum=48, multiple=24)

    report = paste(ana, cart, "BOLT-M8 24\nBOLT-M8 24")

    assert (len(report.added), len(report.changed), report.rejected) == (1, 1, [])
    assert cart.lines.get().quantity == 48


def test_when_the_sum_does_not_fit_as_many_lines_go_in_as_can(cart, ana, bolt):
    bolt.sales_units.filter(unit="C62").update(minimum=48, multiple=24)

    report = paste(ana, cart, "BOLT-M8 48\nBOLT-M8 5\nBOLT-M8 24")

    assert [line.no for line in report.taken] == [1, 3]
    assert [(line.no, line.code) for line in report.rejected] == [(2, "not_a_multiple")]
    assert cart.lines.get().quantity == 72


def test_a_discontinued_article_is_named_in_its_reason(cart, ana, drill):
    Product.objects.filter(pk=drill.pk).update(status="discontinued")
    rebuild_all()

    (rejected,) = paste(ana, cart, "DRILL-18V 1").rejected

    assert (rejected.code, rejected.message) == ("discontinued", "Cordless drill 18 V is no longer made.")


def test_rows_that_know_their_product_need_no_number(cart, ana, bolt):
    row = PastedLine(no=1, sku="an old number", quantity=Decimal(3), unit="XBX", product_id=bolt.pk)

    report = add_lines(actor=ana.as_actor("page"), cart=cart, text_or_rows=[row])

    assert [line.sku for line in report.added] == ["BOLT-M8"]


@pytest.mark.parametrize("text", ["", " \n\t\n", "SKU;Quantity"])
def test_nothing_to_paste_is_said_at_the_field(cart, ana, text):
    with pytest.raises(Refused) as refusal:
        paste(ana, cart, text)

    assert (refusal.value.code, list(refusal.value.fields)) == ("nothing_pasted", ["lines"])


def test_more_than_5000_lines_are_refused_whole(cart, ana):
    with pytest.raises(Refused) as refusal:
        paste(ana, cart, "BOLT-M8 1\n" * 5001)

    assert refusal.value.code == "too_many_lines"
    assert not cart.lines.exists()


def test_ten_megabytes_are_refused_at_once(cart, ana):
    with pytest.raises(Refused) as refusal:
        paste(ana, cart, "x" * 10_000_000)

    assert refusal.value.code == "too_many_lines"


def test_nul_and_lone_surrogates_are_an_unknown_article(cart, ana):
    report = paste(ana, cart, "BOLT\x00M8 5\n\ud800 7\n" + "x" * 5000 + " 1")

    assert [line.code for line in report.rejected] == ["unknown_article"] * 3


def test_a_viewer_and_a_rival_paste_nothing(cart, cy, gil):
    for member in (cy, gil):
        with pytest.raises(NotAllowed):
            paste(member, cart, "BOLT-M8 1")
    assert not cart.lines.exists()


@pytest.fixture
def shelf(hansa) -> list[Product]:
    """1,000 articles."""
    products = Product.objects.bulk_create(
        Product(seller=hansa, sku=f"PART-{n:04}", name=f"Part {n}", slug=f"part-{n}", status="active")
        for n in range(1000)
    )
    SalesUnit.objects.bulk_create(SalesUnit(product=product, unit="C62") for product in products)
    rebuild_all()
    return products


def test_the_number_of_statements_does_not_depend_on_the_number_of_lines(
    cart, ana, shelf, django_assert_num_queries
):
    for lines in (5, 1000):
        text = "\n".join(f"{product.sku} 3" for product in shelf[:lines])
        with django_assert_num_queries(
            9
        ):  # savepoint, lock, assortments, numbers, held, goods, lines, trail, release
            report = paste(ana, cart, text)
        assert report.total == lines
    assert cart.lines.count() == 1000
