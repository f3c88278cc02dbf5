"""Files of any size come in within bounded time and memory, and broken CSV at least as well as Python reads it."""

import csv
import io
import json
import tarfile
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Iterator

import pytest

from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.entrances.csv_stream import StreamLimits, find_dialect, header_line, rows_of
from kontor.kernel.entrances.xlsx_stream import sheet_names, text_of
from kontor.kernel.entrances.xml_stream import RecordLimits, records
from tests.shared_files import shared

pytestmark = pytest.mark.covers("R3.33")
Rows = list[list[str]]


class Endless(io.RawIOBase):
    """A file of so many bytes that are all the same, without holding them."""

    def __init__(self, size: int, start: bytes = b"", fill: bytes = b"a") -> None:
        self.size, self.start, self.fill, self.at = size, start, fill, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset if whence == 0 else self.size + offset if whence == 2 else self.at + offset
        return self.at

    def readinto(self, buffer) -> int:
        count = min(len(buffer), self.size - self.at)
        piece = self.start[self.at : self.at + count]
        buffer[:count] = piece + self.fill * (count - len(piece))
        self.at += count
        return count

    def read(self, size: int = -1) -> bytes:
        buffer = bytearray(self.size - self.at if size < 0 else size)
        return bytes(buffer[: self.readinto(buffer)])


def refused(act) -> tuple[str, int]:
    """The code of the refusal and the megabytes that it took at most."""
    tracemalloc.start()
    with pytest.raises(EntranceProblem) as problem:
        act()
    most = tracemalloc.get_traced_memory()[1] // 1_000_000
    tracemalloc.stop()
    return problem.value.code, most


def test_a_line_of_a_gigabyte_is_refused_in_little_memory():
    file = Endless(1_000_000_000)

    def read() -> None:
        list(rows_of(file, find_dialect(Endless(1_000_000)), StreamLimits()))

    code, megabytes = refused(read)
    assert code == "line_too_long"
    assert megabytes < 40


def test_a_quote_that_is_never_closed_ends_before_the_memory_does():
    file = io.BytesIO(b'a,b\n"' + b"word, word\n" * 500_000)
    code, megabytes = refused(lambda: list(rows_of(file, find_dialect(io.BytesIO(b"a,b\n1,2\n")))))
    assert (code, megabytes < 60) == ("quotes", True)


def test_a_tag_of_a_gigabyte_is_refused_in_little_memory():
    code, megabytes = refused(lambda: list(records(Endless(1_000_000_000, b'<a b="'), frozenset({"x"}))))
    assert (code, megabytes < 40) == ("record_too_large", True)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"<a>" * 200, "too_deep"),
        (b"<r><x>" + b"<y/>" * 101 + b"</x></r>", "record_too_large"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "entities"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a/>', "entities"),
        (b'<!DOCTYPE a [<!ENTITY % e SYSTEM "http://example.org/x">%e;]><a/>', "entities"),
        (b"<a><b></a>", "not_xml"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "not_xml"),
    ],
)
def test_hostile_xml_is_refused(document, code):
    with pytest.raises(EntranceProblem) as problem:
        list(records(io.BytesIO(document), frozenset({"x"}), RecordLimits(elements=100)))
    assert problem.value.code == code


@pytest.mark.shared
def test_no_document_of_the_attack_collection_is_expanded():
    for folder in ("security/xxe", "security/xml-attacks"):
        for file in sorted(shared(folder).iterdir()):
            if file.suffix == ".xml":
                with file.open("rb") as opened:
                    try:
                        texts = [
                            "".join(one.element.itertext())
                            for one in records(opened, frozenset({"foo"}))
                            if not isinstance(one, str)
                        ]
                    except EntranceProblem:
                        continue
                    assert not any("root:" in text for text in texts), file


def test_a_workbook_that_unpacks_to_gigabytes_is_not_opened():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    code, megabytes = refused(lambda: sheet_names(packed))
    assert (code, megabytes < 5) == ("bomb", True)


def test_figures_of_a_workbook_are_read_as_people_see_them():
    assert [text_of(one) for one in (4006381333931, 12.4, 0.1 + 0.2, 1e15, True)] == [
        "4006381333931", "12.4", "0.3", "1000000000000000", "true"
    ]  # fmt: skip


def measures(wanted: list[str], got: list[str]) -> float:
    if not wanted:
        return 3.0
    hits = sum((Counter(wanted) & Counter(got)).values())
    if not hits:
        return 0.0
    precision, recall = hits / len(wanted), hits / len(got)
    return precision + recall + 2 * precision * recall / (precision + recall)


def score(clean: Rows, got: Rows) -> float:
    """What the benchmark counts: loaded at all, then precision, recall and F1 of header, records and cells."""
    header, records_of, cells = [], [], []
    for rows in (clean, got):
        header.append([cell.strip() for cell in rows[0]] if rows else [])
        records_of.append(["".join(cell.strip() or "null" for cell in row) for row in rows[1:]])
        cells.append([cell.strip() for row in rows[1:] for cell in row])
    return 1 + measures(*header) + measures(*records_of) + measures(*cells)


def by_python(document: bytes, encoding: str) -> Rows:
    text = document.decode(encoding)
    return list(csv.reader(io.StringIO(text, newline=""), csv.Sniffer().sniff(text)))


def by_us(document: bytes, _encoding: str) -> Rows:
    file = io.BytesIO(document)
    dialect = find_dialect(file)
    line, _width = header_line(rows_of(file, dialect))
    return [cells for number, cells in rows_of(file, dialect) if number >= line]


def polluted() -> Iterator[tuple[str, bytes, Rows, str]]:
    with tarfile.open(shared("csv/pollock_polluted_files.tar.xz")) as archive:
        files = {one.name: archive.extractfile(one).read() for one in archive if one.isfile()}
    yield "weights", files["pollock_weights.json"], [], ""
    for name, document in files.items():
        if name.startswith("polluted_files/csv/"):
            file = name.rpartition("/")[2]
            encoding = json.loads(files[f"polluted_files/parameters/{file}_parameters.json"])["encoding"]
            clean = files[f"polluted_files/clean/{file}"].decode(encoding)
            yield file, document, list(csv.reader(io.StringIO(clean, newline=""))), encoding


@pytest.mark.shared
@pytest.mark.covers("R0.6")
def test_broken_csv_is_read_at_least_as_well_as_by_python(capsys):
    files = polluted()
    weights = json.loads(next(files)[1])
    scores: dict[str, list[tuple[float, float]]] = {"python": [], "kontor": []}
    for name, document, clean, encoding in files:
        for who, read in (("python", by_python), ("kontor", by_us)):
            try:
                found = score(clean, read(document, encoding))
            except (EntranceProblem, csv.Error, UnicodeDecodeError):
                found = 0.0
            scores[who].append((found, weights[name]))
    simple = {who: sum(one for one, _w in found) / len(found) for who, found in scores.items()}
    weighted = {
        who: sum(one * w for one, w in found) / sum(w for _one, w in found) for who, found in scores.items()
    }
    with capsys.disabled():
        print(f"\nPollock, simple and weighted: {simple} {weighted}")
    assert simple["kontor"] >= simple["python"] > 9.7
    assert weighted["kontor"] >= weighted["python"] > 9.4
