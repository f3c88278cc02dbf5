"""Pictures and documents on the product's page: in the reader's language, in the right size, to those who may see them."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from kontor.catalog.models import Medium, Product
from kontor.catalog.operations import DocumentFacts, PictureFacts, add_document, add_picture, add_video
from kontor.companies.models import Membership
from kontor.goods.renditions import rendition
from kontor.kernel import clock
from kontor.kernel.storage.disk import Disk
from kontor.kernel.storage.store import StoreProblem
from tests.cast import actor

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> None:
    settings.FILES_FOLDER = tmp_path


def drawn(colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), colour).save(out, "JPEG")
    return out.getvalue()


def page_of(client: Client, product: Product, language: str = "en") -> str:
    address = reverse("storefront:product", args=[product.pk, product.slug])
    return client.get(address, headers={"Accept-Language": language}).content.decode()


def test_a_picture_offers_its_widths_as_avif_and_webp_and_keeps_its_room(
    client: Client, cat: Membership, bolt: Product
):
    file = add_picture(actor=actor(cat), product=bolt, data=drawn()).file
    html = page_of(client, bolt)

    avif = ", ".join(f"/media/{rendition(file, side, 'avif')} {side}w" for side in (320, 640, 960))
    webp = ", ".join(f"/media/{rendition(file, side)} {side}w" for side in (320, 640, 960))
    assert f'<source type="image/avif" srcset="{avif}"' in html
    assert f'srcset="{webp}, /media/{file} 1200w"' in html
    assert 'width="640" height="426"' in html
    for side, form in ((320, "avif"), (960, "webp")):
        answer = client.get(f"/media/{rendition(file, side, form)}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, f"image/{form}")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_documents_are_shown_in_the_readers_language_and_the_others_behind_a_fold(
    client: Client, cat: Membership, bolt: Product
):
    until = clock.today() + timedelta(days=30)
    for title, kind, language in (
        ("Betriebsanleitung", "manual", "de"), ("Instructions", "manual", "en"), ("CE", "certificate", ""),
        ("Fiche", "safety", "fr"),
    ):  # fmt: skip
        facts = DocumentFacts(title=title, kind=kind, language=language, valid_until=until)
        add_document(actor=actor(cat), product=bolt, data=PDF + title.encode() + b"%%EOF", facts=facts)
    add_video(actor=actor(cat), product=bolt, url="https://video.example/1", title="Film", language="de")

    english, _fold, others = page_of(client, bolt).partition("In other languages")
    assert all(title in english for title in ("Instructions", "CE", "Fiche", "Film"))
    assert "Betriebsanleitung" in others
    german, _fold, others = page_of(client, bolt, "de").partition("In anderen Sprachen")
    assert all(title in german for title in ("Betriebsanleitung", "CE", "Fiche", "Film"))
    assert "Instructions" in others


def test_a_document_is_not_shown_before_and_after_its_days(client: Client, cat: Membership, bolt: Product):
    today = clock.today()
    past = DocumentFacts(title="Old certificate", kind="certificate", valid_until=today - timedelta(days=1))
    coming = DocumentFacts(title="New certificate", kind="certificate", valid_from=today + timedelta(days=1))
    for facts in (past, coming):
        add_document(actor=actor(cat), product=bolt, data=PDF, facts=facts)

    html = page_of(client, bolt)
    assert "Old certificate" not in html
    assert "New certificate" not in html


def test_a_document_is_a_download_for_those_who_see_its_product(
    client: Client, cat: Membership, bolt: Product
):
    facts = DocumentFacts(title="CE", kind="certificate")
    file = add_document(actor=actor(cat), product=bolt, data=PDF, facts=facts).file
    answer = client.get(f"/media/{file}")
    assert (answer.content, answer.headers["Content-Disposition"]) == (PDF, "attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"].startswith("private")

    Product.objects.filter(pk=bolt.pk).update(status="draft")
    assert client.get(f"/media/{file}").status_code == 404


def test_the_page_stands_while_the_store_is_away(client: Client, cat: Membership, bolt: Product, monkeypatch):
    file = add_picture(actor=actor(cat), product=bolt, data=drawn(), facts=PictureFacts(title="Front")).file

    def away(_self: Disk, _name: str) -> bytes:
        raise StoreProblem("away")

    monkeypatch.setattr(Disk, "read", away)
    assert file in page_of(client, bolt)
    answer = client.get(f"/media/{file}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")


def test_a_picture_of_an_earlier_version_is_shown_as_it_is(client: Client, bolt: Product):
    old = f"ab/{'0' * 64}.webp"
    Medium.objects.create(product=bolt, kind="picture", title="x", file=old, media_type="image/webp")

    assert f'<img src="/media/{old}"' in page_of(client, bolt)
    assert client.get(f"/media/{old}").status_code == 404
