"""A ZIP of pictures: named by article, judged file by file, written only where something differs."""

import io
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from kontor.audit.models import Entry
from kontor.catalog.models import Medium, Product
from kontor.companies.models import Company, Membership
from kontor.exchange.archives import carry_out_pictures
from kontor.exchange.folder import fetched
from kontor.exchange.jobs import carry_out_import
from kontor.exchange.models import ImportRun
from kontor.exchange.operations import Incoming, ask_for, take_in
from kontor.kernel.refusal import NotAllowed, Refused
from tests.cast import actor

pytestmark = pytest.mark.covers("R0.7", "R0.8")


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> Path:
    settings.FILES_FOLDER = tmp_path
    return tmp_path


def drawn(colour: str = "teal", form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, form)
    return out.getvalue()


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def taken_in(content: bytes, who: Membership) -> ImportRun:
    return take_in(actor=actor(who), incoming=Incoming(name="pictures.zip", pieces=[content]))


def carried_out(content: bytes, who: Membership, *, check: bool = False) -> ImportRun:
    return carry_out_pictures(actor=actor(who), run=taken_in(content, who), check=check)


def test_files_find_their_articles_by_sku_gtin_and_makers_number(
    cat: Membership, bolt: Product, drill: Product
):
    Product.objects.filter(pk=bolt.pk).update(gtin="4006381333931", manufacturer_part_number="DIN 933-8")
    run = carried_out(
        packed(
            {
                f"{bolt.sku}_2.png": drawn("red"),
                f"new/{bolt.sku}.png": drawn("blue"),
                "4006381333931_3.jpg": drawn("green", "JPEG"),
                "din 933-8_4.webp": drawn("white", "WEBP"),
                f"{drill.sku.lower().replace('-', '_')}/1.png": drawn("black"),
                "screw.png": drawn("yellow"),
                "__MACOSX/._x.png": b"",
            }
        ),
        cat,
    )

    assert (run.form, run.status, run.problem) == ("pictures", "done", "")
    assert run.counts == {"rows": 6, "new": 5, "changed": 0, "unchanged": 0, "wrong": 1}
    assert list(bolt.media.values_list("source", "kind")) == [
        (f"new/{bolt.sku}.png", "picture"),
        (f"{bolt.sku}_2.png", "picture"),
        ("4006381333931_3.jpg", "picture"),
        ("din 933-8_4.webp", "picture"),
    ]
    assert drill.media.count() == 1
    assert [(one["column"], one["why"]) for one in run.errors] == [
        ("screw.png", "No article has this SKU, GTIN or manufacturer’s number.")
    ]
    assert b"screw.png" in fetched(run.error_file).read_bytes()
    assert Entry.objects.filter(verb="exchange.import_finished").count() == 1


def test_only_what_changed_is_written_and_takes_the_old_ones_place(cat: Membership, bolt: Product):
    first = {f"{bolt.sku}.png": drawn("red"), f"{bolt.sku}_2.png": drawn("blue")}
    carried_out(packed(first), cat)
    before = list(bolt.media.values_list("id", "file"))

    again = carried_out(packed(first), cat)
    assert again.counts == {"rows": 2, "new": 0, "changed": 0, "unchanged": 2, "wrong": 0}
    assert list(bolt.media.values_list("id", "file")) == before

    changed = carried_out(packed(first | {f"{bolt.sku}_2.png": drawn("green")}), cat)
    assert (changed.counts["changed"], changed.counts["unchanged"]) == (1, 1)
    after = list(bolt.media.values_list("id", "file"))
    assert [pk for pk, _file in after] == [pk for pk, _file in before]
    assert (after[0] == before[0], after[1] == before[1]) == (True, False)


def test_a_check_says_the_same_and_keeps_nothing(cat: Membership, bolt: Product, files: Path):
    content = packed({f"{bolt.sku}.png": drawn(), f"{bolt.sku}_2.png": b"no picture", "x.png": drawn()})
    run = carried_out(content, cat, check=True)

    assert (run.status, run.rows_total, run.rows_done) == ("checked", 3, 3)
    assert run.counts == {"rows": 3, "new": 1, "changed": 0, "unchanged": 0, "wrong": 2}
    assert not Medium.objects.exists()
    assert not (files / "media").exists()


def test_each_wrong_file_says_why_and_the_others_are_taken(cat: Membership, bolt: Product):
    nested = packed({f"{bolt.sku}.png": drawn()})
    buffer = io.BytesIO(
        packed(
            {
                f"{bolt.sku}.png": drawn(),
                f"../{bolt.sku}_2.png": drawn(),
                f"{bolt.sku}_3.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                f"{bolt.sku}_4.zip": nested,
                f"{bolt.sku}_5.png": b"\0" * 20_000_000,
            }
        )
    )
    with zipfile.ZipFile(buffer, "a") as archive:
        link = zipfile.ZipInfo(f"{bolt.sku}_6.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(f"{bolt.sku}.png", drawn("red"))
    run = carried_out(buffer.getvalue(), cat)

    assert (run.status, run.counts["new"], run.counts["wrong"]) == ("done", 1, 6)
    why = {one["column"]: one["why"] for one in run.errors}
    assert why == {
        f"../{bolt.sku}_2.png": f"The archive has a file outside of its own folder: ../{bolt.sku}_2.png",
        f"{bolt.sku}_3.svg": "This is not a picture that we can read. Use JPEG, PNG or WebP.",
        f"{bolt.sku}_4.zip": "An archive inside of an archive is not opened.",
        f"{bolt.sku}_5.png": "The archive unpacks to far more than it says. It was not unpacked.",
        f"{bolt.sku}_6.png": f"The archive has a link or a device in it: {bolt.sku}_6.png",
        f"{bolt.sku}.png": f"The archive has two files of the same name: {bolt.sku}.png",
    }


def test_an_encrypted_file_is_named(cat: Membership, bolt: Product):
    content = bytearray(packed({f"{bolt.sku}.png": drawn()}))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    run = carried_out(bytes(content), cat)

    assert [one["why"] for one in run.errors] == [
        "The archive is protected by a password. Send it without one."
    ]


def test_too_many_files_are_refused_at_the_door_in_little_time_and_memory(cat: Membership, hansa: Company):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"{number}.png", b"")
    content = buffer.getvalue()
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(Refused, match="too_many_members"):
        taken_in(content, cat)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert time.process_time() - begun < 10
    assert peak < 60_000_000
    assert not ImportRun.objects.exists()


def test_the_worker_carries_it_out_for_the_person_who_asked(cat: Membership, bolt: Product):
    run = taken_in(packed({f"{bolt.sku}.png": drawn()}), cat)
    ask_for(actor=actor(cat), run=run, check=False)
    carry_out_import(run.pk, check=False)

    run.refresh_from_db()
    assert (run.status, run.counts["new"]) == ("done", 1)


def test_others_articles_are_not_found_and_others_may_not(
    cat: Membership, lev: Membership, ana: Membership, bolt: Product
):
    run = carried_out(packed({f"{bolt.sku}.png": drawn()}), lev)
    assert (run.counts["new"], run.counts["wrong"]) == (0, 1)

    with pytest.raises(NotAllowed):
        taken_in(packed({f"{bolt.sku}.png": drawn()}), ana)
    with pytest.raises(NotAllowed):
        carry_out_pictures(actor=actor(lev), run=taken_in(packed({"a.png": drawn()}), cat), check=False)
    assert not bolt.media.exists()
