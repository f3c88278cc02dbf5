"""Other machines are called only at public addresses, once resolved, without redirects, within limits."""

import ipaddress
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from kontor.kernel.entrances import EntranceProblem, http
from kontor.kernel.entrances.http import HttpLimits, HttpQuestion, ask, is_public

pytestmark = pytest.mark.covers("R3.33")

LOCAL = ("127.0.0.0/8", "::1/128")


class Listener:
    """A machine on loopback that says what it is told to and remembers what it was asked."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self.asked: list[bytes] = []
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _peer = self._socket.accept()
            except OSError:
                return
            with connection:
                try:
                    self.asked.append(whole_request(connection))
                    self._answer(connection)
                except OSError:
                    pass

    def close(self) -> None:
        self._socket.close()


def whole_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        if not (piece := connection.recv(65_536)):
            return received
        received += piece
        if received.startswith(b"\x16"):  # the beginning of TLS, which this machine does not speak
            return received
    head, body = received.split(b"\r\n\r\n", 1)
    length = next(
        (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0"
    )
    while len(body) < int(length.split(b":")[1]):
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    listeners = []

    def start(answer: bytes | Callable[[socket.socket], None]) -> Listener:
        say = answer if callable(answer) else lambda connection: connection.sendall(answer)
        listeners.append(Listener(say))
        return listeners[-1]

    yield start
    for listener in listeners:
        listener.close()


def refused(url: str, **limits) -> str:
    with pytest.raises(EntranceProblem) as problem:
        ask(HttpQuestion(url=url), HttpLimits(**limits))
    return problem.value.code


def test_asks_and_answers_where_the_operator_allows_it(listen):
    machine = listen(b"HTTP/1.1 201 Created\r\nX-Kind: order\r\nContent-Length: 2\r\n\r\nok")
    question = HttpQuestion(
        method="POST",
        url=f"http://127.0.0.1:{machine.port}/hook?a=1",
        headers={"X-Signature": "abc", "Host": "elsewhere.example"},
        body=b"{}",
    )
    answer = ask(question, HttpLimits(private=LOCAL))

    assert (answer.status, answer.headers["x-kind"], answer.body) == (201, "order", b"ok")
    sent = machine.asked[0].lower()
    assert sent.startswith(b"post /hook?a=1 http/1.1\r\n")
    assert f"host: 127.0.0.1:{machine.port}\r\n".encode() in sent
    assert b"x-signature: abc\r\n" in sent
    assert b"elsewhere" not in sent
    assert sent.endswith(b"{}")


def test_a_large_body_goes_into_a_file_a_piece_at_a_time(listen, tmp_path):
    size = 30_000_000

    def say(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        for _piece in range(30):
            connection.sendall(b"x" * 1_000_000)

    machine = listen(say)
    url = f"http://127.0.0.1:{machine.port}/"
    tracemalloc.start()
    with (tmp_path / "body").open("wb") as into:
        answer = ask(HttpQuestion(url=url), HttpLimits(size=size, private=LOCAL), into)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (answer.status, answer.body, (tmp_path / "body").stat().st_size) == (200, b"", size)
    assert most < 6_000_000
    with (tmp_path / "body").open("wb") as into, pytest.raises(EntranceProblem) as problem:
        ask(HttpQuestion(url=url), HttpLimits(size=size - 1, private=LOCAL), into)
    assert problem.value.code == "too_big"


@pytest.mark.parametrize("status", [404, 500])
def test_the_body_of_another_answer_is_not_read_into_the_file(status, listen, tmp_path):
    machine = listen(b"HTTP/1.1 %d No\r\nContent-Length: 900000000\r\n\r\nsorry" % status)
    with (tmp_path / "body").open("w+b") as into:
        answer = ask(HttpQuestion(url=f"http://127.0.0.1:{machine.port}/"), HttpLimits(private=LOCAL), into)
        assert (answer.status, into.tell()) == (status, 0)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "localhost.", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]",
     "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"],
)  # fmt: skip
def test_no_spelling_of_this_machine_is_reached(host, listen):
    machine = listen(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert refused(f"http://{host}:{machine.port}/") in ("private_address", "unknown_host", "address")
    time.sleep(0.05)
    assert machine.asked == []


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1",
     "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1", "::"],
)  # fmt: skip
def test_addresses_that_are_not_public_are_known(address):
    assert is_public(ipaddress.ip_address(address)) is False


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_addresses_are_known(address):
    assert is_public(ipaddress.ip_address(address)) is True


def test_a_name_is_resolved_once_and_one_private_address_is_enough_to_refuse(monkeypatch):
    calls = []

    def look_up(name: str, port: int) -> list[str]:
        calls.append(name)
        return ["93.184.216.34", "10.0.0.7"]

    monkeypatch.setattr(http, "look_up", look_up)
    assert refused("http://shop.example/") == "private_address"
    assert calls == ["shop.example"]


def test_an_answer_that_changes_after_the_check_is_never_asked_for(monkeypatch, listen):
    machine = listen(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    answers = iter(["127.0.0.2", "10.9.9.9"])
    monkeypatch.setattr(http, "look_up", lambda name, port: [next(answers)])
    monkeypatch.setattr(http, "is_public", lambda address: str(address) == "127.0.0.2")
    assert refused(f"http://shop.example:{machine.port}/", seconds=2) == "unreachable"
    assert next(answers) == "10.9.9.9"


def test_the_name_is_kept_for_the_other_side(monkeypatch, listen):
    machine = listen(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    monkeypatch.setattr(http, "look_up", lambda name, port: ["127.0.0.1"])
    ask(HttpQuestion(url=f"http://hooks.example:{machine.port}/"), HttpLimits(private=("hooks.example",)))
    assert f"host: hooks.example:{machine.port}\r\n".encode() in machine.asked[0].lower()


def test_a_redirect_is_not_followed(listen):
    inner = listen(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
    where = f"http://127.0.0.1:{inner.port}/"
    outer = listen(f"HTTP/1.1 302 Found\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n".encode())
    assert refused(f"http://127.0.0.1:{outer.port}/", private=LOCAL) == "redirected"
    assert inner.asked == []


def test_a_long_answer_is_cut_off(listen):
    machine = listen(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000)
    assert refused(f"http://127.0.0.1:{machine.port}/", private=LOCAL, size=1_000) == "too_big"


def test_one_byte_after_the_other_does_not_hold_us_longer_than_the_limit(listen):
    def drip(connection: socket.socket) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 10_000:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)

    machine = listen(drip)
    start = time.monotonic()
    assert refused(f"http://127.0.0.1:{machine.port}/", private=LOCAL, seconds=0.5) == "too_slow"
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    "url",
    ["", "shop.example", "ftp://shop.example/", "file:///etc/passwd", "gopher://x/", "http://", "http://user:pw@shop.example/",
     "http://user@127.0.0.1/", "javascript:alert(1)", "http://shop.example:99999/"],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url):
    assert refused(url) == "address"


def test_what_does_not_answer_in_http_is_refused(listen):
    machine = listen(b"220 mail.example ESMTP\r\n")
    assert refused(f"http://127.0.0.1:{machine.port}/", private=LOCAL) == "not_http"


def test_a_closed_port_is_unreachable(listen):
    machine = listen(b"")
    machine.close()
    assert refused(f"http://127.0.0.1:{machine.port}/", private=LOCAL, seconds=2) in (
        "unreachable",
        "not_http",
    )


def test_a_machine_without_a_valid_certificate_is_refused(listen):
    machine = listen(b"HTTP/1.1 200 OK\r\n\r\n")
    assert refused(f"https://127.0.0.1:{machine.port}/", private=LOCAL) in ("certificate", "unreachable")


def test_a_header_cannot_smuggle_another(listen):
    machine = listen(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    question = HttpQuestion(url=f"http://127.0.0.1:{machine.port}/", headers={"X-Note": "a\r\nX-Other: b"})
    with pytest.raises(EntranceProblem) as problem:
        ask(question, HttpLimits(private=LOCAL))
    assert problem.value.code == "not_http"
    assert not any(b"X-Other" in asked for asked in machine.asked)
