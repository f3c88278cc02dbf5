"""Files in a folder of this machine, or of a network drive that all machines have."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from kontor.kernel.storage.store import Kept, Missing, StoreProblem, checked


class Disk:
    """A store in `folder`; a file's name is its path below it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __str__(self) -> str:
        return str(self._folder)

    def path_of(self, name: str) -> Path:
        """Where a file lies, or would."""
        return self._folder / checked(name)

    def write(self, name: str, content: bytes | Path) -> None:
        path = self.path_of(name)
        with _told(), _replacing(path) as draft:
            if isinstance(content, Path):
                shutil.copyfile(content, draft)
            else:
                draft.write_bytes(content)

    def read(self, name: str) -> bytes:
        with _told():
            return self.path_of(name).read_bytes()

    def fetch(self, name: str, to: Path) -> None:
        with _told():
            shutil.copyfile(self.path_of(name), to)

    def has(self, name: str) -> bool:
        return self.path_of(name).is_file()

    def remove(self, name: str) -> None:
        with _told():
            self.path_of(name).unlink(missing_ok=True)

    def listed(self, prefix: str = "") -> Iterator[Kept]:
        for folder, folders, names in os.walk(self._folder / prefix):
            folders.sort()
            for name in sorted(names):
                path = Path(folder) / name
                try:
                    state = path.stat()
                    yield Kept(
                        checked(path.relative_to(self._folder).as_posix()),
                        state.st_size,
                        datetime.fromtimestamp(state.st_mtime, UTC),
                    )
                except (FileNotFoundError, Missing):
                    continue  # removed meanwhile, or a draft


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A draft beside the file, which takes its place when all is written: nobody ever reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o644)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as problem:
        raise Missing(str(problem)) from None
    except OSError as problem:
        raise StoreProblem(f"{problem.strerror}: {problem.filename}") from None
