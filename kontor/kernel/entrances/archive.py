"""The one entrance for archives: ZIP files, read into memory under limits, never unpacked onto the disk."""

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from kontor.kernel.entrances.problem import EntranceProblem

CHUNK = 65_536
LOCAL_HEADER = 30
"""Bytes in front of a member's name and content."""
MOST_OF_DIRECTORY = 600
"""Bytes that a member takes in the list of an honest archive, at most: its name and some extras."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Sizes in bytes, of the archive and of what it unpacks to; `ratio` is unpacked by packed size of one member."""

    packed: int = 50_000_000
    member: int = 50_000_000
    unpacked: int = 200_000_000
    members: int = 2_000
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive; `name` is a relative path with slashes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of an archive that was not unpacked yet; `problem` says why it will not be.

    `read` gives its content and raises EntranceProblem: too_big, not_an_archive.
    """

    name: str
    problem: EntranceProblem | None
    read: Callable[[], bytes]


def unzip(document: bytes, limits: ArchiveLimits = ArchiveLimits()) -> Iterator[Member]:
    """Its files, one after the other. All names are checked before the first is unpacked.

    Raises EntranceProblem: too_big, not_an_archive, too_many_members, path, link, encrypted, twice, bomb.
    """
    if len(document) > limits.packed:
        raise _too_big(limits.packed)
    with _archive(io.BytesIO(document), limits) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        _check(archive.infolist(), limits)
        unpacked = 0
        for info in members:
            content = _unpack(archive, info, limits)
            unpacked += len(content)
            if unpacked > limits.unpacked:
                raise _too_big(limits.unpacked)
            yield Member(info.filename, content)


@contextmanager
def opened(file: BinaryIO, limits: ArchiveLimits = ArchiveLimits()) -> Iterator[list[Packed]]:
    """The files of an archive of any length, to be unpacked one at a time; each says what is wrong with it alone.

    Raises EntranceProblem for what spoils the whole: too_big, not_an_archive, too_many_members, bomb.
    """
    if file.seek(0, io.SEEK_END) > limits.packed:
        raise _too_big(limits.packed)
    with _archive(file, limits) as archive:
        _check_whole(archive.infolist(), limits)
        if sum(info.file_size for info in archive.infolist()) > limits.unpacked:
            raise _too_big(limits.unpacked)
        seen: set[str] = set()
        members = [info for info in archive.infolist() if not info.is_dir()]
        yield [
            Packed(info.filename, _wrong(info, seen, limits), partial(_unpack, archive, info, limits))
            for info in members
        ]


class _InPieces:
    """A file of which no more than `most` bytes are read at once.

    The library reads the list of members in one piece and into memory, however long an archive says that it is, in the
    short form or in the long one.
    """

    def __init__(self, file: BinaryIO, limits: ArchiveLimits) -> None:
        self._file, self._limits = file, limits
        self._most = max(limits.members * MOST_OF_DIRECTORY, 16 * CHUNK)

    def read(self, size: int | None = -1, /) -> bytes:
        piece = self._file.read(self._most + 1 if size is None or size < 0 else min(size, self._most + 1))
        if len(piece) > self._most:
            raise _too_many(self._limits)
        return piece

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def _archive(file: BinaryIO, limits: ArchiveLimits) -> zipfile.ZipFile:
    """Raises EntranceProblem: not_an_archive, too_many_members."""
    try:
        return zipfile.ZipFile(_InPieces(file, limits))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise EntranceProblem("not_an_archive", _("The file is not a readable ZIP archive.")) from None


def check_file(file: BinaryIO, limits: ArchiveLimits = ArchiveLimits()) -> list[str]:
    """The names of what is in an archive that a library will read; nothing is unpacked.

    Sizes are those that the archive states, which are also the most that `zipfile` hands out. Raises as `unzip`.
    """
    with _archive(file, limits) as archive:
        members = archive.infolist()
    _check(members, limits)
    if max((one.file_size for one in members), default=0) > limits.member:
        raise _too_big(limits.member)
    if sum(one.file_size for one in members) > limits.unpacked:
        raise _too_big(limits.unpacked)
    return [one.filename for one in members]


def _check(members: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    _check_whole(members, limits)
    seen: set[str] = set()
    for info in members:
        if problem := _wrong(info, seen, limits):
            raise problem


def _check_whole(members: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    """What spoils the archive as a whole: too many members, or members that share bytes, which multiplies them."""
    if len(members) > limits.members:
        raise _too_many(limits)
    end = 0
    for info in sorted(members, key=lambda one: one.header_offset):
        if info.header_offset < end:
            raise _bomb()
        end = info.header_offset + LOCAL_HEADER + info.compress_size


def _wrong(info: zipfile.ZipInfo, seen: set[str], limits: ArchiveLimits) -> EntranceProblem | None:
    """What is wrong with one member, if anything; `seen` are the names before it."""
    name = {"name": info.filename[:200]}
    if not _is_inside(info.orig_filename):
        return EntranceProblem("path", _("The archive has a file outside of its own folder: %(name)s") % name)
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return EntranceProblem("link", _("The archive has a link or a device in it: %(name)s") % name)
    if info.flag_bits & 0x1:
        message = _("The archive is protected by a password. Send it without one.")
        return EntranceProblem("encrypted", message)
    if info.filename.casefold() in seen:
        return EntranceProblem("twice", _("The archive has two files of the same name: %(name)s") % name)
    seen.add(info.filename.casefold())
    if info.file_size > max(info.compress_size, 1) * limits.ratio and info.file_size > CHUNK * 16:
        return _bomb()
    return None


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    strange = "\\" in name or "\0" in name or re.match(r"[A-Za-z]:", name)
    return bool(name) and not strange and not path.is_absolute() and ".." not in path.parts


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: ArchiveLimits) -> bytes:
    """Read in pieces: what a member says about its own size is not believed."""
    pieces, size = [], 0
    try:
        with archive.open(info) as member:
            while piece := member.read(CHUNK):
                size += len(piece)
                if size > limits.member:
                    raise _too_big(limits.member)
                pieces.append(piece)
    except EntranceProblem:
        raise
    except Exception:  # each kind of compression fails in its own way
        name = {"name": info.filename[:200]}
        raise EntranceProblem(
            "not_an_archive", _("This file of the archive is damaged: %(name)s") % name
        ) from None
    return b"".join(pieces)


def _too_big(most: int) -> EntranceProblem:
    message = _("The archive, or what is in it, is larger than %(most)s MB.") % {"most": most // 1_000_000}
    return EntranceProblem("too_big", message)


def _too_many(limits: ArchiveLimits) -> EntranceProblem:
    message = _("The archive has more than %(most)s files.") % {"most": limits.members}
    return EntranceProblem("too_many_members", message)


def _bomb() -> EntranceProblem:
    return EntranceProblem("bomb", _("The archive unpacks to far more than it says. It was not unpacked."))
