from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kontor.search.engine import reader
from kontor.search.engine.indexer import Indexer
from kontor.search.operations import rebuild_all
from kontor.search.queries.curated import forget_curation
from tests.cast import Cast


@pytest.fixture
def node(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[reader.Node]:
    """A node with an index folder of its own that looks for changes at every question."""
    settings.SEARCH_FOLDER = tmp_path / "search"
    monkeypatch.setattr(reader, "LOOK_EVERY", -1.0)
    fresh = reader.Node()
    for module in ("browsing", "searching", "suggesting"):
        monkeypatch.setattr(f"kontor.search.queries.{module}.node", fresh)
    forget_curation()
    yield fresh
    forget_curation()


@pytest.fixture
def indexer(node: reader.Node, cast: Cast) -> Iterator[Indexer]:
    """The cast in an index that follows."""
    rebuild_all()
    found = Indexer()
    found.open()
    yield found
    found.close()
