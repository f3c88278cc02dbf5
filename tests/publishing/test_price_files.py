"""Price files: what one company may order, at the prices that the one resolver gives it."""

import io
from decimal import Decimal

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kontor.catalog.models import BuyerPartNumber, Product
from kontor.catalog.operations import AssortmentFacts, save_assortment
from kontor.companies.models import Company
from kontor.inventory.queries import available
from kontor.kernel.actors import system_actor
from kontor.kernel.entrances.csv_rows import read
from kontor.pricing.models import Price, PriceAssignment, PriceList, PriceScope
from kontor.pricing.queries import Wanted, chain_for, resolve
from kontor.publishing.pricefiles import PriceFile, offers, write_prices
from kontor.search.queries import viewer_for
from kontor.tables import open_table
from tests.cast import Cast

SYSTEM = system_actor("test")
QUANTITY = st.integers(1, 10_000).map(Decimal)
AMOUNT = st.decimals("0.0001", 9999, places=4)
PRICES = st.lists(
    st.tuples(st.sampled_from(["bolt", "drill", "assembly"]), st.sampled_from(["public", "acme", "second"]), QUANTITY,
              AMOUNT, st.sampled_from([Decimal(1), Decimal(100)])),
    max_size=12, unique_by=lambda one: one[:3],
)  # fmt: skip


def content(file: PriceFile) -> bytes:
    return b"".join(write_prices(file))


@given(prices=PRICES, asked=st.lists(QUANTITY, min_size=1, max_size=5))
@settings(
    max_examples=30, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@pytest.mark.covers("R0.6", "R0.20")
def test_each_price_is_what_the_resolver_says(cast: Cast, prices, asked):
    acme = cast.companies["acme"]
    second, _new = PriceList.objects.get_or_create(
        seller=cast.companies["hansa"], code="SECOND", defaults={"name": "Second", "currency": "EUR"}
    )
    PriceAssignment.objects.get_or_create(
        scope=PriceScope.objects.get(account=cast.accounts["acme"]),
        price_list=second,
        defaults={"position": 9},
    )
    lists = cast.price_lists | {"second": second}
    Price.objects.all().delete()
    Price.objects.bulk_create(
        Price(
            product=cast.products[product],
            price_list=lists[name],
            min_quantity=least,
            amount=amount,
            price_base=base,
        )
        for product, name, least, amount, base in prices
    )
    for buyer in (acme, cast.companies["globex"]):
        viewer = viewer_for(buyer.pk)
        found = {one.product_id: one for one in offers(viewer)}
        assert set(found) == set(
            Product.objects.filter(status="active", seller__status="active", assortments__overlap=list(viewer.assortments))
            .exclude(kind="model").values_list("pk", flat=True)
        )  # fmt: skip
        wanted = [Wanted(pk, quantity) for pk in found for quantity in [*asked, Decimal(1)]]
        for one, resolved in zip(wanted, resolve(chain_for(buyer.pk), wanted), strict=True):
            step = found[one.product_id].price_at(one.base_quantity)
            if resolved is None or step is None:
                assert resolved is step
                continue
            assert (step.amount, step.base, step.least, found[one.product_id].currency) == (
                resolved.amount, resolved.price_base, resolved.min_quantity, resolved.currency
            )  # fmt: skip
        free = available(list(found))
        assert all(one.available is None or one.available == free[pk] for pk, one in found.items())


def test_a_file_has_own_numbers_own_prices_and_breaks(cast: Cast, acme: Company, hansa: Company):
    drill = cast.products["drill"]
    BuyerPartNumber.objects.create(buyer=acme, product=drill, number="4711", key="4711")
    public, contract = cast.price_lists["public"], cast.price_lists["acme"]
    Price.objects.filter(product=drill).delete()
    Price.objects.create(product=drill, price_list=public, amount=200)
    Price.objects.create(product=drill, price_list=contract, amount=150)
    Price.objects.create(product=drill, price_list=contract, min_quantity=10, amount=Decimal("142.5"))

    rows = {
        row.cells["sku"]: row.cells
        for row in read(content(PriceFile(form="csv", viewer=viewer_for(acme.pk)))).rows
    }
    row = rows["DRILL-18V"]
    assert (row["own_number"], row["currency"], row["seller"]) == ("4711", "EUR", str(hansa))
    assert (row["from"], row["price"], row["per"], row["from_2"], row["price_2"]) == (
        "1",
        "150",
        "1",
        "10",
        "142.5",
    )
    lines = [
        orjson.loads(one) for one in content(PriceFile(form="jsonl", viewer=viewer_for(acme.pk))).splitlines()
    ]
    found = next(one for one in lines if one["sku"] == "DRILL-18V")
    assert found["prices"] == [
        {"from": "1", "price": "150", "per": "1"}, {"from": "10", "price": "142.5", "per": "1"}
    ]  # fmt: skip


def test_a_workbook_has_the_same_rows(cast: Cast, acme: Company, tmp_path):
    viewer = viewer_for(acme.pk)
    file = tmp_path / "prices.xlsx"
    file.write_bytes(content(PriceFile(form="xlsx", viewer=viewer)))
    excel = [dict(row.cells) for row in open_table(file).rows()]
    comma = [dict(row.cells) for row in read(content(PriceFile(form="csv", viewer=viewer))).rows]
    assert [{name: text for name, text in row.items() if text} for row in excel] == [
        {name: text for name, text in row.items() if text} for row in comma
    ]


def test_nothing_outside_of_the_companys_assortment_is_in_its_file(cast: Cast, acme: Company, hansa: Company):
    drill = cast.products["drill"]
    few = save_assortment(
        actor=SYSTEM, seller=hansa, facts=AssortmentFacts(name="Few", start="none", is_standard=True)
    )
    assert [one.sku for one in offers(viewer_for(acme.pk), seller_id=hansa.pk)] == []
    few.rules.create(allows=True, product=drill)
    save_assortment(
        actor=SYSTEM, assortment=few, facts=AssortmentFacts(name="Few", start="none", is_standard=True)
    )
    assert [one.sku for one in offers(viewer_for(acme.pk), seller_id=hansa.pk)] == ["DRILL-18V"]
    Product.objects.filter(pk=drill.pk).update(status="discontinued")
    assert list(offers(viewer_for(acme.pk), seller_id=hansa.pk)) == []


def test_texts_that_a_spreadsheet_would_run_are_inert(cast: Cast, acme: Company):
    Product.objects.filter(sku="DRILL-18V").update(name="=1+1", brand="@cmd")
    text = content(PriceFile(form="csv", viewer=viewer_for(acme.pk))).decode("utf-8-sig")
    assert '"\'=1+1","\'@cmd"' in text
    assert io.StringIO(text).readline().startswith('"own_number","sku"')


def test_a_batch_costs_two_statements(cast: Cast, acme: Company, django_assert_num_queries):
    viewer = viewer_for(acme.pk)
    with django_assert_num_queries(2):
        assert len(list(offers(viewer))) >= 3
