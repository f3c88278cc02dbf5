"""Pictures that come again: the same bytes change nothing, other bytes take the place of the earlier ones."""

import io
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
    show_earlier,
    supply_picture,
)
from kontor.companies.models import Membership
from kontor.kernel.refusal import NotAllowed
from kontor.kernel.storage.disk import Disk
from kontor.kernel.storage.store import FilesUnavailable, StoreProblem
from tests.cast import actor


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> Path:
    settings.FILES_FOLDER = tmp_path
    return tmp_path


def drawn(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 200), colour).save(out, "PNG")
    return out.getvalue()


def test_a_picture_is_known_by_its_source_and_its_bytes(cat: Membership, lev: Membership, bolt: Product):
    def supplied(colour: str, source: str) -> str:
        return supply_picture(actor=actor(cat), product=bolt, data=drawn(colour), source=source)

    assert supplied("red", "a.png") == "new"
    assert supplied("red", "a.png") == "unchanged"
    assert supplied("red", "b.png") == "unchanged"
    assert supplied("blue", "b.png") == "new"
    first = bolt.media.get(source="a.png")
    assert supplied("green", "a.png") == "changed"
    after = bolt.media.get(source="a.png")
    assert (after.pk, after.position, after.file == first.file) == (first.pk, first.position, False)
    assert bolt.media.count() == 2
    with pytest.raises(NotAllowed):
        supply_picture(actor=actor(lev), product=bolt, data=drawn("red"), source="a.png")


def test_an_upload_that_fails_leaves_no_row_and_no_whole_picture(
    cat: Membership, bolt: Product, files: Path, monkeypatch
):
    write = Disk.write

    def fails_at_the_second(self: Disk, name: str, content: bytes | Path) -> None:
        if name.endswith("320.webp"):
            raise StoreProblem("503")
        write(self, name, content)

    monkeypatch.setattr(Disk, "write", fails_at_the_second)
    with pytest.raises(FilesUnavailable):
        add_picture(actor=actor(cat), product=bolt, data=drawn("red"))
    assert not Medium.objects.exists()
    assert list(files.rglob("*.*")) == []

    monkeypatch.undo()
    kept = add_picture(actor=actor(cat), product=bolt, data=drawn("red"))
    assert (files / "media" / kept.file).exists()


def test_pictures_and_documents_move_one_place_among_their_own(cat: Membership, bolt: Product):
    who = actor(cat)
    one = add_picture(actor=who, product=bolt, data=drawn("red"), facts=PictureFacts(title="one"))
    sheet = add_data_sheet(actor=who, product=bolt, title="sheet")
    two = add_picture(actor=who, product=bolt, data=drawn("blue"), facts=PictureFacts(title="two"))
    facts = DocumentFacts(title="drawing", kind="drawing", language="de")
    drawing = add_document(actor=who, product=bolt, data=drawn("white"), facts=facts)
    assert (drawing.media_type, drawing.language) == ("image/webp", "de")

    for medium in (two, drawing, one, sheet):
        show_earlier(actor=who, medium=medium)
    titles = list(bolt.media.values_list("title", flat=True))
    assert [title for title in titles if title in ("one", "two")] == ["one", "two"]
    assert [title for title in titles if title in ("sheet", "drawing")] == ["sheet", "drawing"]
    show_earlier(actor=who, medium=two)
    assert list(bolt.media.filter(kind="picture").values_list("title", flat=True)) == ["two", "one"]
