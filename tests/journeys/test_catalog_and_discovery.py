"""A catalog manager brings in a messy file and repairs it; a purchaser finds goods of it and orders them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from kontor.catalog.models import Product
from kontor.inventory.models import StockItem
from kontor.orders.models import Order
from kontor.pricing.models import Price
from tests.journeys.stage import Person, Stage

# As a supplier sends it: two lines of a title, German names, decimal commas, Windows letters, blanks around, and five
# rows that cannot be taken: an amount that is none, a GTIN with a wrong digit, no SKU, one twice, a unit for volts.
MESSY = """\
Preisliste Winter 2026;;;;;;;;
gültig ab 1.12.2026;;;;;;;;
Artikelnr.;Bezeichnung;Hersteller;Warengruppe;VK;Bestand;GTIN;Spannung;Gehäuse
HL-1010;Hallenstrahler 100 W;Hafenlicht;Leuchten > Strahler;1.049,90;12;;230 V;Alu grau
HL-1015 ; Hallenstrahler 150 W;Hafenlicht;Leuchten > Strahler;124,90;8;4006381333931;230 V;Alu grau
HL-1020;Hallenstrahler 200 W;Hafenlicht;Leuchten > Strahler;auf Anfrage;5;;400 V;Alu schwarz
HL-1030;Hallenstrahler 300 W;Hafenlicht;Leuchten > Strahler;179,90;3;4006381333932;400 V;Alu schwarz
;Montagebügel;Hafenlicht;Leuchten > Zubehör;19,90;70;;;
HL-1010;Hallenstrahler 100 W;Hafenlicht;Leuchten > Strahler;999,00;12;;230 V;Alu grau
HL-1040;Hallenstrahler 400 W;Hafenlicht;Leuchten > Strahler;210,00;4;;400 kg;Alu schwarz
"""
LAMPS = ("HL-1010", "HL-1015", "HL-1020", "HL-1030", "HL-1040")


def uploads(cat: Person, name: str, text: str) -> None:
    cat.goes("/office/imports/")
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": text.encode("cp1252")}
    cat.page.locator("input[type=file]").set_input_files(file)
    cat.presses("Upload")
    cat.reads_heading(name)


def describes_lamps(cat: Person) -> None:
    """An attribute with a unit that customers may filter by, and the family that has it."""
    cat.goes("/office/attributes/new/")
    cat.fills(Name="Spannung")
    cat.page.get_by_label("Kind of values").select_option("number")
    cat.page.get_by_label("Unit", exact=True).select_option("VLT")
    cat.presses("Save")
    cat.goes("/office/families/new/")
    cat.fills(Name="Strahler")
    first = cat.page.get_by_label("Attribute", exact=True).first
    first.select_option(label="Spannung")
    cat.page.get_by_label("Filter", exact=True).first.check()
    cat.presses("Save")


def says_what_columns_mean(cat: Person) -> None:
    """What is suggested is right; two columns are the manager's to decide."""
    for column, meaning in (
        ("Artikelnr.", "sku"), ("Bezeichnung", "name"), ("Hersteller", "brand"), ("Warengruppe", "category"),
        ("VK", "price"), ("Bestand", "stock"), ("GTIN", "gtin"), ("Spannung", "attribute:spannung"),
    ):  # fmt: skip
        expect(cat.page.get_by_label(f"{column} means")).to_have_value(meaning)
    expect(cat.page.get_by_label("Decimal sign")).to_have_value(",")
    cat.page.get_by_label("Columns without a meaning").select_option("specifications")
    cat.page.get_by_label("Add categories that are not there yet").check()
    cat.page.get_by_label("Status", exact=True).select_option("active")
    cat.page.get_by_label(re.compile("^Family")).fill("Strahler")
    cat.page.get_by_label("Prices go into").select_option("public")
    cat.page.get_by_label("Stock is that of").select_option("HAM")
    cat.page.get_by_label("When rows are wrong").select_option("good")


def reads_what_is_wrong(cat: Person) -> None:
    cat.presses("Check")
    cat.sees("This is what an import would do. Nothing was changed yet.")
    table = cat.page.get_by_role("table", name="What is wrong")
    for line, column in (("6", "VK"), ("7", "GTIN"), ("10", "Spannung")):
        row = table.get_by_role("row").filter(has=cat.page.get_by_role("cell", name=line, exact=True))
        expect(row).to_contain_text(column)
    expect(table).to_contain_text("The SKU HL-1010 stands in this file twice.")
    assert not Product.objects.filter(sku__startswith="HL-").exists()


def repaired(wrong: str) -> str:
    """The manager's corrections in the rows that were handed back."""
    for is_wrong, right in (
        ("auf Anfrage", "149,90"), ("4006381333932", "4006381333948"), ("400 kg", "400 V"),
    ):  # fmt: skip
        assert is_wrong in wrong
        wrong = wrong.replace(is_wrong, right)
    kept = [row for row in wrong.splitlines() if "Montagebügel" not in row and "999,00" not in row]
    return "\n".join(kept)


def price_of(sku: str) -> str:
    return str(Price.objects.get(product__sku=sku, price_list__code="public").amount)


@pytest.mark.covers("R0.7", "R1.6", "R1.34")
def test_a_messy_file_comes_in_and_what_was_wrong_is_repaired(stage: Stage, come: Callable[..., Person]):
    cat = come("store_admin")
    describes_lamps(cat)
    uploads(cat, "winter.csv", MESSY)
    says_what_columns_mean(cat)
    reads_what_is_wrong(cat)
    cat.page.get_by_label("Keep this mapping as").fill("Hafenlicht")
    cat.presses("Save the mapping")
    cat.sees("The mapping is saved.")
    cat.presses("Import")
    link = cat.page.get_by_role("link", name="All wrong rows as a file")
    cat.page.get_by_role("heading", name="Report").wait_for()
    expect(cat.page.get_by_role("heading", level=1)).to_contain_text("Done")
    there = Product.objects.filter(sku__in=LAMPS).order_by("sku")
    assert list(there.values_list("sku", flat=True)) == ["HL-1010", "HL-1015"]
    answer = cat.context.request.get(stage.address + str(link.get_attribute("href")))
    uploads(cat, "winter-repaired.csv", repaired(answer.body().decode("utf-8-sig")))
    expect(cat.page.get_by_label("Keep this mapping as")).to_have_value("Hafenlicht")
    cat.presses("Import")
    cat.page.get_by_role("heading", name="Report").wait_for()
    cat.sees_not("What is wrong")
    assert [price_of(sku) for sku in LAMPS] == [
        "1049.900000", "124.900000", "149.900000", "179.900000", "210.000000",
    ]  # fmt: skip
    stock = StockItem.objects.filter(product__sku__in=LAMPS).order_by("product__sku")
    assert [int(one.on_hand) for one in stock] == [12, 8, 5, 3, 4]
    lamp = Product.objects.get(sku="HL-1040")
    assert (lamp.status, lamp.name, lamp.attributes["spannung"]) == ("active", "Hallenstrahler 400 W", "400")
    assert lamp.specifications == [{"name": "Gehäuse", "value": "Alu schwarz", "unit": ""}]


@pytest.mark.covers("R0.39", "R1.26", "R1.28", "R3.17")
def test_a_purchaser_finds_by_the_own_number_filters_compares_and_orders(
    stage: Stage, come: Callable[..., Person]
):
    ana = come("ana")
    ana.finds("hallenstrahler", "5 articles")
    ana.goes("/company/part-numbers/")
    ana.page.get_by_label(re.compile("^Rows of a spreadsheet")).fill("STR-77-001\tHL-1040")
    ana.presses("Take over")
    ana.sees("HL-1040")
    search = ana.page.get_by_role("combobox", name="Search").first
    search.fill("str77001")
    search.press("Enter")
    ana.reads_heading("Hallenstrahler 400 W")
    ana.finds("hallenstrahler", "5 articles")
    ana.page.get_by_role("group", name="Spannung (V)").get_by_label("400").check()
    ana.sees("3 articles")
    ana.sees_not("HL-1010")
    for sku in ("HL-1030", "HL-1040"):
        ana.in_main().get_by_role("article").filter(has_text=sku).get_by_label("Compare").check()
    ana.presses("Compare")
    ana.reads_heading("Compare")
    differing = ana.page.locator("tr.differs")
    expect(differing.filter(has_text="Price")).to_contain_text("179.90")
    expect(ana.page.locator("tr").filter(has_text="Spannung")).not_to_have_class(re.compile("differs"))
    ana.presses("Add HL-1040 to the cart")
    ana.sees("Hallenstrahler 400 W is in the cart.")
    ana.goes("/cart/")
    ana.follows("Order")
    ana.field("Your order number").fill("STR-1")
    ana.presses("Order with obligation to pay")
    order = Order.objects.get(number=ana.reads_number("Order"), buyer=stage.cast.companies["acme"])
    assert [(line.sku, str(line.net)) for line in order.lines.all()] == [("HL-1040", "210.000")]
