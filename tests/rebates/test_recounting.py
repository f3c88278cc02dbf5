"""All agreements counted anew by the command, and what is missing from a basket found by `kontor check`."""

from datetime import UTC, date, datetime

import pytest

from kontor.catalog.models import Product
from kontor.commands.recounting import recount
from kontor.discovery.models import CategoryAddress
from kontor.kernel import clock
from kontor.kernel.models import Delivery
from kontor.rebates.models import Rebate
from kontor.rebates.operations import Goods, settle_rebate
from tests.rebates.trade import SYSTEM, agreed, bonus_of, broken, invoice, noon, ordered

MARCH = date(2026, 3, 10)
HANSA = "Hansa Supply GmbH"
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
BASKETS = {
    "category": [Goods(category="power-tools")],
    "brand": [Goods(brand="Elbwerk")],
    "article": [Goods(sku="DRILL-18V")],
}


@pytest.fixture
def unchanged_since(drill: Product) -> None:
    """The drill and its category are as they were at the beginning of the year."""
    Product.objects.filter(pk=drill.pk).update(updated_at=BEFORE)
    CategoryAddress.objects.update(since=BEFORE)


@pytest.mark.parametrize("basket", BASKETS)
def test_a_line_taken_out_of_a_basket_is_found_and_comes_back_when_counted_anew(
    acme_account, drill, unchanged_since, basket, capsys
):
    rebate = agreed(acme_account, tiers=[(0, 10)], takes_in=BASKETS[basket])
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 1000))
    assert broken() == []

    Delivery.objects.update(status="done")
    rebate.accruals.all().delete()
    assert [(name, row[0]) for name, row in broken()] == [
        ("No invoiced line is missing from a bonus on its goods", rebate.pk)
    ]
    assert recount(seller=HANSA, name="") == 0
    assert "Bonus 1: 1 lines count." in capsys.readouterr().out
    assert (bonus_of(rebate), broken()) == (100, [])


def test_goods_that_have_changed_since_are_not_held_against_their_lines(acme_account, drill, unchanged_since):
    agreed(acme_account, tiers=[(0, 10)], takes_in=[Goods(brand="Other")])
    agreed(acme_account, tiers=[(0, 10)], takes_in=[Goods(category="fasteners")])
    lines = ordered(acme_account, [drill])
    invoice(MARCH, (lines[drill.pk], 1, 1000))
    Delivery.objects.update(status="done")
    changed = datetime(2026, 3, 11, tzinfo=UTC)

    Product.objects.filter(pk=drill.pk).update(brand="Other", updated_at=changed)
    assert broken() == []
    CategoryAddress.objects.filter(category_id=drill.category_id).update(since=changed)
    Product.objects.filter(pk=drill.pk).update(brand="Elbwerk", updated_at=BEFORE)
    assert broken() == []


def test_what_is_settled_stays_as_it_is_and_an_unknown_name_is_told(acme_account, drill, capsys):
    quarterly = agreed(acme_account, tiers=[(0, 10)], is_quarterly=True)
    agreed(acme_account, tiers=[(0, 5)], is_cumulative=True, takes_in=[Goods(brand="Elbwerk")])
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 1000))
    with clock.at(noon(date(2026, 4, 3))):
        settle_rebate(actor=SYSTEM, rebate=quarterly)

    assert recount(seller=HANSA, name="") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Bonus 1: settled in part, left as it is.",
        "Bonus 2: 1 lines count.",
    ]
    assert recount(seller=HANSA, name="Bonus 9") == 1
    assert "There is no agreement in force called Bonus 9." in capsys.readouterr().err
    assert Rebate.objects.count() == 2
