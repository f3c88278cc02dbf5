import io

from pypdf import PdfReader

from kontor.catalog.documents import datasheet_pdf
from kontor.catalog.models import Product


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_data_sheet_is_made_from_what_is_known_of_the_product(bolt: Product):
    Product.objects.filter(pk=bolt.pk).update(
        description="Galvanised.\n\nFor dry rooms.",
        weight_grams=1250,
        specifications=[
            {"name": "Thread", "value": "M8", "unit": ""},
            {"name": "Length", "value": "40", "unit": "mm"},
        ],
    )
    bolt.refresh_from_db()
    text = text_of(datasheet_pdf(bolt, "en"))

    for words in (
        "Data sheet",
        "BOLT-M8",
        "Hex bolt M8 x 40",
        "Thread",
        "40 mm",
        "For dry rooms.",
        "box of 100 pieces",
        "Norddraht",
    ):
        assert words in text, words
    assert "12.50" not in text


def test_a_product_of_which_little_is_known_has_one_too(assembly: Product):
    assert "ASSEMBLY-H" in text_of(datasheet_pdf(assembly, "en"))
