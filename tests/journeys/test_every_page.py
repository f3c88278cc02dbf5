"""Every page of every office: nothing on the console, nothing too wide, nothing that axe finds, in all shapes."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from pytest_django import DjangoDbBlocker

from tests.assembly import Cast
from tests.journeys.hostile import hostile_customer
from tests.journeys.house import installed
from tests.journeys.stage import Person, Stage
from tests.proof.product import free_port
from tests.proof.two_trades import Trade

pytestmark = pytest.mark.xdist_group("every_page")  # a browser and a product of its own
DEPTH = 2
NO_PAGE = re.compile(r"\.(pdf|csv|json)$|^/media/|^/static/|/html/$|^/api/|recovery-codes/download")
WALKS = (("en", 1440, "light", 2), ("de", 390, "dark", 1))
"""Language, width, scheme, and how many pages of one address pattern are opened: the first in a list and one more."""
WIDTHS = (1440, 390)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return []
  const clipped = (one) => one && (getComputedStyle(one).overflowX !== 'visible' || clipped(one.parentElement))
  const boxes = [...document.body.querySelectorAll('*')].filter(
    (one) => one.checkVisibility() && one.getBoundingClientRect().right > width + 1 && !clipped(one.parentElement))
  return [document.documentElement.scrollWidth + ' px wide: ' + boxes.slice(0, 2).map((one) => one.outerHTML.slice(0, 100))]
}"""
LINKS = "() => [...document.querySelectorAll('a[href]')].map((one) => one.href.baseVal ?? one.href)"


@pytest.fixture(scope="module")
def hostile() -> list[Trade]:
    """Filled while the installation is furnished."""
    return []


@pytest.fixture(scope="module")
def installation(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
    hostile: list[Trade],
) -> Iterator[Stage]:
    """One of its own: what the hostile customer is called must not stand in other journeys' way."""
    home = tmp_path_factory.mktemp("every_page")

    def furnish(cast: Cast) -> None:
        hostile.append(hostile_customer(cast))

    with installed("every_page", home, free_port(), django_db_blocker, furnish) as stage:
        yield stage


@pytest.mark.covers("R0.50")
@pytest.mark.parametrize(
    ("who", "start", "least"),
    [
        ("visitor", "/", 6),
        ("buyer", "/", 25),
        ("store_admin", "/office/", 35),
        ("olga", "/office/platform/", 5),
    ],
)
def test_every_page_is_whole_in_each_shape(
    stage: Stage, come: Callable[..., Person], hostile: list[Trade], who: str, start: str, least: int
):
    """Two steps deep from the first page, in both languages; axe looks at one page of each kind."""
    member = {"visitor": None, "buyer": hostile[0].by}.get(who, stage.cast.people.get(who))
    found: list[str] = []
    for language, width, scheme, of_a_kind in WALKS:
        person = come(locale=language, color_scheme=scheme, viewport={"width": width, "height": 900})
        if member is not None:
            person.has_session_of(member)
        person.context.add_cookies([{"name": "kontor_language", "value": language, "url": stage.address}])
        walked = walk(person, start, of_a_kind)
        found += walked.problems
        assert len(walked.seen) >= least, sorted(walked.seen)
        person.troubles, troubles = [], person.troubles
        found += [f"{language} {one}" for one in troubles]
    assert found == []


class Walked:
    """What a walk has seen, by name of the page, and what was wrong on the way."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.problems: list[str] = []


def walk(person: Person, start: str, of_a_kind: int) -> Walked:
    walked, waiting, known = Walked(), deque([(start, 0)]), {start}
    while waiting:
        path, depth = waiting.popleft()
        name = name_of(path)
        if name is None or walked.seen[name] >= of_a_kind:
            continue
        walked.seen[name] += 1
        answer = person.goes(path)
        if answer is None or answer.status != 200:
            walked.problems.append(f"{path}: {answer and answer.status}")
            continue
        walked.problems += [f"{path} {problem}" for problem in look(person, with_axe=walked.seen[name] == 1)]
        for link in person.page.evaluate(LINKS) if depth < DEPTH else ():
            parts = urlsplit(link)
            to = parts.path + (f"?{parts.query}" if parts.query else "")
            if link.startswith(person.stage.address) and to not in known:
                known.add(to)
                waiting.append((to, depth + 1))
    return walked


def name_of(path: str) -> str | None:
    """Which page it is; none for documents and downloads."""
    bare = path.partition("?")[0]
    try:
        found = resolve(bare)
    except Resolver404:
        return None
    return None if NO_PAGE.search(bare) else f"{found.view_name or bare}{'?' if '?' in path else ''}"


def look(person: Person, *, with_axe: bool) -> list[str]:
    """What is wrong with the page that stands in the window."""
    problems, page = [], person.page
    own = page.viewport_size
    for width in sorted(WIDTHS, key=lambda one: own is not None and one == own["width"]):
        page.set_viewport_size({"width": width, "height": 900})
        problems += [f"{width}: {wide}" for wide in page.evaluate(TOO_WIDE)]
    headings = page.locator("h1").count()
    if headings != 1:
        problems.append(f"{headings} headings of the first level")
    if page.title() == "taken" or page.locator("main script").count():
        problems.append("a stored script came alive")
    for violation in Axe().run(page, options=RULES).response["violations"] if with_axe else ():
        nodes = [node["html"][:160] for node in violation["nodes"][:2]]
        problems.append(f"axe {violation['id']}: {nodes}")
    return problems
