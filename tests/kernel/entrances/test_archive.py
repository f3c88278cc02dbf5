"""ZIP files come in under limits, and nothing of them touches the disk."""

import io
import struct
import zipfile

import pytest

from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.entrances.archive import ArchiveLimits, Member, check_file, opened, unzip
from tests.shared_files import shared

pytestmark = pytest.mark.covers("R3.33")


def packed(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def code(document: bytes, **limits: int) -> str:
    with pytest.raises(EntranceProblem) as problem:
        list(unzip(document, ArchiveLimits(**limits)))
    return problem.value.code


def test_gives_the_files_with_their_names():
    document = packed({"a.txt": b"one", "pictures/b.png": b"two", "empty/": b""})
    assert list(unzip(document)) == [Member("a.txt", b"one"), Member("pictures/b.png", b"two")]


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "..\\x", "C:/x", "a\\b"])
def test_a_path_out_of_the_archive_is_refused(name):
    assert code(packed({"good.txt": b"x", name: b"y"})) == "path"


def test_links_and_devices_are_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert code(buffer.getvalue()) == "link"


@pytest.mark.shared
def test_a_known_archive_with_a_link_is_refused():
    assert code(shared("security/zip/symlink_etc_passwd.zip").read_bytes()) == "link"


def test_a_bomb_is_refused_before_it_is_unpacked():
    assert code(packed({"zeros": b"\0" * 20_000_000})) == "bomb"


def test_a_member_that_lies_about_its_size_is_caught_while_unpacking():
    document = bytearray(packed({"zeros": b"\0" * 500_000}))
    central = document.rindex(b"PK\x01\x02")
    struct.pack_into("<I", document, central + 24, 10)
    assert code(bytes(document), member=1_000) in ("too_big", "not_an_archive")


def test_members_that_share_their_bytes_are_refused():
    document = bytearray(packed({"a.txt": b"a" * 500, "b.txt": b"b" * 500}, zipfile.ZIP_STORED))
    second = document.rindex(b"PK\x01\x02")
    struct.pack_into("<I", document, second + 42, 0)
    assert code(bytes(document)) == "bomb"


def test_limits_are_kept():
    document = packed({f"{number}.txt": bytes(1000) for number in range(10)}, zipfile.ZIP_STORED)
    assert code(document, packed=5_000) == "too_big"
    assert code(document, member=500) == "too_big"
    assert code(document, unpacked=5_500) == "too_big"
    assert code(document, members=9) == "too_many_members"


def test_the_same_name_twice_is_refused_in_any_letter_case():
    assert code(packed({"A.txt": b"x", "a.TXT": b"y"})) == "twice"


def test_a_password_is_refused():
    document = bytearray(packed({"a.txt": b"x"}))
    document[6] |= 1
    document[document.rindex(b"PK\x01\x02") + 8] |= 1
    assert code(bytes(document)) == "encrypted"


@pytest.mark.parametrize(
    "document",
    [b"", b"PK", b"GIF89a", packed({"a": b"x" * 100})[:60]],
    ids=["empty", "two letters", "a picture", "cut off"],
)
def test_what_is_no_archive_is_refused(document):
    assert code(document) == "not_an_archive"


def test_damage_inside_is_refused():
    document = bytearray(packed({"a.txt": b"hello world, hello world"}))
    document[40] ^= 0xFF
    assert code(bytes(document)) == "not_an_archive"


def long_form(document: bytes) -> bytes:
    """The same archive with its list of members in the long form only: the short one says that it is empty."""
    end = document.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack_from("<HII", document, end + 10)
    record = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    short = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, 46, 0, 0)
    return document[:end] + record + locator + short


@pytest.mark.parametrize("form", [bytes, long_form])
def test_an_endless_list_of_members_is_refused_before_it_is_read(form, monkeypatch):
    good = form(packed({"a.txt": b"one"}))
    assert list(unzip(good)) == [Member("a.txt", b"one")]
    many = form(packed({f"{one:0100d}": b"" for one in range(12_000)}, zipfile.ZIP_STORED))
    limits = ArchiveLimits(members=100)
    monkeypatch.setattr(zipfile, "ZipInfo", None)  # nothing becomes of any of them
    with pytest.raises(EntranceProblem) as whole, opened(io.BytesIO(many), limits):
        pass
    with pytest.raises(EntranceProblem) as names:
        check_file(io.BytesIO(many), limits)
    assert [code(many, members=100), whole.value.code, names.value.code] == ["too_many_members"] * 3
