"""Storage that is away, slow, or does not let us in is told in bounded time, and asked again when it is back."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from kontor.kernel.storage import s3 as module
from kontor.kernel.storage.chosen import store_at
from kontor.kernel.storage.store import Missing, StoreProblem


class Moody(BaseHTTPRequestHandler):
    """Answers what `mood` says: a status, or a wait in seconds before 200."""

    mood: float = 503
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        if self.mood < 100:
            time.sleep(self.mood)
        self.send_response(int(self.mood) if self.mood >= 100 else 200)
        self.send_header("Content-Length", "2")
        self.send_header("Last-Modified", "Sun, 22 Nov 2026 12:00:00 GMT")
        self.send_header("ETag", '"x"')
        self.end_headers()
        self.wfile.write(b"ok")

    do_PUT = do_HEAD = do_DELETE = do_GET  # noqa: N815  # the names that the server of the library asks for

    def log_message(self, *_parts: Any) -> None:
        pass


@pytest.fixture
def moody():
    Moody.mood, Moody.asked = 503, 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Moody)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"s3+http://key:secret@127.0.0.1:{server.server_address[1]}/files"
    server.shutdown()


def test_a_wrong_secret_is_told_without_telling_the_secret(s3: str):
    store = store_at(s3.replace("kontor%2Fsecret", "wrong-one"))
    with pytest.raises(StoreProblem) as problem:
        store.read("media/a")

    assert "privileges" in str(problem.value)
    assert "wrong-one" not in str(problem.value)
    assert "127.0.0.1" in str(store)
    assert "key" not in str(store)


def test_a_bucket_that_is_not_there_is_no_missing_file(s3: str):
    with pytest.raises(StoreProblem, match="no such bucket") as problem:
        store_at(s3.replace("/files", "/others")).read("media/a")

    assert not isinstance(problem.value, Missing)


def test_a_server_that_is_overloaded_is_asked_again_and_then_left_alone(moody: str, monkeypatch):
    store = store_at(moody)
    with pytest.raises(StoreProblem, match="503"):
        store.read("media/a")
    assert Moody.asked == 1 + module.REPEATS

    Moody.mood = 200
    with pytest.raises(StoreProblem, match="a moment ago"):
        store.read("media/a")
    assert Moody.asked == 1 + module.REPEATS


def test_a_server_that_is_back_is_used_again(moody: str, monkeypatch):
    monkeypatch.setattr(module, "REST", 0)
    store = store_at(moody)
    with pytest.raises(StoreProblem):
        store.write("media/a", b"ok")
    Moody.mood = 200

    assert store.read("media/a") == b"ok"
    store.write("media/a", b"ok")


def test_a_server_that_hangs_costs_a_bounded_wait_once(moody: str, monkeypatch):
    monkeypatch.setattr(module, "ANSWER", "1s")
    monkeypatch.setattr(module, "REPEATS", 0)
    Moody.mood = 30
    store, begun = store_at(moody), time.monotonic()
    for _turn in range(20):
        with pytest.raises(StoreProblem):
            store.read("media/a")

    assert 0.9 < time.monotonic() - begun < 4


def test_nobody_at_the_address_is_told_at_once():
    begun = time.monotonic()
    with pytest.raises(StoreProblem):
        store_at("s3+http://key:secret@127.0.0.1:1/files").read("media/a")

    assert time.monotonic() - begun < 5


def test_a_missing_file_is_no_reason_to_leave_the_server_alone(place: str):
    store = store_at(place)
    with pytest.raises(Missing):
        store.read("media/a")
    store.write("media/a", b"a")

    assert store.read("media/a") == b"a"
