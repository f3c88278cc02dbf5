"""Files come in: by SKU, only what differs, all rows or the good ones, as the person said."""

from decimal import Decimal

import orjson
import pytest
from django.conf import settings

from kontor.catalog.models import Category, Product, ProductText, ProductVersion
from kontor.companies.models import Company, Membership
from kontor.exchange import folder
from kontor.exchange.jobs import carry_out_import
from kontor.exchange.models import ImportRun, SavedMapping
from kontor.exchange.operations import Incoming, ask_for, save_mapping, set_plan, take_in
from kontor.exchange.plan import plan_from
from kontor.inventory.models import StockItem, StockMovement
from kontor.kernel.invariants import check_all
from kontor.kernel.models import OutboxEvent
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import Price
from tests.cast import Cast, actor
from tests.exchange.importing import imported, outcome, reasons

GERMAN = """Artikelnummer;Bezeichnung;Hersteller;EAN;Warengruppe;Preis;Bestand;Gewicht (kg)
S-1;Säge "Elbe";Elbwerk;4006381333931;Tools > Saws;1.249,90;12;3,25
S-2;Sägeblatt;Elbwerk;;Tools > Saws;9,5;300;
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "root", lambda: tmp_path / "exchange")


@pytest.mark.covers("R0.7")
def test_a_german_sheet_comes_in_without_a_hand_on_it(cast: Cast, hansa: Company):
    run = imported(GERMAN, hansa, makes_categories=True)

    assert (run.status, run.problem, outcome(run)) == (
        "done",
        "",
        {"rows": 2, "new": 2, "prices": 2, "stock": 2},
    )
    saw = Product.objects.get(seller=hansa, sku="S-1")
    assert (saw.name, saw.slug, saw.brand, saw.gtin) == (
        'Säge "Elbe"',
        "sage-elbe",
        "Elbwerk",
        "4006381333931",
    )
    assert (saw.category.path, saw.weight_grams, saw.status, saw.revision) == ("tools/saws", 3250, "draft", 1)
    assert list(saw.sales_units.values_list("unit", "factor")) == [("C62", 1)]
    assert Price.objects.get(product=saw).amount == Decimal("1249.90")
    item = StockItem.objects.get(product__sku="S-2")
    assert item.on_hand == 300
    moved = StockMovement.objects.get(stock_item=item)
    assert (moved.kind, moved.quantity, moved.reference) == ("adjustment", 300, f"import:{run.pk}")
    assert ProductVersion.objects.get(product=saw).actor_name == "import"
    about_stock = [one for one in check_all() if "stock" in one.name]
    assert about_stock
    assert not [one.name for one in about_stock if one.bad]


def test_the_same_file_again_touches_nothing(cast: Cast, hansa: Company):
    imported(GERMAN, hansa, makes_categories=True)
    before = list(
        Product.objects.filter(seller=hansa).order_by("id").values_list("sku", "revision", "updated_at")
    )
    events = OutboxEvent.objects.filter(name="catalog.ProductsChanged").count()

    run = imported(GERMAN, hansa)

    assert outcome(run) == {"rows": 2, "unchanged": 2}
    assert before == list(
        Product.objects.filter(seller=hansa).order_by("id").values_list("sku", "revision", "updated_at")
    )
    assert events == OutboxEvent.objects.filter(name="catalog.ProductsChanged").count()


def test_only_given_columns_change(cast: Cast, hansa: Company):
    imported(GERMAN, hansa, makes_categories=True)
    run = imported("sku,name\nS-1,Saw\nS-2,Sägeblatt\n", hansa)

    assert outcome(run) == {"rows": 2, "changed": 1, "unchanged": 1}
    saw = Product.objects.get(seller=hansa, sku="S-1")
    assert (saw.name, saw.slug, saw.brand, saw.weight_grams, saw.revision) == (
        "Saw",
        "saw",
        "Elbwerk",
        3250,
        2,
    )


@pytest.mark.parametrize(("clears", "brand"), [(False, "Elbwerk"), (True, "")])
def test_an_empty_cell_leaves_alone_or_empties_as_chosen(cast: Cast, hansa: Company, clears, brand):
    imported(GERMAN, hansa, makes_categories=True)
    imported("sku,brand,weight_kg,category\nS-1,,,\n", hansa, clears=clears)

    saw = Product.objects.get(seller=hansa, sku="S-1")
    assert saw.brand == brand
    assert (saw.weight_grams is None, saw.category is None) == (clears, clears)


WRONG = """sku,name,gtin,price,weight_kg
A-1,Anvil,4006381333931,12.50,1
A-2,,4006381333931,12.50,1
A-3,Axe,4006381333932,-1,heavy
A-1,Again,,1,1
"""


@pytest.mark.covers("R0.7")
def test_one_wrong_row_keeps_the_whole_file_out_and_every_reason_is_told(cast: Cast, hansa: Company):
    run = imported(WRONG, hansa)

    assert (run.status, run.problem) == ("refused", "Some rows are wrong, so nothing was imported.")
    assert not Product.objects.filter(sku__startswith="A-").exists()
    assert reasons(run) == [
        (3, "", "The article A-2 is new and has no name."),
        (4, "gtin", "“4006381333932” is not a GTIN: 8, 12, 13 or 14 digits with a fitting check digit."),
        (4, "price", "“-1” is not a price of 0 or more with at most six decimals."),
        (4, "weight_kg", "“heavy” is not a number."),
        (5, "", "The SKU A-1 stands in this file twice."),
    ]


def test_good_rows_alone_come_in_when_that_was_said_and_the_others_are_a_file_to_repair(
    cast: Cast, hansa: Company
):
    run = imported(WRONG, hansa, takes_good_rows=True)

    assert (run.status, outcome(run)) == ("done", {"rows": 4, "new": 1, "wrong": 3, "prices": 1})
    report = folder.path_of(run.error_file).read_text("utf-8-sig").splitlines()
    assert report[0] == '"Line in the file","Why it was not imported","sku","name","gtin","price","weight_kg"'
    assert report[1].startswith('"3","The article A-2 is new and has no name.","A-2"')

    repaired = folder.path_of(run.error_file).read_text("utf-8-sig")
    repaired = repaired.replace('"A-2",""', '"A-2","Adze"').replace("4006381333932", "").replace("heavy", "2")
    repaired = repaired.replace('"\'-1"', '"3"').replace('"A-1"', '"A-4"')
    again = imported(repaired, hansa)
    assert outcome(again) == {"rows": 3, "new": 3, "prices": 3}


def test_a_check_says_what_would_happen_and_changes_nothing(cast: Cast, hansa: Company):
    run = imported(GERMAN, hansa, check=True, makes_categories=True)

    assert (run.status, outcome(run)) == ("checked", {"rows": 2, "new": 2, "prices": 2, "stock": 2})
    assert not Product.objects.filter(sku="S-1").exists()
    assert not Category.objects.filter(path="tools").exists()
    assert not OutboxEvent.objects.filter(name="catalog.ProductsChanged").exists()


def test_another_sellers_goods_of_the_same_sku_stay_as_they_are(cast: Cast, hansa: Company, levante: Company):
    imported("sku,name\nX-1,Ours\n", hansa)
    imported("sku,name\nX-1,Theirs\n", levante)

    assert {one.seller: one.name for one in Product.objects.filter(sku="X-1")} == {
        hansa: "Ours",
        levante: "Theirs",
    }


def test_each_part_needs_its_right(
    cast: Cast, hansa: Company, cat: Membership, wim: Membership, ana: Membership
):
    imported("sku,name\nX-1,Thing\n", hansa)
    with pytest.raises(NotAllowed):
        imported("sku,stock\nX-1,5\n", hansa, actor=actor(cat))
    with pytest.raises(NotAllowed):
        imported("sku,name\nX-1,Other\n", hansa, actor=actor(wim))
    with pytest.raises(NotAllowed):
        take_in(actor=actor(ana), incoming=Incoming(name="x.csv", pieces=[b"sku,name\nX,Y\n"]))
    assert outcome(imported("sku,stock\nX-1,5\n", hansa, actor=actor(wim))) == {"rows": 1, "stock": 1}
    assert Product.objects.get(sku="X-1").name == "Thing"


def test_a_column_beyond_the_role_is_refused_at_once_beside_it(cast: Cast, hansa: Company, cat: Membership):
    run = take_in(
        actor=actor(cat), incoming=Incoming(name="prices.csv", pieces=[b"sku,name,price\nA-1,One,2.50\n"])
    )
    set_plan(actor=actor(cat), run=run, plan=plan_from(run.plan | {"price_list": "public"}))

    with pytest.raises(Refused) as refused:
        ask_for(actor=actor(cat), run=run, check=True)

    assert refused.value.code == "column_not_allowed"
    assert list(refused.value.fields) == ["columns/price"]
    run.refresh_from_db()
    assert run.status == ImportRun.Status.OPEN


def test_a_right_lost_before_the_worker_came_ends_the_import_with_a_reason(
    cast: Cast, hansa: Company, store_admin: Membership
):
    run = take_in(
        actor=actor(store_admin), incoming=Incoming(name="goods.csv", pieces=[b"sku,name\nA-1,One\n"])
    )
    ask_for(actor=actor(store_admin), run=run, check=False)
    Membership.objects.filter(pk=store_admin.pk).update(roles=["finance"])

    carry_out_import(run.pk, check=False)

    run.refresh_from_db()
    assert (run.status, run.is_busy) == (ImportRun.Status.REFUSED, False)
    assert run.problem.startswith("You may not do this.")
    assert not Product.objects.filter(sku="A-1").exists()


def test_who_left_before_the_worker_came_imports_nothing(cast: Cast, hansa: Company, cat: Membership):
    incoming = Incoming(name="goods.csv", pieces=[b"sku,name\nX-1,Thing\n"])
    run = take_in(actor=actor(cat), incoming=incoming)
    ask_for(actor=actor(cat), run=run, check=False)
    Membership.objects.filter(pk=cat.pk).update(is_active=False)
    carry_out_import(run.pk, check=False)
    run.refresh_from_db()
    assert (run.status, Product.objects.filter(sku="X-1").exists()) == ("refused", False)
    assert run.problem == "Who asked for this import does not work here any more. Start it yourself."


def test_a_file_name_keeps_only_what_can_be_read_and_leads_nowhere(cast: Cast, hansa: Company):
    for name in ("goods.c\0sv", "\x1b[2Jgoods\r\n.csv", "../../../goods.csv/../x", "a.csv\ud800"):
        run = imported("sku,name\nX-1,Thing\n", hansa, name=name)
        assert run.status == "done"
        assert run.file_name.isprintable()
        assert folder.path_of(run.file).is_relative_to(folder.root())


def test_stock_never_falls_below_what_is_promised(cast: Cast, hansa: Company):
    imported("sku,name,stock\nX-1,Thing,50\n", hansa)
    StockItem.objects.filter(product__sku="X-1").update(reserved=20)
    run = imported("sku,stock\nX-1,10\n", hansa)

    assert reasons(run) == [
        (2, "", "20 pieces are reserved for orders. Release or cancel some of them first.")
    ]
    assert StockItem.objects.get(product__sku="X-1").on_hand == 50


def test_price_breaks_come_from_columns_or_from_rows(cast: Cast, hansa: Company):
    imported("sku,name\nX-1,Thing\n", hansa)
    columns = {"sku": "sku", "each": "price", "from 100": "price:100", "per": "price_base"}
    imported("sku,each,from 100,per\nX-1,12.5,11,100\n", hansa, columns=columns)
    imported("sku,price,price_from\nX-1,10,1000\nX-1,9,5000\n", hansa)

    found = Price.objects.filter(product__sku="X-1").order_by("min_quantity")
    assert [(one.min_quantity, one.amount, one.price_base) for one in found] == [
        (1, Decimal("12.5"), 100), (100, 11, 100), (1000, 10, 1), (5000, 9, 1)
    ]  # fmt: skip


def test_a_price_in_another_currency_than_the_list_is_refused(cast: Cast, hansa: Company):
    run = imported("sku,name,price,currency\nX-1,Thing,5,USD\n", hansa)
    assert reasons(run) == [(2, "currency", "The price is in USD, the price list in EUR.")]


def test_goods_go_on_sale_when_they_are_ready(cast: Cast, hansa: Company):
    run = imported("sku,name,status\nX-1,Thing,active\n", hansa)
    assert reasons(run) == [(2, "status", "Choose a category before the product goes on sale.")]

    run = imported(
        "sku,name,category\nX-1,Thing,Tools\n", hansa, constants={"status": "aktiv"}, makes_categories=True
    )
    assert (run.status, Product.objects.get(sku="X-1").status) == ("done", "active")
    run = imported("sku,status\nX-1,draft\n", hansa)
    assert reasons(run) == [(2, "status", "From its present status the product cannot get this one.")]


def test_attributes_are_made_where_that_was_said_each_of_the_kind_of_its_values(cast: Cast, hansa: Company):
    text = "sku,name,Voltage,Cordless,Colour\nX-1,Drill,18,true,red\nX-2,Saw,230,false,\n"
    run = imported(
        text, hansa, others="attributes", makes_attributes=True, constants={"family": "Power tools"}
    )

    assert (run.status, outcome(run)) == ("done", {"rows": 2, "new": 2})
    assert Product.objects.get(sku="X-1").attributes == {"voltage": "18", "cordless": True, "colour": "red"}
    run = imported("sku,Voltage\nX-1,much\n", hansa)
    assert reasons(run) == [(2, "Voltage", "“much” is not a number. Write it as 12.5.")]
    run = imported("sku,name,Voltage\nX-9,Hammer,18\n", hansa)
    assert reasons(run) == [(2, "Voltage", "It has no family, so it has no attribute “Voltage”.")]
    assert outcome(imported("sku,Voltage\nX-1,20\n", hansa)) == {"rows": 1, "changed": 1}
    assert Product.objects.get(sku="X-1").attributes == {"voltage": "20", "cordless": True, "colour": "red"}


def test_texts_units_classes_and_specifications_come_in(cast: Cast, hansa: Company):
    text = (
        "sku,name,name de,units,eclass,specifications,Length\n"
        'X-1,Bolt,Schraube,C62=1 XBX=100/1/2,27-14-11-37,"Thread: M8\nHead: hex [mm]",40\n'
    )
    columns = {
        "sku": "sku", "name": "name", "name de": "name:de", "units": "units", "eclass": "class:eclass",
        "specifications": "specifications",
    }  # fmt: skip
    run = imported(text, hansa, columns=columns)
    assert outcome(run) == {"rows": 1, "new": 1}
    bolt = Product.objects.get(sku="X-1")
    assert list(bolt.sales_units.values_list("unit", "factor", "multiple", "position")) == [
        ("C62", 1, 1, 0), ("XBX", 100, 2, 1)
    ]  # fmt: skip
    assert bolt.specifications == [
        {"name": "Thread", "value": "M8", "unit": ""}, {"name": "Head", "value": "hex", "unit": "mm"}
    ]  # fmt: skip
    assert ProductText.objects.get(product=bolt).name == "Schraube"
    assert bolt.classifications.get().code == "27-14-11-37"
    assert outcome(imported(text, hansa, columns=columns)) == {"rows": 1, "unchanged": 1}
    run = imported("sku,Length\nX-1,45\n", hansa, others="specifications")
    assert bolt.specifications[0] in Product.objects.get(sku="X-1").specifications
    assert {"name": "Length", "value": "45", "unit": ""} in Product.objects.get(sku="X-1").specifications


def test_a_mapping_is_kept_and_taken_over_by_the_next_file_of_its_kind(
    cast: Cast, hansa: Company, cat: Membership
):
    run = take_in(actor=actor(cat), incoming=Incoming(name="a.csv", pieces=[b"code,what\nX-1,Thing\n"]))
    assert run.plan["columns"] == {}
    ImportRun.objects.filter(pk=run.pk).update(plan=run.plan | {"columns": {"code": "sku", "what": "name"}})
    run.refresh_from_db()
    save_mapping(actor=actor(cat), run=run, name="Weekly list")

    second = take_in(actor=actor(cat), incoming=Incoming(name="b.csv", pieces=[b"what,code\nOther,X-2\n"]))
    assert second.plan["columns"] == {"code": "sku", "what": "name"}
    assert second.mapping == SavedMapping.objects.get(name="Weekly list")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old_excel"),
        (b"PK\x03\x04nonsense", "not_an_archive"),
        (b"sku,name\nX-1,a\x81b\xc3\n", "encoding"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><BMECAT>&x;</BMECAT>', "entities"),
        (b"<html></html>", "not_bmecat"),
        (b"{broken", "not_json"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason_and_leaves_nothing(
    cast: Cast, hansa, content, code, tmp_path
):
    with pytest.raises(Refused) as refused:
        imported(content, hansa)
    assert refused.value.code == code
    assert refused.value.fields["file"] == refused.value.message
    assert not ImportRun.objects.exists()


def test_the_folder_of_files_lies_in_the_home_of_the_installation(monkeypatch):
    monkeypatch.undo()
    assert folder.root() == settings.CONFIG.home / "exchange"
    with pytest.raises(ValueError, match="exchange folder"):
        folder.path_of("../../etc/passwd")


def test_a_category_named_without_those_above_it_is_pointed_to(hansa: Company) -> None:
    imported(GERMAN, hansa, makes_categories=True)
    run = imported("sku,name,category\nX-1,Thing,saws\nX-2,Thing,Tulips\n", hansa, check=True)
    assert reasons(run) == [
        (2, "category", "“saws” stands below other categories. Write it with them: tools/saws."),
        (3, "category", "There is no category “Tulips”. Add it, or let the import add it."),
    ]


def test_a_price_that_stands_there_twice_is_wrong_also_beside_another_break(hansa: Company) -> None:
    imported("sku,name\nX-1,Thing\n", hansa)
    columns = {"sku": "sku", "each": "price", "from 100": "price:100"}
    run = imported("sku,each,from 100\nX-1,9,8\nX-1,7,\n", hansa, columns=columns)
    assert reasons(run) == [(3, "", "The SKU X-1 stands in this file twice.")]


def test_a_check_counts_what_the_import_then_does(cast: Cast, hansa: Company) -> None:
    imported(GERMAN, hansa, makes_categories=True)
    rows = [
        {
            "sku": "S-1",
            "name": "Säge",
            "name:de": "Säge",
            "price": "9",
            "stock": "11",
            "class:unspsc": "27112000",
        },
        {"sku": "S-2", "name": "Sägeblatt", "price": "9.5", "stock": "300", "units": "C62=1 XBX=10"},
        {"sku": "S-3", "name": "Neu", "category": "Tools > Axes", "price": "0", "stock": "0"},
        {"sku": "S-4", "name": "Auch neu", "stock": "5", "picture": "https://pictures.example/4.jpg"},
        {"sku": "S-1", "name": "Again"},
    ]
    content = b"\n".join(map(orjson.dumps, rows))
    columns = {name: name for row in rows for name in row}
    plan = {"columns": columns, "makes_categories": True, "takes_good_rows": True}
    checked = imported(content, hansa, name="x.jsonl", check=True, **plan)
    done = imported(content, hansa, name="x.jsonl", **plan)

    assert outcome(checked) == outcome(done) == {
        "rows": 5, "new": 2, "changed": 2, "wrong": 1, "prices": 2, "stock": 2, "pictures": 1,
    }  # fmt: skip
    assert outcome(imported(content, hansa, name="x.jsonl", check=True, **plan)) == {
        "rows": 5, "unchanged": 4, "wrong": 1,
    }  # fmt: skip
