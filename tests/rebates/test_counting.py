"""Lines count as they are invoiced and credited, each once, whatever the order in which they are told."""

from datetime import date
from decimal import Decimal

import pytest

from kontor.catalog.models import Category, Product, SalesUnit
from kontor.companies.models import Company
from kontor.invoicing.events import CreditNoteIssued
from kontor.kernel.delivery import deliver_due
from kontor.rebates.counting import count_document
from kontor.rebates.models import Accrual, Rebate
from kontor.rebates.operations import Goods, end_rebate, recount_rebate
from tests.rebates.trade import SYSTEM, agreed, bonus_of, broken, credit, invoice, ordered

MARCH, JUNE = date(2026, 3, 10), date(2026, 6, 10)


def amounts(rebate: Rebate) -> list[Decimal]:
    return list(rebate.accruals.order_by("id").values_list("amount", flat=True))


def test_the_line_that_reaches_a_tier_carries_what_earlier_lines_gain(acme_account, drill):
    rebate, lines = agreed(acme_account), ordered(acme_account, [drill])
    for net in (6000, 6000, 8000, 400):
        invoice(MARCH, (lines[drill.pk], 1, net))

    assert amounts(rebate) == [0, 240, 360, 12]  # 2 % of 12,000; 3 % of 20,000 less that; 3 % of 400
    assert bonus_of(rebate) == Decimal("612")
    assert broken() == []


def test_only_what_is_above_a_tier_counts_where_so_agreed(acme_account, drill):
    rebate = agreed(acme_account, is_graduated=True)
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 24_000))
    assert bonus_of(rebate) == Decimal("320")  # 2 % of 10,000 and 3 % of 4,000


def test_a_credit_takes_back_and_may_fall_below_the_tier(acme_account, drill):
    rebate = agreed(acme_account)
    (line,) = invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 10, 12_000))
    credit(JUNE, (line, 4, 4800))

    assert amounts(rebate) == [240, -240]
    assert list(rebate.accruals.order_by("id").values_list("value", flat=True)) == [12_000, -4800]
    assert broken() == []


def test_a_line_counts_once_however_often_it_is_told(acme_account, drill):
    rebate = agreed(acme_account)
    (line,) = invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 12_000))

    assert count_document(line.invoice_id) == 0
    deliver_due()
    assert bonus_of(rebate) == 240
    assert broken() == []


def test_a_credit_that_is_told_before_its_invoice_brings_the_invoice_along(acme_account, drill):
    rebate = agreed(acme_account)
    (line,) = invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 10, 12_000))
    (back,) = credit(JUNE, (line, 1, 1200))
    Accrual.objects.all().delete()

    assert count_document(CreditNoteIssued(back.invoice_id).invoice_id) == 2
    assert count_document(line.invoice_id) == 0
    assert bonus_of(rebate) == Decimal("216")
    assert broken() == []


def test_what_was_invoiced_before_counts_when_it_comes_into_force(acme_account, drill):
    lines = ordered(acme_account, [drill])
    (early,) = invoice(date(2025, 12, 31), (lines[drill.pk], 1, 50_000))
    (line,) = invoice(MARCH, (lines[drill.pk], 10, 12_000))
    credit(JUNE, (line, 1, 1200))
    credit(JUNE, (early, 1, 10_000))  # of the year before: not of this agreement
    rebate = agreed(acme_account)

    assert list(rebate.accruals.order_by("id").values_list("value", flat=True)) == [12_000, -1200]
    assert bonus_of(rebate) == 216
    assert broken() == []


def test_days_are_those_of_the_seller(acme_account, hansa, drill):
    Company.objects.filter(pk=hansa.pk).update(timezone="Pacific/Auckland")  # thirteen hours ahead
    rebate = agreed(acme_account)
    invoice(date(2025, 12, 31), (ordered(acme_account, [drill])[drill.pk], 1, 12_000))
    assert list(rebate.accruals.values_list("day", flat=True)) == [date(2026, 1, 1)]
    assert broken() == []


def test_several_customers_count_together_others_and_other_currencies_not(
    acme_account, globex_account, drill
):
    own = agreed(acme_account)
    both = agreed(acme_account, globex_account, is_cumulative=True)
    dollars = agreed(acme_account, currency="USD")
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 6000))
    invoice(MARCH, (ordered(globex_account, [drill])[drill.pk], 1, 6000))

    assert [bonus_of(one) for one in (own, both, dollars)] == [0, 240, 0]
    assert broken() == []


def test_goods_count_by_category_brand_and_article_less_what_is_left_out(acme_account, bolt, drill, assembly):
    Category.objects.filter(pk=bolt.category_id).update(path="power-tools/small", slug="small")
    tiers = [(0, 10)]
    baskets = {
        "category": {"takes_in": [Goods(category="power-tools")]},
        "brand": {"takes_in": [Goods(brand="elbwerk")]},
        "article": {"takes_in": [Goods(sku="BOLT-M8"), Goods(sku="ASSEMBLY-H")]},
        "without": {"takes_in": [Goods(category="power-tools")], "leaves_out": [Goods(sku="DRILL-18V")]},
        "all": {"leaves_out": [Goods(brand="Norddraht")]},
    }
    rebates = {name: agreed(acme_account, tiers=tiers, **basket) for name, basket in baskets.items()}
    lines = ordered(acme_account, [bolt, drill, assembly])
    invoice(MARCH, (lines[bolt.pk], 1, 100), (lines[drill.pk], 1, 1000), (lines[assembly.pk], 1, 10_000))

    found = {name: bonus_of(rebate) for name, rebate in rebates.items()}
    assert found == {"category": 110, "brand": 100, "article": 1010, "without": 10, "all": 1100}
    assert broken() == []


def test_a_model_stands_for_its_variants(acme_account, hansa, drill):
    model = Product.objects.create(seller=hansa, sku="DRILL", name="Drill", slug="drill", kind="model")
    Product.objects.filter(pk=drill.pk).update(variant_of=model)
    rebate = agreed(acme_account, tiers=[(0, 10)], takes_in=[Goods(sku="DRILL")])
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 100))
    assert bonus_of(rebate) == 10


def test_quantities_count_in_the_unit_of_the_agreement(acme_account, bolt, drill):
    SalesUnit.objects.create(product=drill, unit="XBX", factor=Decimal(3), position=1)
    rebate = agreed(
        acme_account, measure="quantity", unit="XBX", reward="per_unit", tiers=[(1, 2), (5, "2.50")]
    )
    lines = ordered(acme_account, [bolt, drill])
    for _third in range(3):
        invoice(MARCH, (lines[drill.pk], 1, 99))
    assert bonus_of(rebate) == 2  # three thirds of a box are one
    (line,) = invoice(MARCH, (lines[bolt.pk], 500, 60))
    assert bonus_of(rebate) == 15  # six boxes at 2.50
    credit(JUNE, (line, 200, 24))
    assert bonus_of(rebate) == 8
    assert broken() == []


def test_percent_of_the_value_may_depend_on_the_quantity(acme_account, bolt):
    rebate = agreed(acme_account, measure="quantity", unit="C62", tiers=[(1000, 1), (5000, 2)])
    lines = ordered(acme_account, [bolt])
    invoice(MARCH, (lines[bolt.pk], 4000, 480))
    invoice(MARCH, (lines[bolt.pk], 1000, 120))
    assert amounts(rebate) == [Decimal("4.80"), Decimal("7.20")]
    assert broken() == []


def test_counting_anew_follows_the_goods_of_today(acme_account, drill):
    rebate = agreed(acme_account, takes_in=[Goods(brand="Elbwerk")])
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 12_000))
    Product.objects.filter(pk=drill.pk).update(brand="Other")
    assert bonus_of(rebate) == 240  # as it was when it was invoiced

    assert recount_rebate(actor=SYSTEM, rebate=rebate) == 0
    assert bonus_of(rebate) == 0


def test_an_ended_agreement_owes_nothing_and_counts_no_further(acme_account, drill):
    rebate, lines = agreed(acme_account), ordered(acme_account, [drill])
    invoice(MARCH, (lines[drill.pk], 1, 12_000))
    end_rebate(actor=SYSTEM, rebate=rebate)
    invoice(MARCH, (lines[drill.pk], 1, 12_000))

    assert not rebate.accruals.exists()
    assert broken() == []


@pytest.mark.parametrize("begin", [True, False])
def test_a_draft_counts_nothing(acme_account, drill, begin):
    rebate = agreed(acme_account, begin=begin)
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 12_000))
    assert rebate.accruals.exists() is begin
