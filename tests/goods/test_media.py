import hashlib
import io
import struct
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from kontor.catalog.models import Medium, Product
from kontor.catalog.operations import (
    DocumentFacts,
    PictureFacts,
    add_data_sheet,
    add_document,
    add_picture,
    add_video,
    order_media,
    remove_medium,
)
from kontor.companies.models import Membership
from kontor.goods.media import check_picture, is_as_named, store_pdf, store_picture
from kontor.goods.renditions import (
    Size,
    card_path,
    forms_of,
    media_type_of,
    rendition,
    sides_of,
    size_of,
    whole_of,
)
from kontor.kernel.refusal import NotAllowed, Refused
from tests.cast import actor

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def media_folder(settings, tmp_path: Path) -> Path:
    settings.FILES_FOLDER = tmp_path
    return tmp_path / "media"


def drawn(width: int = 2000, height: int = 1000, mode: str = "RGB", form: str = "PNG", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), 128 if mode in ("L", "P") else (10, 200, 30, 120)[: len(mode)]).save(
        out, form, **options
    )
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A tiny PNG that says it is enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def test_a_picture_is_made_anew_and_named_by_what_it_holds_and_its_size(media_folder: Path):
    stored = store_picture(drawn())
    data = (media_folder / stored.path).read_bytes()

    name = hashlib.sha256(data).hexdigest()
    assert stored.path == f"{name[:2]}/{name}-1600x800.webp"
    assert (stored.media_type, stored.byte_size) == ("image/webp", len(data))
    assert stored.digest == hashlib.sha256(drawn()).hexdigest()
    assert Image.open(io.BytesIO(data)).size == (1600, 800)
    assert store_picture(drawn()) == stored


def test_a_picture_is_kept_in_three_smaller_sizes_and_two_forms(media_folder: Path):
    path = store_picture(drawn()).path
    kept = {(Image.open(file).size, file.suffix) for file in media_folder.rglob("*.*")}

    sizes = {(320, 160), (640, 320), (960, 480)}
    assert kept == {(size, form) for size in sizes for form in (".webp", ".avif")} | {((1600, 800), ".webp")}
    assert sides_of(path) == (320, 640, 960)
    assert rendition(path, 640, "avif") == path.replace(".webp", ".640.avif")
    assert whole_of(rendition(path, 640, "avif")) == path
    assert Image.open(media_folder / card_path(path)).size == (320, 160)


def test_a_picture_smaller_than_the_largest_side_is_kept_as_webp_only(media_folder: Path):
    path = store_picture(drawn(700, 350)).path

    assert forms_of(path) == ("webp",)
    assert {file.suffixes[-2:][0] for file in media_folder.rglob("*.*")} == {".320", ".640", ".webp"}


def test_a_small_picture_is_its_own_rendition(media_folder: Path):
    path = store_picture(drawn(300, 200)).path

    assert (size_of(path), sides_of(path), card_path(path)) == (Size(300, 200), (), path)
    assert len(list(media_folder.rglob("*.*"))) == 1


def test_a_picture_from_before_names_had_sizes_has_one_small_one():
    path = f"ab/{'0' * 64}.webp"

    assert (size_of(path), sides_of(path)) == (None, ())
    assert card_path(path) == f"ab/{'0' * 64}.card.webp"
    assert rendition(path, 960) == path
    assert whole_of(card_path(path)) == path


def test_a_file_that_was_damaged_is_told_from_its_name(media_folder: Path):
    path = store_pdf(PDF).path

    assert is_as_named(path, PDF)
    assert not is_as_named(path, PDF + b" ")


@pytest.mark.parametrize(
    ("mode", "form"), [("RGBA", "PNG"), ("P", "GIF"), ("L", "JPEG"), ("CMYK", "JPEG"), ("RGB", "WEBP")]
)
def test_pictures_of_every_usual_kind_are_taken(mode: str, form: str):
    assert store_picture(drawn(40, 30, mode, form)).path.endswith(".webp")


def test_what_is_hidden_in_a_picture_is_left_behind(media_folder: Path):
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    stored = store_picture(drawn(40, 30, form="JPEG", exif=exif) + b"<script>alert(1)</script>")

    data = (media_folder / stored.path).read_bytes()
    assert b"secret place" not in data
    assert b"script" not in data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (SVG, "not_a_picture"),
        (b"", "not_a_picture"),
        (PDF, "not_a_picture"),
        (drawn(50, 50)[:70], "not_a_picture"),
        (bomb(60_000, 60_000), "too_many_pixels"),
        (bomb(100, 100), "not_a_picture"),
        (b"x" * 10_000_001, "file_too_large"),
    ],
    ids=["svg", "empty", "pdf", "cut", "bomb", "short", "large"],
)
def test_what_is_not_a_decent_picture_is_refused_at_its_field(data: bytes, code: str, media_folder: Path):
    with pytest.raises(Refused) as refusal:
        store_picture(data)

    assert (refusal.value.code, list(refusal.value.fields)) == (code, ["file"])
    assert not media_folder.exists()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (SVG, "not_a_picture"),
        (bomb(60_000, 60_000), "too_many_pixels"),
        (b"x" * 10_000_001, "file_too_large"),
    ],
)
def test_a_picture_is_judged_by_its_first_bytes_before_it_is_unpacked(data: bytes, code: str):
    with pytest.raises(Refused, match=code):
        check_picture(data)

    check_picture(drawn(40, 30))


def test_only_a_pdf_is_a_document(media_folder: Path):
    stored = store_pdf(PDF)
    assert (media_folder / stored.path).read_bytes() == PDF
    for data in (b"%PDF-1.7 cut", SVG, b""):
        with pytest.raises(Refused, match="not_a_pdf"):
            store_pdf(data)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", ""),
        ("../secret_key", ""),
        ("/etc/passwd", ""),
        ("ab/../../x.webp", ""),
        ("ab/" + "0" * 64 + ".svg", ""),
        ("ab/" + "0" * 64 + ".html", ""),
        ("ab/" + "0" * 64 + ".webp", "image/webp"),
        ("ab/" + "0" * 64 + "-1600x800.320.avif", "image/avif"),
        ("ab/" + "0" * 64 + ".pdf", "application/pdf"),
    ],
)
def test_only_our_own_names_are_files_and_the_name_says_the_kind(path: str, kind: str):
    assert media_type_of(path) == kind


def test_pictures_and_documents_of_a_product(cat: Membership, lev: Membership, drill: Product):
    who = actor(cat)
    first = add_picture(actor=who, product=drill, data=drawn(30, 30))
    second = add_picture(actor=who, product=drill, data=drawn(31, 30), facts=PictureFacts(title="Side"))
    sheet = add_data_sheet(actor=who, product=drill)
    manual = add_document(
        actor=who, product=drill, data=PDF, facts=DocumentFacts(title="Manual", kind="manual")
    )
    order_media(actor=who, product=drill, medium_ids=[second.pk, first.pk])

    assert list(drill.media.values_list("title", "kind", "position")) == [
        ("Side", "picture", 0), ("Cordless drill 18 V", "picture", 1), ("Data sheet", "datasheet", 2),
        ("Manual", "manual", 3),
    ]  # fmt: skip
    remove_medium(actor=who, medium=sheet)
    drill.refresh_from_db()
    assert (drill.media.count(), drill.revision) == (3, 7)
    for act in (
        lambda: add_picture(actor=actor(lev), product=drill, data=drawn(30, 30)),
        lambda: remove_medium(actor=actor(lev), medium=manual),
        lambda: order_media(actor=actor(lev), product=drill, medium_ids=[]),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_document_needs_a_title_and_a_kind_and_a_product_has_thirty_at_most(
    cat: Membership, drill: Product
):
    with pytest.raises(Refused, match="incomplete"):
        add_document(actor=actor(cat), product=drill, data=PDF, facts=DocumentFacts(title=" "))
    with pytest.raises(Refused, match="unknown_kind"):
        add_document(
            actor=actor(cat), product=drill, data=PDF, facts=DocumentFacts(title="x", kind="picture")
        )
    Medium.objects.bulk_create(
        Medium(product=drill, kind="picture", title="x", media_type="image/webp") for _ in range(30)
    )
    with pytest.raises(Refused, match="too_many_media"):
        add_picture(actor=actor(cat), product=drill, data=drawn(30, 30))


def test_a_certificate_has_a_language_and_days_between_which_it_counts(cat: Membership, drill: Product):
    day = date(2026, 11, 22)
    facts = DocumentFacts(title="CE", kind="certificate", language="de", valid_from=day, valid_until=day)
    kept = add_document(actor=actor(cat), product=drill, data=PDF, facts=facts)

    assert (kept.language, kept.valid_from, kept.valid_until) == ("de", day, day)
    wrong = replace(facts, valid_until=date(2026, 11, 21))
    with pytest.raises(Refused, match="wrong_dates"):
        add_document(actor=actor(cat), product=drill, data=PDF, facts=wrong)


@pytest.mark.parametrize(
    "url", ["http://video.example/1", "javascript:alert(1)", "https://", "", 'https://x.example/"']
)
def test_a_video_is_named_by_its_whole_address(cat: Membership, drill: Product, url: str):
    with pytest.raises(Refused, match="wrong_address"):
        add_video(actor=actor(cat), product=drill, url=url)

    kept = add_video(actor=actor(cat), product=drill, url=" https://video.example/watch?v=1 ")
    assert (kept.kind, kept.url, kept.title) == ("video", "https://video.example/watch?v=1", "Video")
