"""What goes out comes in again and changes nothing, whatever stands in it."""

import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kontor.catalog.models import (
    AgreedQuantity,
    BuyerPartNumber,
    Category,
    Classification,
    Configuration,
    Hazard,
    KitComponent,
    Medium,
    Product,
    ProductOptions,
    ProductRelation,
    ProductText,
    ProductVersion,
    SalesUnit,
)
from kontor.catalog.operations import AgreedFacts, agree_quantities, keep_configuration
from kontor.companies.models import Company, CustomerAccount, Membership
from kontor.exchange import folder
from kontor.exchange.writers import FORMS, Selection, columns_of, exported_rows, write_file
from kontor.inventory.models import StockItem
from kontor.pricing.models import Price
from kontor.tables import open_table
from kontor.tables.bmecat_writing import BmecatFacts
from kontor.tables.texts import spec_line, spec_of
from tests.cast import Cast, actor
from tests.catalog.configurable import desk
from tests.exchange.importing import imported, outcome
from tests.kits import kit_of
from tests.shared_files import shared

DANGEROUS = ["=1+1", "+49 40 123", "-5 °C", "@here", "\tx", "'quoted", "=cmd|' /C calc'!A0", "＝1"]
ERRORS = ["#WERT!", "'#REF!"]


@pytest.fixture(autouse=True)
def home(monkeypatch):
    with tempfile.TemporaryDirectory() as place:
        monkeypatch.setattr(folder, "root", lambda: Path(place) / "exchange")
        yield


def exported(form: str, selection: Selection) -> bytes:
    return b"".join(write_file(form, columns_of(selection), exported_rows(selection), BmecatFacts()))


def state(seller: Company) -> dict[str, list[tuple]]:
    """All rows of a seller's goods, and of what hangs on them: an import touches none that is not in its file."""
    parts = (
        SalesUnit, Price, ProductText, Classification, ProductRelation, ProductOptions, Configuration, Medium,
        AgreedQuantity, BuyerPartNumber, Hazard, ProductVersion, StockItem,
    )  # fmt: skip
    rows = {one.__name__: one.objects.filter(product__seller=seller) for one in parts}
    rows |= {"goods": Product.objects.filter(seller=seller)}
    rows |= {"contents": KitComponent.objects.filter(kit__seller=seller)}
    return {name: list(found.order_by("pk").values_list()) for name, found in rows.items()}


@pytest.fixture
def rich(hansa: Company, store_admin: Membership, acme: Company, bolt: Product) -> Company:
    """Hansa with goods of every kind: a kit, a configurable desk that somebody chose, agreed quantities."""
    admin = actor(store_admin)
    kit_of(hansa, "SET-WALL", {"DRILL-18V": 1, "BOLT-M8": 50, "ASSEMBLY-H": "0.5"})
    chosen = desk(admin)
    keep_configuration(product_id=chosen.pk, chosen=("WAL", "160"))
    account = CustomerAccount.objects.get(seller=hansa, buyer=acme)
    agreed = [AgreedFacts(sku=bolt.sku, minimum=Decimal(2), multiple=Decimal(2))]
    agree_quantities(actor=admin, holder=account, agreed=agreed)
    SalesUnit.objects.filter(product=bolt).update(package="BX", gtin="4006381333931")
    return hansa


@pytest.mark.covers("R0.7", "R3.56")
@pytest.mark.parametrize("form", sorted(FORMS))
def test_goods_of_every_kind_go_out_and_come_in_and_nothing_changes(cast: Cast, rich: Company, form):
    hansa = rich
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
    assert all(before[name] for name in ("contents", "ProductOptions", "Configuration", "AgreedQuantity"))
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
FACT = st.one_of(TEXT, st.sampled_from(DANGEROUS + ERRORS), st.text("=+-@'\t ;,|\"\\[]:\n", max_size=20))


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


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_what_went_out_comes_in_where_nothing_is_there_yet(cast: Cast, rich: Company, form):
    selection = Selection(seller_id=rich.pk)
    goods = Product.objects.filter(seller=rich).exclude(kind="configurable")
    sent = {row["sku"]: row for row in exported_rows(selection) if row.get("kind") != "configurable"}
    content = b"".join(write_file(form, columns_of(selection), iter(sent.values()), BmecatFacts()))
    levante = cast.companies["levante"]
    run = imported(content, levante, name=f"goods.{FORMS[form].ending}")

    assert (run.status, run.problem, run.errors) == ("done", "", [])
    assert run.counts["new"] == goods.count()
    assert {row["sku"]: row for row in exported_rows(Selection(seller_id=levante.pk))}.items() >= sent.items()


def test_a_file_changes_a_configurable_product_and_its_options_stay(cast: Cast, rich: Company):
    before = state(rich)
    run = imported("sku,name,kind\nDESK-1,Standing desk,configurable\n", rich)

    assert (run.status, outcome(run)) == ("done", {"rows": 1, "changed": 1})
    assert Product.objects.get(sku="DESK-1").name == "Standing desk"
    after = state(rich)
    assert [after[one] for one in ("ProductOptions", "Configuration")] == [
        before[one] for one in ("ProductOptions", "Configuration")
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("DESK-2,Desk,configurable,active", "Enter the options before the product goes on sale."),
        (
            "DESK-1,Desk,goods,active",
            "This stays as it is once an article was on sale. Add a new article instead.",
        ),
    ],
)
def test_a_file_neither_sells_a_desk_without_options_nor_takes_them_from_one(
    cast: Cast, rich: Company, row, why
):
    before = state(rich)
    shelf = Category.objects.values_list("path", flat=True)[0]
    run = imported(f"sku,name,kind,status,category\n{row},{shelf}\n", rich)

    assert (run.status, [one["why"] for one in run.errors]) == ("refused", [why])
    assert state(rich) == before


def test_new_rules_of_a_unit_leave_its_package_and_gtin(cast: Cast, rich: Company):
    unit = SalesUnit.objects.filter(product__sku="BOLT-M8")[0]
    run = imported(f"sku,units\nBOLT-M8,{unit.unit}={unit.factor:f}/7/7\n", rich)

    assert (run.status, outcome(run)) == ("done", {"rows": 1, "changed": 1})
    kept = SalesUnit.objects.get(product__sku="BOLT-M8")
    assert (kept.minimum, kept.package, kept.gtin) == (Decimal(7), "BX", "4006381333931")


def test_an_export_is_only_of_the_goods_that_were_asked_for(cast: Cast, hansa: Company):
    imported("sku,name,brand,price\nX-1,One,Elbwerk,5\nX-2,Two,Other,7\n", hansa)
    rows = list(exported_rows(Selection(seller_id=hansa.pk, brand="elbwerk", status="draft")))
    assert [(row["sku"], row["units"]) for row in rows] == [("X-1", "C62=1/1/1")]
    public = Price.objects.get(product__sku="X-1").price_list_id
    rows = list(exported_rows(Selection(seller_id=hansa.pk, brand="Other", price_list_id=public)))
    assert (rows[0]["price"], Decimal(rows[0]["price_base"])) == ("7", 1)
