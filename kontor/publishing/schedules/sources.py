"""Where scheduled imports get their files: an address, or a folder of the house."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedRandom, BufferedReader
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings
from django.utils.translation import gettext as _

from kontor.companies.models import Company
from kontor.exchange.folder import root
from kontor.kernel import clock
from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.entrances.http import HttpLimits, HttpQuestion, ask, checked_url

MOST_BYTES = 200_000_000
PIECE = 1_048_576
SECONDS, REDIRECTS = 120, 3
SETTLED_AFTER = 10
"""Seconds for which a file must not have changed: before, somebody may still be writing it."""
FOLDER = re.compile(r"[A-Za-z0-9_-]{1,60}")
DONE, WRONG = "done", "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file: its name, what is in it, and how to tell whether it is the same the next time."""

    name: str
    content: BufferedRandom
    etag: str = ""

    @property
    def digest(self) -> str:
        self.content.seek(0)
        return hashlib.file_digest(self.content, "sha256").hexdigest()

    @property
    def pieces(self) -> Iterator[bytes]:
        self.content.seek(0)
        return pieces_of(self.content)


def is_address(source: str) -> bool:
    return "://" in source


def source_problem(source: str) -> str:
    """What is wrong with an address or the name of a folder, or ""."""
    if is_address(source):
        try:
            checked_url(source)
        except EntranceProblem as problem:
            return problem.message
        return ""
    if FOLDER.fullmatch(source):
        return ""
    return _("Write an address that begins with https://, or a folder’s name of letters, digits, - and _.")


def pieces_of(file: BufferedReader | BufferedRandom) -> Iterator[bytes]:
    """What is left of an open file, so that little of it is in memory."""
    while piece := file.read(PIECE):
        yield piece


@contextmanager
def fetched(address: str, etag: str) -> Iterator[Fetched | None]:
    """The file at an address, on disk until the block ends; None when it is still the one with this ETag.

    Only public addresses are called, and those that the operator allows. Raises EntranceProblem.
    """
    root().mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=root()) as content:
        yield _fetched(address, etag, content)


def _fetched(address: str, etag: str, content: BufferedRandom) -> Fetched | None:
    limits = HttpLimits(
        seconds=SECONDS, size=MOST_BYTES, redirects=REDIRECTS, private=tuple(settings.CONFIG.private_hosts)
    )
    question = HttpQuestion(url=address, headers={"If-None-Match": etag} if etag else None)
    answer = ask(question, limits, content)
    if answer.status == 304:
        return None
    if answer.status != 200:
        message = _("The server answered %(status)s. Look whether the address still holds.")
        raise EntranceProblem("not_there", message % {"status": answer.status})
    name = checked_url(address).path.rpartition("/")[2] or "file"
    return Fetched(name=name[-150:], content=content, etag=answer.headers.get("etag", "")[:200])


def inbox_of(company: Company, folder: str) -> Path:
    """The watched folder; it is made so that somebody can find it."""
    path = Path(settings.CONFIG.home) / "inbox" / company.slug / folder
    path.mkdir(parents=True, exist_ok=True)
    return path


def waiting_in(inbox: Path) -> Iterator[Path]:
    """The files in a watched folder that nobody is writing any more, the oldest first. Links are not followed."""
    now = clock.now().timestamp()
    files = [one for one in inbox.iterdir() if one.is_file() and not one.is_symlink() and one.name[0] != "."]
    known = sorted((one.stat().st_mtime, one.name, one) for one in files)
    yield from (one for changed, _name, one in known if now - changed >= SETTLED_AFTER)


def put_away(file: Path, *, good: bool) -> None:
    """Out of the way, beside the others that went in or were wrong; the time in front keeps names apart."""
    place = file.parent / (DONE if good else WRONG)
    place.mkdir(exist_ok=True)
    file.replace(place / f"{clock.now():%Y%m%d-%H%M%S-%f}-{file.name}")
