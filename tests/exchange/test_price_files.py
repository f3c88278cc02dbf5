"""Files of prices and costs: everything that a row can say, what is wrong at its line, out and in changes nothing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kontor.audit.models import Entry
from kontor.catalog.models import Product
from kontor.companies.models import Company, Membership
from kontor.exchange import folder
from kontor.exchange.models import ImportRun
from kontor.exchange.subjects import COSTS, PRICES
from kontor.exchange.writers import STATED_FORMS, stated_columns, stated_rows, write_file
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed
from kontor.pricing.models import Price, PriceList, PriceRound, ProductCost, RoundPrice
from kontor.pricing.operations import PriceRow, set_price_policy, set_prices
from kontor.tables.bmecat_writing import BmecatFacts
from tests.cast import actor
from tests.exchange.importing import SYSTEM, imported, outcome, reasons

pytestmark = pytest.mark.django_db
HEAD = "sku,price_list,from_quantity,price,per,unit,valid_from,valid_until\n"
MARCH = datetime(2030, 3, 1, 5, tzinfo=UTC)
"""Six o'clock in Berlin."""


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    place = tmp_path_factory.mktemp("files")
    monkeypatch.setattr(folder, "root", lambda: place / "exchange")


def stands(price_list: PriceList, product: Product) -> list[tuple[object, ...]]:
    rows = Price.objects.filter(price_list=price_list, product=product)
    columns = ("min_quantity", "amount", "price_base", "unit", "valid_from", "valid_until")
    return list(rows.order_by("min_quantity", "unit", "valid_from", "pk").values_list(*columns))


def exported(seller: Company, subject: str, form: str = "csv") -> bytes:
    columns, rows = stated_columns(seller.pk, subject), stated_rows(seller.pk, subject)
    return b"".join(write_file(STATED_FORMS[form].key, columns, rows, BmecatFacts()))


@pytest.mark.covers("R0.5")
def test_a_row_says_all_that_a_price_can_say(
    hansa: Company, public_list: PriceList, acme_list: PriceList, bolt: Product
):
    file = HEAD + (
        f"BOLT-M8,{public_list.code},500,11.75,100,,,\n"
        f"BOLT-M8,{acme_list.code},100,9.5,100,XBX,2030-03-01 06:00,01.04.2030\n"
        f"BOLT-M8,{acme_list.code},,on request,,,,\n"
    )
    run = imported(file, hansa)

    assert (run.problem, run.plan["subject"], outcome(run)) == ("", PRICES, {"rows": 3, "new": 3})
    assert (Decimal(500), Decimal("11.75"), Decimal(100), "", None, None) in stands(public_list, bolt)
    assert stands(acme_list, bolt) == [
        (Decimal(1), None, Decimal(1), "", None, None),
        (Decimal(100), Decimal("9.5"), Decimal(100), "XBX", MARCH, datetime(2030, 3, 31, 22, tzinfo=UTC)),
    ]
    assert Entry.objects.filter(verb="pricing.prices_set").count() == 2


def test_what_a_file_lacks_stays_and_what_it_repeats_is_no_change(
    hansa: Company, public_list: PriceList, bolt: Product
):
    run = imported("sku,price_list,price\nBOLT-M8,public,12.60\n", hansa)
    assert outcome(run) == {"rows": 1, "changed": 1}
    assert stands(public_list, bolt)[0][:3] == (Decimal(1), Decimal("12.6"), Decimal(100))
    assert outcome(imported("sku,price_list,price\nBOLT-M8,public,12.60\n", hansa)) == {
        "rows": 1,
        "unchanged": 1,
    }

    ends = MARCH + timedelta(days=9)
    rows = [PriceRow(bolt.pk, Decimal(9), price_base=Decimal(100), valid_from=MARCH, valid_until=ends)]
    set_prices(actor=SYSTEM, price_list=public_list, rows=rows)
    run = imported("sku,price,valid_from\nBOLT-M8,8,2030-03-01 06:00\n", hansa, price_list="public")
    assert outcome(run) == {"rows": 1, "changed": 1}
    assert stands(public_list, bolt)[0] == (Decimal(1), Decimal(8), Decimal(100), "", MARCH, ends)


WRONG = [
    ("NOPE,public,1,1,1,,,", "sku", "You have no article of this number."),
    (",public,1,1,1,,,", "sku", "The row has no SKU."),
    ("BOLT-M8,nope,1,1,1,,,", "price_list", "You have no price list of this code."),
    ("BOLT-M8,,1,1,1,,,", "price_list", "You have no price list of this code."),
    ("BOLT-M8,public,1,,1,,,", "price", "Write a price, or “on request”."),
    (
        "BOLT-M8,public,0,1,1,,,",
        "from_quantity",
        "“0” is not a quantity above 0 with at most three decimals.",
    ),
    ("BOLT-M8,public,1,1,1,KGM,,", "unit", "The article is not sold in this unit."),
    ("BOLT-M8,public,1,1,1,,,2030-01-01", "valid_from", "Say from when the price counts."),
    ("BOLT-M8,public,1,1,1,,2030-01-02,2030-01-01", "valid_until", "The price must end after it begins."),
    (
        "BOLT-M8,public,1,1,1,,soon,",
        "valid_from",
        "“soon” is no moment. Write it as 2026-11-22 or 2026-11-22 14:00.",
    ),
]


@pytest.mark.parametrize(("row", "column", "why"), WRONG)
def test_what_is_wrong_is_told_at_its_row_and_keeps_the_file_out(
    hansa: Company, public_list: PriceList, bolt: Product, row: str, column: str, why: str
):
    before = stands(public_list, bolt)
    file = f"{HEAD}DRILL-18V,public,1,1,1,,,\n{row}\n"
    run = imported(file, hansa)

    assert (run.status, reasons(run)) == (ImportRun.Status.REFUSED, [(3, column, why)])
    assert (outcome(run), stands(public_list, bolt)) == ({"rows": 2, "changed": 1, "wrong": 1}, before)
    run = imported(file, hansa, takes_good_rows=True)
    assert (run.status, outcome(run)) == (ImportRun.Status.DONE, {"rows": 2, "changed": 1, "wrong": 1})


def test_the_list_says_which_currency_and_kind_of_quantities_it_has(hansa: Company, public_list: PriceList):
    file = "sku,price_list,price,currency,graduated\nBOLT-M8,public,1,USD,no\nBOLT-M8,public,1,EUR,yes\n"
    assert reasons(imported(file, hansa)) == [
        (2, "currency", "The price list is in another currency."),
        (3, "graduated", "The price list counts its quantities the other way. Change that on its page."),
    ]


def test_prices_that_overlap_in_the_file_or_with_what_is_there_are_told_at_their_rows(
    hansa: Company, public_list: PriceList, bolt: Product
):
    kept = PriceRow(bolt.pk, Decimal(9), valid_from=MARCH, valid_until=MARCH + timedelta(days=30))
    set_prices(actor=SYSTEM, price_list=public_list, rows=[kept])
    file = HEAD + (
        "BOLT-M8,public,1,8,1,,2030-02-01,2030-02-15\n"
        "BOLT-M8,public,1,8,1,,2030-02-10,2030-02-20\n"
        "BOLT-M8,public,1,8,1,,2030-03-20,\n"
        "BOLT-M8,public,1,8,1,,2030-02-01,2030-02-03\n"
        "BOLT-M8,public,2,8,1,,2030-03-20,\n"
    )
    run = imported(file, hansa, takes_good_rows=True)

    told = [(line, column) for line, column, _why in reasons(run)]
    assert told == [(3, "valid_from"), (4, "valid_from"), (5, "")]
    assert "The same price stands in line 2 already." in reasons(run)[2][2]
    assert "1 Feb 2030" in reasons(run)[0][2]
    assert "1 Mar 2030, 06:" in reasons(run)[1][2]
    assert outcome(run) == {"rows": 5, "new": 2, "wrong": 3}


def test_a_row_that_ends_a_price_makes_room_for_the_next_one_but_not_when_it_is_wrong_itself(
    hansa: Company, public_list: PriceList, bolt: Product
):
    kept = PriceRow(bolt.pk, Decimal(9), price_base=Decimal(1), valid_from=MARCH)
    set_prices(actor=SYSTEM, price_list=public_list, rows=[kept])
    follows = "BOLT-M8,public,1,7,1,,2030-03-10 06:00,\n"
    shortened = "BOLT-M8,public,1,9,1,,2030-03-01 06:00,2030-03-10 06:00\n"
    before = "BOLT-M8,public,1,9,1,,2030-02-01 06:00,2030-03-05 06:00\n"

    run = imported(HEAD + before + shortened + follows, hansa, takes_good_rows=True)
    assert [line for line, _column, _why in reasons(run)] == [2, 3, 4]
    run = imported(HEAD + follows, hansa)
    assert len(reasons(run)) == 1
    Price.objects.filter(valid_from__lt=MARCH).delete()
    run = imported(HEAD + follows + shortened, hansa)
    assert (reasons(run), outcome(run)) == ([], {"rows": 2, "new": 1, "changed": 1})


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_prices_and_costs_that_go_out_come_in_and_change_nothing(
    hansa: Company, public_list: PriceList, acme_list: PriceList, bolt: Product, drill: Product, form: str
):
    autumn = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    rows = [
        PriceRow(bolt.pk, None),
        PriceRow(bolt.pk, Decimal("0.123456"), Decimal("0.5"), Decimal(100), "XBX", autumn, MARCH),
        PriceRow(drill.pk, Decimal(1200), valid_from=MARCH + timedelta(seconds=7)),
    ]
    set_prices(actor=SYSTEM, price_list=acme_list, rows=rows)
    PriceList.objects.filter(pk=acme_list.pk).update(is_graduated=True)
    ProductCost.objects.create(product=drill, day=MARCH, cost=Decimal("60.5"), least_margin=Decimal(20))
    ProductCost.objects.create(product=bolt, day=MARCH, floor=Decimal("0.1"))
    for subject, count in ((PRICES, Price.objects.filter(price_list__seller=hansa).count()), (COSTS, 2)):
        before = (
            list(Price.objects.order_by("pk").values()),
            list(ProductCost.objects.order_by("pk").values()),
        )
        run = imported(exported(hansa, subject, form), hansa, name=f"file.{form}")
        assert (run.problem, reasons(run), run.plan["subject"]) == ("", [], subject)
        assert outcome(run) == {"rows": count, "unchanged": count}
        after = list(Price.objects.order_by("pk").values()), list(ProductCost.objects.order_by("pk").values())
        assert before == after


def test_a_check_tells_what_would_come_and_writes_nothing(
    hansa: Company, public_list: PriceList, bolt: Product
):
    before = stands(public_list, bolt)
    file = HEAD + "BOLT-M8,public,1,1,100,,,\nDRILL-18V,public,7,1,1,,,\nBOLT-M8,public,1000,11,100,,,\n"
    run = imported(file, hansa, check=True)
    assert outcome(run) == {"rows": 3, "new": 1, "changed": 1, "unchanged": 1}
    assert (run.status, stands(public_list, bolt)) == (ImportRun.Status.CHECKED, before)


def test_costs_keep_what_the_file_has_no_column_for(hansa: Company, sal: Membership, drill: Product):
    first = "sku,cost,lowest_price,least_margin,from\nDRILL-18V,60,70,12.5,2026-01-01\n"
    assert outcome(imported(first, hansa, actor=actor(sal))) == {"rows": 1, "new": 1}
    with clock.at(datetime(2026, 5, 1, 23, tzinfo=UTC)):
        assert outcome(imported("sku,cost\nDRILL-18V,62\n", hansa, actor=actor(sal))) == {"rows": 1, "new": 1}
    latest = ProductCost.objects.latest("day")
    assert (str(latest.day), latest.cost, latest.floor, latest.least_margin) == (
        "2026-05-02", Decimal(62), Decimal(70), Decimal("12.5"),
    )  # fmt: skip
    run = imported("sku,cost,least_margin\nDRILL-18V,,5\nNOPE,1,\nDRILL-18V,2,100\n", hansa)
    assert [(line, column) for line, column, _why in reasons(run)] == [
        (2, "cost"),
        (3, "sku"),
        (4, "least_margin"),
    ]


def test_prices_and_costs_need_the_rights_of_their_pages(
    hansa: Company, wim: Membership, public_list: PriceList
):
    for file in (HEAD + "BOLT-M8,public,1,1,1,,,\n", "sku,cost\nBOLT-M8,1\n"):
        with pytest.raises(NotAllowed):
            imported(file, hansa, actor=actor(wim))


@pytest.mark.covers("R0.5")
def test_where_a_second_person_approves_a_file_becomes_a_price_round(
    hansa: Company, sal: Membership, store_admin: Membership, public_list: PriceList, bolt: Product
):
    set_price_policy(actor=actor(store_admin), rounds_need_approval=True)
    before = stands(public_list, bolt)
    file = (
        HEAD
        + "BOLT-M8,public,1,13,100,,,\nBOLT-M8,public,1000,11,100,,,\nBOLT-M8,public,9,1,1,,2030-01-01,\n"
    )
    run = imported(file, hansa, actor=actor(sal), takes_good_rows=True)

    begun = PriceRound.objects.get()
    assert [line for line, _column, _why in reasons(run)] == [4]
    assert outcome(run) == {"rows": 3, "changed": 1, "unchanged": 1, "wrong": 1, "price_round": begun.pk}
    assert (begun.name, begun.status, begun.created_by_id) == ("goods.csv", "draft", sal.pk)
    held = RoundPrice.objects.get()
    assert (held.amount, held.was, held.was_base) == (Decimal(13), Decimal("12.5"), Decimal(100))
    assert stands(public_list, bolt) == before

    run = imported("sku,name,price\nBOLT-M8,Bolt,13\n", hansa, actor=actor(store_admin))
    assert outcome(run)["prices"] == 1
