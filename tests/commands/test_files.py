"""Files go to other storage and back, whole; what is missing, damaged or needed by nobody is found."""

import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from kontor.catalog.models import Medium, Product
from kontor.catalog.operations import add_picture, remove_medium
from kontor.commands import doctor, files
from kontor.companies.models import Membership
from kontor.goods.renditions import card_path, size_of
from kontor.kernel.storage.chosen import store, store_at
from kontor.kernel.storage.disk import Disk
from tests.cast import actor
from tests.s3_server import s3_server


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3_server(tmp_path_factory.mktemp("s3")) as address:
        yield f"{address}/{uuid4().hex}"


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    settings.FILES_FOLDER = tmp_path / "home"
    return tmp_path / "home"


def drawn(colour: str, side: int = 700) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side // 2), colour).save(out, "PNG")
    return out.getvalue()


def test_files_move_to_s3_and_back_whole_and_a_repeat_copies_nothing(
    cat: Membership, bolt: Product, home: Path, s3: str, settings, tmp_path: Path, capsys
):
    medium = add_picture(actor=actor(cat), product=bolt, data=drawn("teal"))
    store().write("exchange/one/file.csv", b"a;b")
    assert files.move(s3) == 0
    assert "4 copied" in capsys.readouterr().out
    assert files.move(s3) == 0
    assert "0 copied" in capsys.readouterr().out

    settings.FILES_URL = s3
    assert files.check() == 0
    far = store_at(s3)
    assert far.read(f"media/{medium.file}") == Disk(home).read(f"media/{medium.file}")
    assert files.move(str(tmp_path / "back")) == 0
    before = sorted((one.name, one.size) for one in Disk(home).listed("media/"))
    assert sorted((one.name, one.size) for one in Disk(tmp_path / "back").listed("media/")) == before
    assert doctor.files().state == doctor.GOOD


def test_a_missing_and_a_damaged_file_are_named(cat: Membership, bolt: Product, home: Path, capsys):
    gone = add_picture(actor=actor(cat), product=bolt, data=drawn("teal"))
    hurt = add_picture(actor=actor(cat), product=bolt, data=drawn("red"))
    (home / "media" / gone.file).unlink()
    (home / "media" / hurt.file).write_bytes(b"RIFF")

    assert files.check() == 1
    said = capsys.readouterr().err
    assert f"{gone.file}: it is missing" in said
    assert f"{hurt.file}: it is damaged" in said


def test_what_no_product_shows_is_removed_after_a_day(cat: Membership, bolt: Product, home: Path, capsys):
    kept = add_picture(actor=actor(cat), product=bolt, data=drawn("teal"))
    idle = add_picture(actor=actor(cat), product=bolt, data=drawn("red"))
    remove_medium(actor=actor(cat), medium=idle)
    files.sweep(remove=True)
    assert (home / "media" / idle.file).exists()

    long_ago = (kept.product.updated_at - timedelta(days=2)).timestamp()
    for path in (home / "media").rglob("*.*"):
        os.utime(path, (long_ago, long_ago))
    files.sweep(remove=False)
    assert (home / "media" / idle.file).exists()
    files.sweep(remove=True)
    assert "3, 0.0 MB removed" in capsys.readouterr().out.splitlines()[-1]
    assert (home / "media" / kept.file).exists()
    assert (home / "media" / card_path(kept.file)).exists()
    assert not (home / "media" / card_path(idle.file)).exists()


def test_a_picture_of_an_earlier_version_gets_the_sizes_of_today(bolt: Product):
    out = io.BytesIO()
    Image.new("RGB", (700, 350), "teal").save(out, "WEBP")
    old = f"ab/{'0' * 64}.webp"
    store().write(f"media/{old}", out.getvalue())
    Medium.objects.create(product=bolt, kind="picture", title="Bolt", file=old, media_type="image/webp")
    assert files.renew() == 0

    renewed = Medium.objects.get(product=bolt)
    assert (size_of(renewed.file).width, store().has(f"media/{card_path(renewed.file)}")) == (700, True)
    assert files.renew() == 0


def test_storage_that_is_away_is_diagnosed_without_its_secret(settings):
    settings.FILES_URL = "s3+http://key:hush@127.0.0.1:1/files"

    found = doctor.files()
    assert (found.state, "KONTOR_FILES_URL" in found.remedy) == (doctor.BAD, True)
    assert "hush" not in found.finding
