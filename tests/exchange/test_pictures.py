"""Pictures by address: fetched safely in the background, tried again when that may help, reported when not."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kontor.catalog.models import Product
from kontor.companies.models import Company, Membership
from kontor.exchange import pictures
from kontor.exchange.models import ImportRun, PictureOrder
from kontor.exchange.operations import fetch_again
from kontor.exchange.pictures import failed_of, fetch_pictures, pictures_are_due
from kontor.kernel import clock
from kontor.kernel.actors import system_actor
from kontor.kernel.entrances import http
from kontor.kernel.refusal import NotAllowed
from tests.cast import actor
from tests.exchange.importing import imported

pytestmark = pytest.mark.covers("R0.7", "R3.33")
LOCAL = ("127.0.0.0/8",)
WHO = system_actor("import")


def drawn(colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


class Shop(BaseHTTPRequestHandler):
    """A maker's web server with its moods, by path."""

    asked: list[str] = []

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        here = f"http://{self.headers['Host']}"
        answers: dict[str, Callable[[], None]] = {
            "/red.png": lambda: self.say(200, drawn("red")),
            "/page.png": lambda: self.say(200, b"<html><script>alert(1)</script>"),
            "/gone.png": lambda: self.say(404, b""),
            "/busy.png": lambda: self.say(503, b""),
            "/huge.png": lambda: self.say(200, b"\x89PNG" + b"x" * 10_000_001),
            "/moved.png": lambda: self.say(302, b"", f"{here}/red.png"),
            "/loop.png": lambda: self.say(302, b"", f"{here}/loop.png"),
            "/inside.png": lambda: self.say(302, b"", "http://10.1.2.3/secret.png"),
            "/file.png": lambda: self.say(302, b"", "file:///etc/passwd"),
            "/nowhere.png": lambda: self.say(302, b"", "http://[::1"),
            "/slow.png": self.drip,
        }
        answers[self.path]()

    def say(self, status: int, body: bytes, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _second in range(200):
            self.wfile.write(b"x")
            time.sleep(0.1)

    def log_message(self, *_parts: Any) -> None:
        pass


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> None:
    settings.FILES_FOLDER = tmp_path


@pytest.fixture
def shop() -> Iterator[str]:
    Shop.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def ordered(bolt: Product, *urls: str) -> ImportRun:
    """An import that names these pictures."""
    return imported(f"SKU;Name;Picture\n{bolt.sku};Bolt;{' '.join(urls)}\n", bolt.seller)


def state(url: str) -> tuple[str, str, int]:
    order = PictureOrder.objects.get(url__endswith=url)
    return order.status, order.problem, order.tries


def test_pictures_are_fetched_redirects_followed_and_the_same_one_kept_once(bolt: Product, shop: str):
    run = ordered(bolt, f"{shop}/red.png", f"{shop}/moved.png")
    assert run.counts["pictures"] == 2
    assert fetch_pictures(WHO, private=LOCAL) == 2

    assert [state(url)[0] for url in ("/red.png", "/moved.png")] == ["fetched", "fetched"]
    assert list(bolt.media.values_list("source", flat=True)) == [f"{shop}/red.png"]
    assert fetch_pictures(WHO, private=LOCAL) == 0
    ordered(bolt, f"{shop}/red.png")
    assert fetch_pictures(WHO, private=LOCAL) == 0


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/page.png", "This is not a picture that we can read. Use JPEG, PNG or WebP."),
        ("/gone.png", "The server answered 404."),
        ("/huge.png", "The answer is larger than 10000 kB."),
        ("/loop.png", "The address leads on to another one. Give the final address."),
        ("/inside.png", "10.1.2.3 is an address inside of this network. It is not called."),
        ("/file.png", "A web address begins with https:// or http://."),
        ("/nowhere.png", "This is not a web address."),
    ],
)
def test_what_cannot_work_says_why_at_once(bolt: Product, shop: str, path: str, why: str):
    run = ordered(bolt, f"{shop}{path}")
    fetch_pictures(WHO, private=LOCAL)

    assert state(path) == ("failed", why, 1)
    assert list(failed_of(run)) == [(bolt.sku, f"{shop}{path}", why)]
    assert not bolt.media.exists()
    assert len(Shop.asked) == (4 if path == "/loop.png" else 1)


def test_the_own_network_is_not_called_and_neither_is_it_after_a_redirect(bolt: Product, shop: str):
    ordered(bolt, f"{shop}/red.png")
    fetch_pictures(WHO)

    assert state("/red.png")[:2] == (
        "failed",
        "127.0.0.1 is an address inside of this network. It is not called.",
    )
    assert Shop.asked == []


def test_a_name_that_changes_its_address_after_the_check_is_not_followed(
    bolt: Product, shop: str, monkeypatch
):
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    connected: list[str] = []

    def connect(self: Any, host: str, *_rest: Any, **_more: Any) -> Any:
        connected.append(host)
        raise http.httpcore.ConnectError("nobody")

    monkeypatch.setattr(http, "look_up", lambda _name, _port: next(answers))
    monkeypatch.setattr(http.httpcore.SyncBackend, "connect_tcp", connect)
    ordered(bolt, "http://pictures.example/red.png")
    fetch_pictures(WHO)

    assert connected == ["93.184.216.34"]
    assert Shop.asked == []


def test_what_may_work_later_is_tried_five_times_with_growing_pauses(bolt: Product, shop: str, monkeypatch):
    ordered(bolt, f"{shop}/busy.png")
    now = clock.now()
    pauses = []
    for _turn in range(5):
        monkeypatch.setattr(clock, "now", lambda: now)
        assert (pictures_are_due(), fetch_pictures(WHO, private=LOCAL)) == (True, 1)
        assert (pictures_are_due(), fetch_pictures(WHO, private=LOCAL)) == (False, 0)
        order = PictureOrder.objects.get()
        pauses.append((order.status, order.tries, (order.next_at - now) // timedelta(minutes=1)))
        now = order.next_at
    assert pauses == [
        ("waiting", 1, 2),
        ("waiting", 2, 15),
        ("waiting", 3, 60),
        ("waiting", 4, 360),
        ("failed", 5, 30),
    ]
    assert state("/busy.png")[1] == "The server answered 503."


def test_a_slow_server_costs_a_bounded_wait_and_does_not_hold_up_the_others(
    bolt: Product, shop: str, monkeypatch
):
    monkeypatch.setattr(pictures, "HttpLimits", lambda **limits: http.HttpLimits(seconds=2.0, **limits))
    ordered(bolt, f"{shop}/slow.png", f"{shop}/red.png")
    begun = time.monotonic()
    fetch_pictures(WHO, private=LOCAL)

    assert time.monotonic() - begun < 9
    assert state("/slow.png")[:2] == ("waiting", "No answer within 2.0 seconds.")
    assert state("/red.png")[0] == "fetched"


def test_a_killed_worker_leaves_a_lease_that_ends(bolt: Product, shop: str, monkeypatch):
    ordered(bolt, f"{shop}/red.png")
    with monkeypatch.context() as killed:
        killed.setattr(pictures, "_take", lambda *_parts: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            fetch_pictures(WHO, private=LOCAL)
    assert not pictures_are_due()

    later = clock.now() + pictures.LEASE
    monkeypatch.setattr(clock, "now", lambda: later)
    assert pictures_are_due()
    assert (fetch_pictures(WHO, private=LOCAL), state("/red.png")[0]) == (1, "fetched")


def test_failed_pictures_are_tried_again_by_hand_or_by_the_next_import(
    bolt: Product, shop: str, cat: Membership, lev: Membership, hansa: Company
):
    run = ordered(bolt, f"{shop}/gone.png")
    fetch_pictures(WHO, private=LOCAL)
    with pytest.raises(NotAllowed):
        fetch_again(actor=actor(lev), run=run)
    assert fetch_again(actor=actor(cat), run=run) == 1
    assert state("/gone.png")[0] == "waiting"

    fetch_pictures(WHO, private=LOCAL)
    assert state("/gone.png")[0] == "failed"
    assert ordered(bolt, f"{shop}/gone.png").counts["pictures"] == 1
    assert state("/gone.png") == ("waiting", "", 0)
