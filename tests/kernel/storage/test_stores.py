"""Disk and S3 do the same: whole files or none, nothing outside of the store."""

from pathlib import Path

import pytest

from kontor.kernel.storage.cache import Cached
from kontor.kernel.storage.chosen import store, store_at
from kontor.kernel.storage.disk import Disk
from kontor.kernel.storage.s3 import PIECE
from kontor.kernel.storage.store import FileStore, Missing, StoreProblem


@pytest.fixture(params=["disk", "s3", "cached"])
def kept(request, tmp_path: Path) -> FileStore:
    if request.param == "disk":
        return Disk(tmp_path / "store")
    far = store_at(request.getfixturevalue("place"))
    return far if request.param == "s3" else Cached(far, tmp_path / "copies", 1_000_000)


def test_what_is_written_is_read_listed_and_removed(kept: FileStore):
    kept.write("media/ab/one.pdf", b"one")
    kept.write("media/ab/one.pdf", b"first")
    kept.write("exchange/two", b"")

    assert kept.read("media/ab/one.pdf") == b"first"
    assert kept.has("media/ab/one.pdf")
    assert sorted((one.name, one.size) for one in kept.listed()) == [
        ("exchange/two", 0),
        ("media/ab/one.pdf", 5),
    ]
    assert [one.name for one in kept.listed("media/")] == ["media/ab/one.pdf"]
    kept.remove("media/ab/one.pdf")
    kept.remove("media/ab/one.pdf")
    assert not kept.has("media/ab/one.pdf")
    with pytest.raises(Missing):
        kept.read("media/ab/one.pdf")


def test_a_file_longer_than_one_request_goes_there_and_comes_back(kept: FileStore, tmp_path: Path):
    source, back = tmp_path / "source", tmp_path / "back"
    source.write_bytes(bytes(range(256)) * (PIECE // 256) + b"the end")
    kept.write("exchange/long", source)
    kept.fetch("exchange/long", back)

    assert back.read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../x", "a/../b", "a//b", ".draft-1", "a/.hidden", "a\\b", "ä", "a\n"]
)
def test_no_name_leads_out_of_the_store(kept: FileStore, name: str):
    for act in (lambda: kept.write(name, b"x"), lambda: kept.read(name)):
        with pytest.raises(Missing):
            act()
    assert list(kept.listed()) == []


def test_a_write_that_fails_leaves_nothing(tmp_path: Path):
    disk = Disk(tmp_path / "store")
    with pytest.raises(StoreProblem):
        disk.write("a/b", tmp_path / "is not there")
    (tmp_path / "store/file").write_bytes(b"")
    with pytest.raises(StoreProblem, match="file"):
        disk.write("file/below", b"x")

    assert [path.name for path in (tmp_path / "store").rglob("*") if path.is_file()] == ["file"]


def test_pictures_are_read_from_copies_while_the_store_is_away(tmp_path: Path):
    far = Disk(tmp_path / "far")
    kept = Cached(far, tmp_path / "copies", 1_000_000)
    kept.write("media/ab/one.webp", b"one")
    kept.write("exchange/two", b"two")
    assert (kept.read("media/ab/one.webp"), kept.read("exchange/two")) == (b"one", b"two")
    far.remove("media/ab/one.webp")
    far.remove("exchange/two")

    assert kept.read("media/ab/one.webp") == b"one"
    with pytest.raises(Missing):
        kept.read("exchange/two")


def test_copies_are_dropped_the_oldest_first_when_they_take_too_much_room(tmp_path: Path):
    far = Disk(tmp_path / "far")
    kept = Cached(far, tmp_path / "copies", 1_000)
    for number in range(5):
        far.write(f"media/{number}", b"x" * 300)
        kept.read(f"media/{number}")
    kept.make_room()

    assert [one.name for one in Disk(tmp_path / "copies").listed()] == ["media/3", "media/4"]


def test_without_a_setting_files_are_kept_in_the_data_folder(settings, tmp_path: Path, s3: str):
    settings.FILES_FOLDER = tmp_path
    assert isinstance(store(), Disk)
    store().write("media/one", b"1")
    assert (tmp_path / "media/one").read_bytes() == b"1"

    settings.FILES_URL = f"{s3}/chosen"
    store().write("media/two", b"2")
    assert store_at(f"{s3}/chosen").read("media/two") == b"2"
    assert not (tmp_path / "media/two").exists()
