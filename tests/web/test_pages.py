from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from jinja2 import DictLoader

from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.web import toasts
from kontor.web.middleware.refusals import refusals
from kontor.web.pages import is_htmx, jinja_env, leave_to, page, refused
from kontor.web.shell import Shell
from kontor.web.toasts import Toast

PAGE = """{% extends "web/base.html" %}{% block title %}Lines{% endblock %}{% block main %}<h1>All</h1>
{% block lines %}<p id="lines">{{ word }}{% if refusal %}{{ refusal.message }}{% endif %}</p>{% endblock %}
{% endblock %}"""


@pytest.fixture(autouse=True)
def sample(monkeypatch: pytest.MonkeyPatch) -> None:
    env = jinja_env()
    loader = env.loader
    assert loader is not None
    extra = DictLoader({"test/page.html": PAGE})

    class Both(type(loader)):
        def __init__(self) -> None:
            pass

        def get_source(self, environment, template):
            return (extra if template.startswith("test/") else loader).get_source(environment, template)

    monkeypatch.setattr(env, "loader", Both())


@pytest.fixture
def ask(rf: RequestFactory) -> Callable[..., HttpRequest]:
    def _ask(htmx: bool = False, cookies: dict[str, str] | None = None) -> HttpRequest:
        headers = {"HX-Request": "true"} if htmx else {}
        request = rf.get("/lines/", headers=headers)
        request.COOKIES.update(cookies or {})
        request.__dict__["_shell"] = Shell(brand="Hansa Supply")
        return request

    return _ask


def test_a_browser_gets_the_whole_page_and_htmx_the_block(ask: Callable[..., HttpRequest]) -> None:
    whole = page(ask(), "test/page.html", block="lines", word="five").content.decode()
    part = page(ask(htmx=True), "test/page.html", block="lines", word="five").content.decode()

    assert "<title>Lines · Hansa Supply</title>" in whole
    assert "<h1>All</h1>" in whole
    assert part == '<p id="lines">five</p>'


def test_htmx_gets_the_whole_page_when_no_block_is_named_or_its_history_is_restored(
    rf: RequestFactory, ask: Callable[..., HttpRequest]
) -> None:
    restored = rf.get("/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert "<html" in page(ask(htmx=True), "test/page.html", word="five").content.decode()
    assert not is_htmx(restored)


def test_a_refusal_is_422_and_stands_in_the_fragment(ask: Callable[..., HttpRequest]) -> None:
    answer = refused(ask(htmx=True), "test/page.html", Refused("no", "Too many."), block="lines", word="")

    assert answer.status_code == 422
    assert answer.content.decode() == '<p id="lines">Too many.</p>'


def test_pages_of_somebody_signed_in_are_kept_out_of_every_cache(
    ask: Callable[..., HttpRequest], settings: object
) -> None:
    cookie = settings.SESSION_COOKIE_NAME

    mine = page(ask(cookies={cookie: "x"}), "test/page.html", word="")
    theirs = page(ask(), "test/page.html", word="")

    assert mine.headers["Cache-Control"] == "private, no-store"
    assert theirs.headers["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Language", "HX-Request"} <= set(mine.headers["Vary"].split(", "))


def test_after_a_change_browsers_follow_303_and_htmx_its_own_header(ask: Callable[..., HttpRequest]) -> None:
    browser, htmx = leave_to(ask(), "/orders/1/"), leave_to(ask(htmx=True), "/orders/1/")

    assert (browser.status_code, browser.headers["Location"]) == (303, "/orders/1/")
    assert (htmx.status_code, htmx.headers["HX-Redirect"]) == (204, "/orders/1/")


def test_a_toast_survives_one_redirect_and_is_said_once(ask: Callable[..., HttpRequest]) -> None:
    left = leave_to(
        ask(), "/", toast=Toast(message="Order <b> cancelled.", told="Sal knows.", undo_url="/undo/")
    )
    cookie = left.cookies[toasts.COOKIE].value

    shown = page(ask(cookies={toasts.COOKIE: cookie}), "test/page.html", word="")

    html = shown.content.decode()
    assert "Order &lt;b&gt; cancelled." in html
    assert "Sal knows." in html
    assert 'action="/undo/"' in html
    assert shown.cookies[toasts.COOKIE]["max-age"] == 0


def test_a_forged_toast_says_nothing(ask: Callable[..., HttpRequest]) -> None:
    assert toasts.kept(ask(cookies={toasts.COOKIE: "eyJtZXNzYWdlIjoiaGkifQ:forged"})) is None


def test_a_toast_comes_along_with_a_fragment(ask: Callable[..., HttpRequest]) -> None:
    html = page(
        ask(htmx=True), "test/page.html", block="lines", word="", toast=Toast(message="Removed.")
    ).content.decode()

    assert 'id="toasts"' in html
    assert "hx-swap-oob" in html
    assert "Removed." in html


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotAllowed("no", "Not you."), 403),
        (Stale("old", "Somebody was first."), 409),
        (Refused("no", "No."), 422),
    ],
)
def test_a_refusal_that_no_view_caught_becomes_a_page(
    ask: Callable[..., HttpRequest], refusal: Refused, status: int
) -> None:
    handle = refusals(lambda request: HttpResponse())

    answer = handle.process_exception(ask(), refusal)

    assert answer.status_code == status
    assert refusal.message in answer.content.decode()


def test_htmx_gets_a_refusal_as_one_sentence_beside_the_page(ask: Callable[..., HttpRequest]) -> None:
    handle = refusals(lambda request: HttpResponse())

    answer = handle.process_exception(ask(htmx=True), Stale("old", "Somebody was first."))

    assert answer.headers["X-Trouble"] == "409"
    assert answer.headers["HX-Reswap"] == "none"
    assert "Somebody was first." in answer.content.decode()
    assert "<" not in answer.content.decode()
