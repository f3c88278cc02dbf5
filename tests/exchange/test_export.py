"""What goes out comes in again and changes nothing, whatever stands in it."""

import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kontor.catalog.models import Product, SalesUnit
from kontor.companies.models import Company
from kontor.exchange import folder
from kontor.exchange.readers import open_table
from kontor.exchange.texts import spec_line, spec_of
from kontor.exchange.writers import FORMS, Selection, columns_of, exported_rows, write_file
from kontor.exchange.writers.bmecat import BmecatFacts
from kontor.inventory.models import StockItem
from kontor.pricing.models import Price
from tests.cast import Cast
from tests.exchange.importing import imported, outcome
from tests.shared_files import shared

DANGEROUS = ["=1+1", "+49 40 123", "-5 °C", "@here", "\tx", "'quoted", "=cmd|' /C calc'!A0", "＝1"]


@pytest.fixture(autouse=True)
def home(monkeypatch):
    with tempfile.TemporaryDirectory() as place:
        monkeypatch.setattr(folder, "root", lambda: Path(place) / "exchange")
        yield


def exported(form: str, selection: Selection) -> bytes:
    return b"".join(write_file(form, columns_of(selection), exported_rows(selection), BmecatFacts()))


def state(seller: Company) -> list[list]:
    goods = Product.objects.filter(seller=seller).order_by("id")
    rows = [tuple(row.values()) for row in goods.values()]
    units = list(SalesUnit.objects.filter(product__seller=seller).order_by("id").values_list())
    prices = list(Price.objects.filter(product__seller=seller).order_by("id").values_list())
    return [rows, units, prices, list(StockItem.objects.order_by("id").values_list())]


@pytest.mark.covers("R0.6")
@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_demo_goods_go_out_and_come_in_and_nothing_changes(cast: Cast, hansa: Company, form):
    selection = Selection(
        seller_id=hansa.pk,
        price_list_id=Price.objects.filter(price_list__is_public=True, product__seller=hansa)[
            0
        ].price_list_id,
        warehouse_id=StockItem.objects.filter(product__seller=hansa)[0].warehouse_id
        if form != "bmecat"
        else None,
    )
    before = state(hansa)
    run = imported(exported(form, selection), hansa, name=f"goods.{FORMS[form].ending}")

    assert (run.status, run.problem, run.errors) == ("done", "", [])
    assert outcome(run) == {
        "rows": Product.objects.filter(seller=hansa).count(),
        "unchanged": run.counts["rows"],
    }
    assert state(hansa) == before


TEXT = st.text(
    st.characters(min_codepoint=9, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc", "Cn", "Co")),
    max_size=60,
)
FACT = st.one_of(TEXT, st.sampled_from(DANGEROUS), st.text("=+-@'\t ;,|\"\\[]:\n", max_size=20))


@given(
    rows=st.lists(st.tuples(FACT, FACT, FACT, FACT), min_size=1, max_size=6),
    form=st.sampled_from(sorted(FORMS)),
)
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_is_the_same_after_out_and_in(cast: Cast, rows, form):
    hansa = cast.companies["hansa"]
    Product.objects.filter(sku__startswith="P-").delete()
    for number, (name, brand, description, value) in enumerate(rows):
        facts = [{"name": "Fact", "value": value.strip(), "unit": ""}] if value.strip() else []
        Product.objects.create(
            seller=hansa, sku=f"P-{number}", name=name.strip() or "n", slug="s", brand=brand.strip(),
            description=description.strip(), specifications=facts,
        ).sales_units.create(unit="C62")  # fmt: skip
    selection = Selection(seller_id=hansa.pk)
    Product.objects.filter(sku__startswith="P-").update(slug="kept")
    run = imported(exported(form, selection), hansa, name="x")

    assert (run.status, run.errors) == ("done", [])
    for number, (name, brand, description, value) in enumerate(rows):
        found = Product.objects.get(sku=f"P-{number}")
        assert (found.name, found.brand) == (name.strip() or "n", brand.strip())
        assert found.description == description.strip()
        assert [one["value"] for one in found.specifications] == ([value.strip()] if value.strip() else [])


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40), st.text(max_size=10))
def test_a_specification_line_is_read_as_it_was_written(name, value, unit):
    name, value, unit = (" ".join(text.split()) or "x" for text in (name, value, unit or "mm"))
    assert spec_of(spec_line(name, value, unit)) == {"name": name, "value": value, "unit": unit}


@pytest.mark.shared
@pytest.mark.covers("R3.33")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_formulas_go_out_inert_and_come_back_unchanged(tmp_path, form):
    payloads = shared("security/csv-injection/payloads.txt").read_text().splitlines() + DANGEROUS
    payloads = [one for one in payloads if one.strip()]
    file = tmp_path / f"x.{form}"
    file.write_bytes(b"".join(write_file(form, ["sku"], [{"sku": one} for one in payloads], BmecatFacts())))
    table = open_table(file)
    assert [row.cells["sku"] for row in table.rows()] == [
        one.strip() if form == "xlsx" else one for one in payloads
    ]
    raw = file.read_bytes()
    assert b"<f>" not in raw
    if form == "csv":
        assert not [
            line
            for line in raw.decode("utf-8-sig").splitlines()[1:]
            if line.startswith(('"=', '"+', '"-', '"@'))
        ]


def test_an_export_is_only_of_the_goods_that_were_asked_for(cast: Cast, hansa: Company):
    imported("sku,name,brand,price\nX-1,One,Elbwerk,5\nX-2,Two,Other,7\n", hansa)
    rows = list(exported_rows(Selection(seller_id=hansa.pk, brand="elbwerk", status="draft")))
    assert [(row["sku"], row["units"]) for row in rows] == [("X-1", "C62=1/1/1")]
    public = Price.objects.get(product__sku="X-1").price_list_id
    rows = list(exported_rows(Selection(seller_id=hansa.pk, brand="Other", price_list_id=public)))
    assert (rows[0]["price"], Decimal(rows[0]["price_base"])) == ("7", 1)
