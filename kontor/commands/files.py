"""`kontor files`: to another store, whether all are there, away with what nobody needs, old pictures anew."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from kontor.catalog.operations import renew_picture
from kontor.catalog.queries.kept_files import named_files, pictures_without_sizes
from kontor.commands.start import fail
from kontor.commands.steps import Step, console, errors, step
from kontor.exchange.folder import FOLDER as EXCHANGE
from kontor.goods.media import FOLDER, is_as_named
from kontor.goods.renditions import whole_of
from kontor.kernel import clock
from kontor.kernel.actors import system_actor
from kontor.kernel.refusal import Refused
from kontor.kernel.storage.cache import Cached
from kontor.kernel.storage.chosen import store, store_at
from kontor.kernel.storage.store import FileStore, Kept, Missing, StoreProblem

FOLDERS = (FOLDER, EXCHANGE)
YOUNG = timedelta(days=1)
"""A file that no row names may belong to an upload which goes on just now."""
CHUNK = 1_048_576


def move(to: str) -> int:
    """Copy every file to another store and read each back; what is there already is passed over. The exit code."""
    try:
        target = store_at(to)
    except ValueError as problem:
        fail(f"{problem}.")
    source, failed = store(), 0
    with step("Files") as running:
        there = {one.name: one.size for one in _all(target)}
        copied = passed = 0
        for one in _all(source):
            if there.get(one.name) == one.size:
                passed += 1
                continue
            try:
                _copy(source, target, one.name)
                copied += 1
            except StoreProblem as problem:
                failed += 1
                errors.print(f"  {one.name}: {problem}", markup=False, soft_wrap=True)
                if not copied and failed >= 3:
                    fail(f"{target} does not take files.")
            _report(running, copied + passed)
        running.result = f"{copied:,} copied to {target}, {passed:,} were there, {failed:,} failed"
    if not failed:
        console.print("Set KONTOR_FILES_URL to the new store, start again, then say: kontor files check")
    return int(bool(failed))


def _copy(source: FileStore, target: FileStore, name: str) -> None:
    with NamedTemporaryFile() as local, NamedTemporaryFile() as back:
        source.fetch(name, Path(local.name))
        target.write(name, Path(local.name))
        target.fetch(name, Path(back.name))
        if _digest(Path(local.name)) != _digest(Path(back.name)):
            target.remove(name)
            raise StoreProblem("it did not come back as it was sent")


def _digest(path: Path) -> bytes:
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.digest()


def check() -> int:
    """Read every picture and document that a row names and compare it with its name. The exit code."""
    kept, wrong, count = store(), 0, 0
    kept = kept.itself if isinstance(kept, Cached) else kept  # copies prove nothing
    with step("Files") as running:
        for count, name in enumerate(named_files(), start=1):
            try:
                if not is_as_named(name, kept.read(FOLDER + name)):
                    raise StoreProblem("it is damaged")
            except Missing:
                wrong += _told(name, "it is missing")
            except StoreProblem as problem:
                wrong += _told(name, str(problem))
            _report(running, count)
        running.result = f"{count:,} files in {kept}, {wrong:,} missing or damaged"
    return int(bool(wrong))


def sweep(*, remove: bool) -> None:
    """Find pictures and documents that no row names, at least a day old; `remove` them."""
    kept, oldest = store(), clock.now() - YOUNG
    with step("Files that nobody needs") as running:
        named = set(named_files())
        idle = [one for one in kept.listed(FOLDER) if one.at < oldest and _row_of(one.name) not in named]
        if remove:
            named = set(named_files())  # somebody may have uploaded one of them again meanwhile
            for one in idle:
                if _row_of(one.name) not in named:
                    kept.remove(one.name)
        size = sum(one.size for one in idle) / 1_000_000
        running.result = f"{len(idle):,}, {size:,.1f} MB" + (
            " removed" if remove else "; nothing was removed"
        )


def renew() -> int:
    """Make the sizes of today for pictures of an earlier version. Repeating it goes on. The exit code."""
    actor, kept = system_actor("kontor files", door="command"), store()
    done = wrong = 0
    with step("Pictures") as running:
        for medium in pictures_without_sizes():
            try:
                renew_picture(actor=actor, medium=medium, data=kept.read(FOLDER + medium.file))
                done += 1
            except (StoreProblem, Refused) as problem:
                wrong += _told(medium.file, str(problem))
            _report(running, done)
        running.result = f"{done:,} made anew, {wrong:,} failed"
    return int(bool(wrong))


def _all(kept: FileStore) -> Iterator[Kept]:
    for folder in FOLDERS:
        yield from kept.listed(folder)


def _row_of(name: str) -> str:
    return whole_of(name.removeprefix(FOLDER))


def _told(name: str, why: str) -> int:
    errors.print(f"  {name}: {why}", markup=False, soft_wrap=True)
    return 1


def _report(running: Step, count: int) -> None:
    if count % 100 == 0:
        running.report("files", count)
