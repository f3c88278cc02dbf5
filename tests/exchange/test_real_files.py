"""Other people's catalogs: each file comes in, or is refused with a reason that a catalog manager understands."""

import gzip
import resource
import time
from decimal import Decimal

import pytest

from kontor.catalog.models import Attribute, Product
from kontor.companies.models import Company
from kontor.exchange import folder
from kontor.kernel.refusal import Refused
from kontor.pricing.models import Price
from tests.cast import Cast
from tests.exchange.importing import imported, outcome, reasons
from tests.shared_files import ROOT, shared

pytestmark = [pytest.mark.shared, pytest.mark.covers("R0.7")]
# What becomes of each file: how many articles come in, or the reason in the row, or the reason for the file.
BMECAT: dict[str, str | int] = {
    "new_catalog_ok.xml": "Choose the price list for the prices.",  # there is none in DEM
    "testConvertBMEcatMissingOptions.xml": "“12345678901234” is not a GTIN",
    "testCreateBMEcatFullDataSeparatorsWrong.xml": "“12345678901234” is not a GTIN",
    "testCreateExcelFromBMEcatFullDataNonStrictValidation.xml": "“12345678901234” is not a GTIN",
    "testCreateExcelFullDataWithReferenceWithoutType.xml": 1,
    "testCreateExcelNestedArticleDetailsException.xml": "ARTICLE_DETAILS stands inside of another ARTICLE_DETAILS.",
    "testCreateExcelUserDefinedExtensionHaveFeatures.xml": 1,
    "testCreateExcelWithPriceValidity.xml": 1,
    "testCreateExcelWithoutProductId.xml": "The article has no number: SUPPLIER_AID (SUPPLIER_PID) is missing or empty.",
    "testDateWithoutType.xml": 1,
    "testImportFromBMEcatFullDataPricenamesDifferent.xml": "“12345678901234” is not a GTIN",
    "testConvertExcelToXmlWrongSeparatorsInDeliveryTime.xlsx": "“12345678901234” is not a GTIN",
    "testCreateBMEcatFromExcelFullDataNonStrictValidation.xlsx": "“12345678901234” is not a GTIN",
    "testCreateBMEcatFromExcelFullDataStrictValidation.xlsx": "“12345678901234” is not a GTIN",
    "testCreateBMEcatTwoPossibleSheets.xlsx": "“12345678901234” is not a GTIN",
    "testPriceIsNumberAndTaxIsString.xlsx": 12,
    "ETIM_BMEcat_Guideline_V3-1_to_2-2_-_Overview_elements_de.xlsx": "Say which column holds the SKU",
}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "root", lambda: tmp_path / "exchange")


def catalogs():
    if ROOT is None:
        return []
    return sorted(one for one in shared("catalog/bmecat").rglob("*") if one.is_file())


@pytest.mark.parametrize("file", catalogs(), ids=lambda file: file.name)
def test_each_catalog_comes_in_or_says_why_not(cast: Cast, hansa: Company, file):
    expected = BMECAT.get(
        file.name, 1 if file.name.startswith("WEI_") else "This is the description of a file format"
    )
    try:
        run = imported(file.read_bytes(), hansa, name=file.name, makes_categories=True, shortens=True)
    except Refused as refusal:
        said = " ".join([refusal.message, *refusal.fields.values()])
        assert isinstance(expected, str), said
        assert expected in said
        return
    if isinstance(expected, int):
        assert (run.status, reasons(run)) == ("done", [one for one in reasons(run) if "Shortened" in one[2]])
        assert run.counts["new"] == expected
    else:
        assert run.status == "refused"
        assert str(expected) in " ".join(why for _line, _column, why in reasons(run))


def test_the_icecat_catalog_comes_in_whole(cast: Cast, hansa: Company, capsys):
    content = gzip.decompress(shared("catalog/icecat/products.jsonl.gz").read_bytes())
    columns = {
        "id": "sku", "title": "name", "name": "manufacturer_part_number", "short_description": "summary",
        "supplier": "brand", "price": "price", "ean": "gtin",
        **dict.fromkeys(("img_high", "img_low", "img_500x500", "img_thumb", "date_released"), "ignore"),
    }  # fmt: skip
    plan = {
        "columns": columns, "others": "attributes", "makes_attributes": True, "makes_categories": True, "shortens": True,
        "constants": {"family": "Icecat", "category": "Computers", "status": "active", "price_base": "100"},
        "takes_good_rows": True,
    }  # fmt: skip
    begun = time.perf_counter()
    run = imported(content, hansa, name="products.jsonl", **plan)
    took = time.perf_counter() - begun
    begun = time.perf_counter()
    again = imported(content, hansa, name="products.jsonl", **plan)
    once_more = time.perf_counter() - begun
    with capsys.disabled():
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"\nIcecat: {run.counts}: {19_406 / took:,.0f} products/s; once more {19_406 / once_more:,.0f} products/s, "
            f"{most} MB"
        )

    assert (run.status, run.counts["rows"], run.counts["new"] + run.counts["wrong"]) == (
        "done",
        19_406,
        19_406,
    )
    wrong = [one for one in reasons(run) if "Shortened" not in one[2]]
    assert run.counts["wrong"] == 0, wrong[:5]
    assert Attribute.objects.filter(seller=hansa).count() >= 5_354
    toner = Product.objects.get(seller=hansa, sku="3920564")
    assert (toner.name, toner.gtin, toner.status) == (
        "Xerox 006R90321 toner cartridge Original Black 6 pc(s)", "0095205603217", "active"
    )  # fmt: skip
    assert toner.attributes["black_toner_page_yield"] == "23000"
    assert Price.objects.get(product=toner).amount / Price.objects.get(product=toner).price_base == Decimal(
        "49.95"
    )
    assert outcome(again)["unchanged"] == 19_406
