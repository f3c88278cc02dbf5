"""The one entrance for archives: ZIP files, read into memory under limits, never unpacked onto the disk."""

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from kontor.kernel.entrances.problem import EntranceProblem

CHUNK = 65_536
LOCAL_HEADER = 30
"""Bytes in front of a member's name and content."""


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


def unzip(document: bytes, limits: ArchiveLimits = ArchiveLimits()) -> Iterator[Member]:
    """Its files, one after the other. All names are checked before the first is unpacked.

    Raises EntranceProblem: too_big, not_an_archive, too_many_members, path, link, encrypted, twice, bomb.
    """
    if len(document) > limits.packed:
        raise _too_big(limits.packed)
    try:
        archive = zipfile.ZipFile(io.BytesIO(document))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise EntranceProblem("not_an_archive", _("The file is not a readable ZIP archive.")) from None
    with archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        _check(archive.infolist(), limits)
        unpacked = 0
        for info in members:
            content = _unpack(archive, info, limits)
            unpacked += len(content)
            if unpacked > limits.unpacked:
                raise _too_big(limits.unpacked)
            yield Member(info.filename, content)


def check_file(file: BinaryIO, limits: ArchiveLimits = ArchiveLimits()) -> list[str]:
    """The names of what is in an archive that a library will read; nothing is unpacked.

    Sizes are those that the archive states, which are also the most that `zipfile` hands out. Raises as `unzip`.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise EntranceProblem("not_an_archive", _("The file is not a readable ZIP archive.")) from None
    _check(members, limits)
    if max((one.file_size for one in members), default=0) > limits.member:
        raise _too_big(limits.member)
    if sum(one.file_size for one in members) > limits.unpacked:
        raise _too_big(limits.unpacked)
    return [one.filename for one in members]


def _check(members: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    if len(members) > limits.members:
        most = {"most": limits.members}
        raise EntranceProblem("too_many_members", _("The archive has more than %(most)s files.") % most)
    seen: set[str] = set()
    end = 0
    for info in sorted(members, key=lambda one: one.header_offset):
        name = {"name": info.filename[:200]}
        if not _is_inside(info.orig_filename):
            raise EntranceProblem(
                "path", _("The archive has a file outside of its own folder: %(name)s") % name
            )
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise EntranceProblem("link", _("The archive has a link or a device in it: %(name)s") % name)
        if info.flag_bits & 0x1:
            raise EntranceProblem(
                "encrypted", _("The archive is protected by a password. Send it without one.")
            )
        if info.filename.casefold() in seen:
            raise EntranceProblem("twice", _("The archive has two files of the same name: %(name)s") % name)
        if info.header_offset < end:  # members that share bytes multiply themselves when unpacked
            raise _bomb()
        if info.file_size > max(info.compress_size, 1) * limits.ratio and info.file_size > CHUNK * 16:
            raise _bomb()
        end = info.header_offset + LOCAL_HEADER + info.compress_size
        seen.add(info.filename.casefold())


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


def _bomb() -> EntranceProblem:
    return EntranceProblem("bomb", _("The archive unpacks to far more than it says. It was not unpacked."))
