"""Other people's files (hostile XML, broken CSV, real EDI ...), too many or not ours to be kept in this project.

They are looked for in the folder KONTOR_SHARED, else in `../shared`. A clone that has neither runs without the tests
marked `shared`, and says so. A folder that is there but lacks a file fails the test.
"""

import os
from pathlib import Path

ABSENT = "there is no folder KONTOR_SHARED and none beside this one called shared."


def _root() -> Path | None:
    if chosen := os.environ.get("KONTOR_SHARED"):
        folder = Path(chosen)
        if not folder.is_dir():
            raise RuntimeError(f"KONTOR_SHARED is {chosen!r}, which is no folder.")
        return folder
    beside = Path(__file__).resolve().parent.parent.parent / "shared"
    return beside if (beside / "data").is_dir() else None


ROOT = _root()


def shared(path: str) -> Path:
    """The file `data/<path>` of the collection; it must exist."""
    assert ROOT is not None, ABSENT
    file = ROOT / "data" / path
    assert file.exists(), f"{file} is missing from the collection"
    return file
