"""The running product, the browser, and the people who use both."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from kontor.kernel.invariants import check_all
from tests.journeys.house import installed
from tests.journeys.stage import FLAGS, PATIENCE_MS, Person, Stage
from tests.proof.product import free_port, using
from tools import browser

THERE = pytest.StashKey[list[Person]]()
REASON = "No Chromium: install one, or name it in KONTOR_TEST_BROWSER."


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith("tests/journeys/"):
            item.add_marker("journey")


@pytest.fixture(scope="package")
def installation(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """Web and worker with the cast in a database of their own."""
    port = int(os.environ.get("KONTOR_TEST_PORT", "0")) or free_port()
    with installed("journeys", tmp_path_factory.mktemp("journeys"), port, django_db_blocker) as stage:
        yield stage


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright keeps an event loop in this thread; Django must not mind."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    found = browser.find()
    assert found, REASON
    expect.set_options(timeout=PATIENCE_MS)
    started = playwright.chromium.launch(executable_path=found, args=FLAGS)
    yield started
    started.close()


@pytest.fixture
def stage(installation: Stage, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """The installation, with its database for this process as well; afterwards everything that must hold holds."""
    with django_db_blocker.unblock(), using(installation.database):
        yield installation
        assert [(one.name, one.examples) for one in check_all() if one.bad] == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A journey that fails says what stood on everybody's page."""
    report = yield
    if report.failed and report.when == "call":
        for person in item.stash.get(THERE, []):
            with suppress(Error):
                text = person.page.locator("body").inner_text()
                report.sections.append((f"{person.page.url}", text[:5000]))
    return report


@pytest.fixture
def come(stage: Stage, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Person]]:
    """Somebody opens a browser of their own: `come("ana")` is signed in, `come()` is a visitor."""
    there = request.node.stash.setdefault(THERE, [])

    def one(name: str = "", **options: object) -> Person:
        person = stage.person(chromium, **options)
        there.append(person)
        if name:
            person.has_session_of(stage.cast.people[name])
        return person

    yield one
    for person in there:
        person.leave()
    assert [one for person in there for one in person.troubles] == []
