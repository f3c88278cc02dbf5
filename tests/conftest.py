"""What all tests share: the database server, the order of the slow ones, other people's files."""

from collections import Counter
from hashlib import sha256
from importlib.util import find_spec
from math import inf
from typing import Any

import pytest

from tests import server, shared_files

pytest_plugins = ["tests.cast", "tests.kits"] if find_spec("tests.cast") else []


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the server when the first test asks for a database; others never wait for it."""
    server.start()


@pytest.fixture(autouse=True)
def no_requests_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests ask from one address: together they would exceed what one address may ask in a minute."""
    monkeypatch.setattr("kontor.web.middleware.limits.window.counts", Counter())


@pytest.fixture(autouse=True)
def refusals_are_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only tests of these figures write them; elsewhere a refusal leaves no trace in any table."""
    monkeypatch.setattr("kontor.kernel.refusal_counts.notebook.every", inf)
    monkeypatch.setattr("kontor.kernel.refusal_counts.notebook.counts", Counter())
    monkeypatch.setattr("kontor.kernel.refusal_counts.notebook.last", {})


@pytest.fixture(autouse=True)
def no_index_of_others(
    settings: Any, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A test finds no search index but the one that it made: others hold the rows of another test, or database."""
    name = sha256(request.node.nodeid.encode()).hexdigest()[:16]
    settings.SEARCH_FOLDER = tmp_path_factory.getbasetemp() / "search" / name


KEPT = (
    "brands._brands",
    "browsing._totals",
    "browsing._facets",
    "faceting._offered",
    "faceting._counted",
    "suggesting._asked",
    "finding._facets",
    "finding._broad",
)


@pytest.fixture(autouse=True)
def search_remembers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts kept for half a minute and words asked for are of the test before, whose rows are rolled back."""
    for kept in KEPT:
        monkeypatch.setattr(f"kontor.search.queries.{kept}._kept", {})
    monkeypatch.setattr("kontor.search.queries.noting._noted", {})
    monkeypatch.setattr("kontor.search.queries.curated._Kept.at", -inf)


PAGES = (
    "tests/storefront",
    "tests/backoffice",
    "tests/api",
    "tests/web",
    "tests/journeys",
    "tests/demo",
    "tests/bench",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        asks_the_database = (
            item.get_closest_marker("django_db") or "db" in fixtures or "transactional_db" in fixtures
        )
        if asks_the_database and not item.nodeid.startswith(PAGES):
            item.add_marker("database")
        if item.get_closest_marker("journey") and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("journeys"))
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)  # the long ones start first
    if shared_files.ROOT is None:
        absent = [item for item in items if item.get_closest_marker("shared")]
        if absent:
            config.hook.pytest_deselected(items=absent)
            items[:] = [item for item in items if item not in absent]


def pytest_report_header() -> str:
    if shared_files.ROOT is None:
        return f"NOTICE: tests marked `shared` are left out: {shared_files.ABSENT}"
    return f"other people's files: {shared_files.ROOT}"
