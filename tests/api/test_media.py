"""Media by API: sent as multipart, listed, ordered, removed; once per key, by those who may."""

import io
import uuid
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from kontor.catalog.models import Medium, Product
from kontor.companies.models import Membership
from kontor.kernel.storage.disk import Disk
from kontor.kernel.storage.store import StoreProblem
from tests.api.conftest import Caller, by_key

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> Path:
    settings.FILES_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def cat_api(cat: Membership) -> Caller:
    return by_key(cat)


def drawn(colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


def sent(caller: Caller, product: Product, data: bytes | None, key: str = "", **form: str) -> HttpResponse:
    """As curl does it: a new boundary each time."""
    fields: dict[str, Any] = dict(form)
    if data is not None:
        fields["file"] = SimpleUploadedFile("anything.exe", data, "application/x-msdownload")
    headers = caller.headers | {"Idempotency-Key": key or str(uuid.uuid4())}
    return cast(
        HttpResponse, caller.client.post(f"/api/v1/products/{product.pk}/media", fields, headers=headers)
    )


def test_a_picture_is_added_with_its_size_and_digest(cat_api: Caller, bolt: Product):
    answer = sent(cat_api, bolt, drawn(), title="Front", language="de")

    assert answer.status_code == 201
    got = orjson.loads(answer.content)
    kept = Medium.objects.get(product=bolt)
    assert got == {
        "id": kept.pk, "kind": "picture", "title": "Front", "language": "de", "valid_from": None, "valid_until": None,
        "media_type": "image/webp", "byte_size": kept.byte_size, "width": 60, "height": 40,
        "url": f"/media/{kept.file}", "sha256": kept.digest, "position": 0,
    }  # fmt: skip
    assert cat_api.client.get(got["url"]).headers["Content-Type"] == "image/webp"


def test_the_same_key_adds_once_whatever_the_boundary(cat_api: Caller, bolt: Product):
    first, again = (sent(cat_api, bolt, drawn(), key="picture-1") for _turn in range(2))
    assert (first.content, again.headers["Idempotency-Replayed"]) == (again.content, "true")
    assert bolt.media.count() == 1

    other = sent(cat_api, bolt, drawn("red"), key="picture-1")
    assert (other.status_code, orjson.loads(other.content)["code"]) == (422, "idempotency_key_reused")


def test_documents_videos_and_made_data_sheets_are_listed_in_order(cat_api: Caller, bolt: Product):
    sent(
        cat_api, bolt, PDF, kind="certificate", title="CE", valid_from="2026-01-01", valid_until="2026-12-31"
    )
    sent(cat_api, bolt, None, kind="video", url="https://video.example/1", title="How to")
    sent(cat_api, bolt, None, kind="datasheet")
    sent(cat_api, bolt, drawn(), kind="drawing", title="Side")
    listed = orjson.loads(cat_api.get(f"products/{bolt.pk}/media").content)["items"]
    assert [(one["kind"], one["title"], one["valid_until"]) for one in listed] == [
        ("certificate", "CE", "2026-12-31"), ("video", "How to", None), ("datasheet", "Data sheet", None),
        ("drawing", "Side", None),
    ]  # fmt: skip

    ids = [one["id"] for one in listed]
    ordered = cat_api.put(f"products/{bolt.pk}/media/order", {"ids": [ids[3], ids[1]]})
    assert [one["id"] for one in orjson.loads(ordered.content)["items"]] == [ids[3], ids[1], ids[0], ids[2]]
    assert cat_api.delete(f"products/{bolt.pk}/media/{ids[0]}").status_code == 204
    assert bolt.media.count() == 3


@pytest.mark.parametrize(
    ("data", "form", "code", "place"),
    [
        (b"MZ", {}, "not_a_picture", "#/file"),
        (b"<svg/>", {"kind": "drawing", "title": "x"}, "not_a_picture", "#/file"),
        (drawn(), {"kind": "manual", "title": "x"}, "not_a_pdf", "#/file"),
        (PDF, {"kind": "manual"}, "incomplete", "#/title"),
        (None, {"kind": "picture"}, "incomplete", "#/file"),
        (None, {"kind": "video", "url": "javascript:alert(1)"}, "wrong_address", "#/url"),
        (drawn(), {"kind": "poster"}, "invalid", "#/kind"),
        (drawn(), {"language": "<b>"}, "invalid", "#/language"),
    ],
)
def test_what_is_wrong_is_named_and_leaves_nothing(
    cat_api: Caller,
    bolt: Product,
    files: Path,
    data: bytes | None,
    form: dict[str, str],
    code: str,
    place: str,
):
    answer = sent(cat_api, bolt, data, **form)

    problem = orjson.loads(answer.content)
    assert (answer.status_code, problem["code"], problem["errors"][0]["pointer"]) == (422, code, place)
    assert not bolt.media.exists()
    assert not (files / "media").exists()


def test_a_store_that_is_away_is_a_503_and_nothing_is_half_done(cat_api: Caller, bolt: Product, monkeypatch):
    written: list[str] = []

    def fails(_self: Disk, name: str, _content: object) -> None:
        written.append(name)
        raise StoreProblem("away")

    monkeypatch.setattr(Disk, "write", fails)
    answer = sent(cat_api, bolt, drawn(), key="again")
    assert (answer.status_code, orjson.loads(answer.content)["code"]) == (503, "files_unavailable")
    assert (answer.headers["Retry-After"], bolt.media.count(), len(written)) == ("10", 0, 1)

    monkeypatch.undo()
    assert sent(cat_api, bolt, drawn(), key="again").status_code == 201


def test_an_upload_is_bounded_and_elsewhere_bodies_stay_json(cat_api: Caller, bolt: Product, settings):
    settings.CONFIG = settings.CONFIG.model_copy(update={"request_body_max": 100})
    assert sent(cat_api, bolt, drawn()).status_code == 413

    headers = cat_api.headers | {"Idempotency-Key": "x"}
    elsewhere = cat_api.client.post("/api/v1/carts", {"name": "x"}, headers=headers)
    assert orjson.loads(elsewhere.content)["code"] == "not_json"


def test_a_broken_form_is_a_problem(cat_api: Caller, bolt: Product):
    headers = cat_api.headers | {"Idempotency-Key": "x"}
    address = f"/api/v1/products/{bolt.pk}/media"
    answer = cat_api.client.generic(
        "POST", address, b"--x\r\nnonsense", content_type="multipart/form-data", headers=headers
    )

    assert (answer.status_code, orjson.loads(answer.content)["code"]) == (400, "malformed_form")


def test_nobody_else_may(bolt: Product, lev: Membership, ana: Membership, wim: Membership, client: Client):
    assert sent(by_key(lev), bolt, drawn()).status_code == 404
    assert sent(by_key(ana), bolt, drawn()).status_code == 404
    assert sent(by_key(wim), bolt, drawn()).status_code == 403
    assert sent(Caller(client), bolt, drawn()).status_code == 401
    assert not bolt.media.exists()
