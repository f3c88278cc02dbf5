"""The worker fetches the rates of the day from a machine that remembers what it was asked, is slow, and fails."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from kontor.commands.rates import import_rates
from kontor.kernel import clock
from kontor.pricing import fetching
from kontor.pricing.models import ExchangeRate
from kontor.pricing.operations import ReadRates
from kontor.worker.jobs import fetch_reference_rates
from tests.pricing.operations.test_rates import DAILY, ENVELOPE, HISTORY, day_of, kept

NOW = datetime(2026, 5, 29, 18, tzinfo=UTC)
BOMB = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><b>&d;</b>"""
STEALING = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/hostname">]><b>&a;</b>"""
WRONG = {
    "a page": b"<html><body>Maintenance</body></html>",
    "no XML": b"<gesmes:Envelope",
    "nothing": b"",
    "no rates": ENVELOPE.format(days="").encode(),
    "a rate of nothing": ENVELOPE.format(days=day_of("2026-05-29", USD="0")).encode(),
    "another year": ENVELOPE.format(days=day_of("2027-05-29", USD="1.1")).encode(),
    "entities": BOMB,
    "a file of this machine": STEALING,
}


@dataclass
class Bank:
    """Answers with `body`, after `delay` seconds, a piece at a time where it is `dripping`."""

    body: bytes = DAILY
    status: int = 200
    delay: float = 0.0
    dripping: bool = False
    leads_to: str = ""
    host: str = "127.0.0.1"
    asked: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def bank(**facts: Any) -> Iterator[Bank]:
    found = Bank(**facts)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            time.sleep(found.delay)
            with suppress(OSError):
                self.send_response(302 if found.leads_to else found.status)
                if found.leads_to:
                    self.send_header("Location", found.leads_to)
                self.send_header("Content-Length", str(len(found.body)))
                self.end_headers()
                for place in range(0, len(found.body), 64 if found.dripping else 2**20):
                    self.wfile.write(found.body[place : place + (64 if found.dripping else 2**20)])
                    time.sleep(0.05 if found.dripping else 0)

        def log_message(self, *_about: object) -> None:
            return

    server = ThreadingHTTPServer((found.host, 0), Handler)
    found.url = f"http://{found.host}:{server.server_port}/eurofxref-daily.xml"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


def fetched(found: Bank, private: tuple[str, ...] = ("127.0.0.1",)) -> ReadRates | None:
    config: Any = SimpleNamespace(rates_url=found.url, private_hosts=private)
    return fetching.fetch_rates_of_today(config)


@pytest.fixture(autouse=True)
def _today(db: None) -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.mark.covers("R4.16")
def test_the_rates_of_the_day_are_fetched_once_and_those_of_the_next_day_again() -> None:
    with bank() as found:
        read = fetched(found)
        assert read is not None
        assert (str(read.last), read.changed, fetched(found)) == ("2026-05-29", 3, None)
        assert found.asked == ["/eurofxref-daily.xml"]

        with clock.at(datetime(2026, 5, 30, 6, tzinfo=UTC)):
            # The bank has nothing new on a Saturday: asked again, nothing changes.
            read = fetched(found)
            assert read is not None
            assert (str(read.last), read.changed) == ("2026-05-29", 0)
    assert len(found.asked) == 2
    assert len(kept()) == 3


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_file_of_rates_changes_nothing(what: str, capfd: pytest.CaptureFixture[str]) -> None:
    with bank(body=HISTORY) as found, clock.at(datetime(2026, 5, 30, tzinfo=UTC)):
        fetched(found)
        before = kept()
        found.body = WRONG[what]
        assert fetched(found) is None
    assert len(found.asked) == 2
    assert kept() == before != []


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_refusal_is_no_file_whatever_it_holds(status: int) -> None:
    with bank(status=status) as found:
        assert fetched(found) is None
    assert kept() == []


def test_a_slow_bank_is_left_and_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LIMITS", fetching.LIMITS | {"seconds": 0.4})
    for facts in ({"delay": 2.0}, {"dripping": True, "body": DAILY + b" " * 4000}):
        with bank(**facts) as found:
            begun = time.monotonic()
            assert fetched(found) is None
            assert time.monotonic() - begun < 1.5
            found.delay, found.dripping = 0.0, False
            assert fetched(found) is not None
        ExchangeRate.objects.all().delete()


def test_a_file_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LIMITS", fetching.LIMITS | {"size": 10_000})
    with bank(body=DAILY + b" " * 20_000) as found:
        assert fetched(found) is None
    assert kept() == []


def test_machines_of_the_own_network_are_not_asked_neither_at_once_nor_by_a_redirect() -> None:
    with bank(host="127.0.0.2") as inside, bank(leads_to=inside.url) as outside:
        assert fetched(inside) is None
        assert fetched(outside) is None
        assert (inside.asked, len(outside.asked)) == ([], 1)
        assert fetched(outside, private=("127.0.0.0/8",)) is not None
        ExchangeRate.objects.all().delete()
    # Gone
    assert fetched(outside) is None
    assert kept() == []


def test_the_worker_asks_only_where_an_address_is_set(settings: Any) -> None:
    with bank() as found:
        own = {"private_hosts": ("127.0.0.1",)}
        settings.CONFIG = settings.CONFIG.model_copy(update={"rates_url": "", **own})
        fetch_reference_rates(0)
        assert found.asked == []
        settings.CONFIG = settings.CONFIG.model_copy(update={"rates_url": found.url, **own})
        fetch_reference_rates(0)
        assert (len(found.asked), len(kept())) == (1, 3)


def test_the_command_takes_in_a_file_and_tells_what_is_wrong_with_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "eurofxref-hist.xml"
    file.write_bytes(HISTORY)
    assert import_rates(file) == 0
    assert "2 currencies, 2026-05-28 to 2026-05-29: 4 rates are new or different." in capsys.readouterr().out
    assert import_rates(file) == 0
    assert ": 0 rates are new or different." in capsys.readouterr().out
    file.write_bytes(BOMB)
    assert import_rates(file) == 1
    assert "The rates were not taken in." in capsys.readouterr().err
    with pytest.raises(typer.Exit):
        import_rates(tmp_path / "none.xml")
    assert "none.xml cannot be read" in capsys.readouterr().err
    assert len(kept()) == 4
