"""kill -9 of web server, worker and PostgreSQL in the middle of orders that come in over HTTP.

A client that gets no answer cannot know what became of its request; it asks again with the same Idempotency-Key until
it knows. KONTOR_TEST_ORDERS sets how many orders: 200 without it.
"""

import http.client
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import Count
from pytest_django import DjangoDbBlocker

from kontor.audit.models import Entry
from kontor.kernel import embedded_postgres
from kontor.kernel.invariants import check_all
from kontor.kernel.models import Delivery, OutboxEvent
from kontor.notifications.models import Mail
from kontor.orders.models import Order
from kontor.search.operations import rebuild_all
from kontor.settings import database
from tests.assembly import assemble
from tests.proof.market import Buyer, buyer, fifty_buyers, leave_in_stock, together
from tests.proof.product import (
    Answered,
    Browser,
    Process,
    answers,
    environment,
    free_port,
    make_tables,
    using,
    web_process,
    worker_process,
)

ORDERS = int(os.environ.get("KONTOR_TEST_ORDERS", "200"))
CLIENTS = 8
KILLS = 9
PATIENCE = 120.0


@dataclass
class House:
    """An installation with a PostgreSQL of its own, and what happens to it."""

    home: Path
    port: int
    web: Process
    worker: Process
    killed: Counter[str] = field(default_factory=Counter)
    away: dict[str, float] = field(default_factory=dict)

    @property
    def postgres(self) -> Path:
        return self.home / "pg"

    def kill_web(self) -> None:
        self.web.kill()
        self.web.start()
        answers(self.port)

    def kill_worker(self) -> None:
        self.worker.kill()
        self.worker.start()

    def kill_database(self) -> None:
        pid = int((self.postgres / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        embedded_postgres.ensure(self.postgres, "kontor")

    def stop(self) -> None:
        self.web.stop()
        self.worker.stop()
        embedded_postgres.stop(self.postgres)


@pytest.fixture(scope="module")
def house(django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home, port = tmp_path_factory.mktemp("kill9"), free_port()
    variables = environment(home, port, KONTOR_WEB_THREADS="6")
    built = House(
        home, port, web_process(variables, home / "web.log"), worker_process(variables, home / "worker.log")
    )
    wanted = database(embedded_postgres.ensure(built.postgres, "kontor"))
    try:
        make_tables(variables)
        with (
            django_db_blocker.unblock(),
            using({name: wanted.get(name, "") for name in ("NAME", "USER", "HOST", "PORT")}),
        ):
            yield built
    finally:
        built.stop()


@dataclass
class Trade:
    """Orders that clients place, and what they were told."""

    wanted: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    taken: int = 0
    acknowledged: dict[str, int] = field(default_factory=dict)
    asked_again: int = 0
    problems: list[str] = field(default_factory=list)

    def next(self) -> int | None:
        with self.lock:
            self.taken += 1
            return self.taken if self.taken <= self.wanted and not self.problems else None

    def insist(self, ask: Callable[[], Answered]) -> Answered | None:
        """Ask until there is a definite answer: no answer, 5xx and "still running" are none."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                given = ask()
                if given.status < 500 and given.code != "still_running":
                    return given
            with self.lock:
                self.asked_again += 1
            time.sleep(0.1)
        return None

    def work(self, who: Buyer, product_id: int) -> None:
        """One client: cart, line, order; again and again."""
        while (number := self.next()) is not None:
            cart = self._step(who, f"cart-{number}", "carts", {"start_new": True})
            line = {"product_id": product_id, "quantity": "10", "unit": "C62"}
            if cart is None or self._step(who, f"line-{number}", f"carts/{cart['id']}/lines", line) is None:
                return
            body = {"cart_id": cart["id"], "po_number": f"PO-{number}"}
            order = self._step(who, f"order-{number}", "orders", body)
            if order is None:
                return
            with self.lock:
                self.acknowledged[f"PO-{number}"] = order["id"]

    def _step(self, who: Buyer, key: str, path: str, body: dict[str, Any]) -> Any:
        given = self.insist(lambda: who.browser.api("POST", path, body, once=key))
        if given is None or given.status != 201:
            with self.lock:
                self.problems.append(f"{key}: {given and (given.status, given.body[:300])}")
            return None
        return given.json()


def trouble(house: House, trade: Trade) -> None:
    """Kill one after the other, evenly over the whole trade."""
    acts = [("web", house.kill_web), ("worker", house.kill_worker), ("database", house.kill_database)]
    for number in range(KILLS):
        due = ORDERS * (number + 1) // (KILLS + 2)
        while len(trade.acknowledged) < due and not trade.problems:
            time.sleep(0.02)
        name, act = acts[number % len(acts)]
        before, begun = len(trade.acknowledged), time.monotonic()
        act()
        back = time.monotonic()
        while len(trade.acknowledged) == before and not trade.problems:
            time.sleep(0.01)
        print(name, back - begun, time.monotonic() - begun)
        house.killed[name] += 1
        house.away[name] = max(house.away.get(name, 0.0), time.monotonic() - begun)


def again(ask: Callable[[], Any]) -> Any:
    """Ask the database, which may just have been away."""
    with suppress(Exception):
        return ask()
    connections.close_all()
    return None


def settle() -> None:
    """Wait until every event is delivered and every job done."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        open_now = (
            Delivery.objects.exclude(status=Delivery.Status.DONE).count()
            + Mail.objects.filter(status="queued").count()
        )
        if not open_now:
            return
        time.sleep(0.2)
    raise AssertionError(
        list(Delivery.objects.exclude(status="done").values_list("reaction", "status", "last_error")[:5])
    )


@pytest.mark.covers("R0.18")
def test_orders_survive_the_death_of_every_process(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    cast = assemble()
    leave_in_stock(cast.products["bolt"], 10 * ORDERS)
    rebuild_all()
    buyers = [
        *fifty_buyers(cast, house.port, CLIENTS - 1),
        buyer(cast.people["gil"], house.port, by_form=False),
    ]
    for one in buyers:
        one.browser.session, one.by_form = "", False
        one.browser.key = one.browser.key or buyer(one.member, house.port, by_form=False).browser.key
    connection.close()
    house.web.start()
    house.worker.start()
    answers(house.port)
    trade, begun = Trade(ORDERS), time.monotonic()
    product = cast.products["bolt"].pk
    threads = [threading.Thread(target=trade.work, args=(one, product)) for one in buyers]
    threads.append(threading.Thread(target=trouble, args=(house, trade)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    taken = time.monotonic() - begun
    connections.close_all()
    settle()

    assert trade.problems == []
    assert dict(house.killed) == {"web": KILLS // 3, "worker": KILLS // 3, "database": KILLS // 3}
    assert len(trade.acknowledged) == ORDERS
    kept = dict(Order.objects.values_list("po_number", "pk"))
    lost = [number for number, pk in trade.acknowledged.items() if kept.get(number) != pk]
    assert lost == []
    twice = Order.objects.values("po_number").annotate(n=Count("pk")).filter(n__gt=1).count()
    assert (twice, Order.objects.count()) == (0, ORDERS)
    assert [(one.name, one.examples) for one in check_all() if one.bad] == []
    assert Entry.objects.filter(verb="orders.placed").count() == ORDERS
    assert OutboxEvent.objects.filter(name="orders.OrderPlaced").count() == ORDERS
    letters = Counter(Mail.objects.values_list("status", flat=True))
    assert set(letters) == {"kept"}
    told = Mail.objects.filter(topic="orders").values("thread").annotate(n=Count("pk"))
    with capsys.disabled():
        print(
            f"\nkill -9: {dict(house.killed)} in {taken:.0f} s; orders acknowledged {len(trade.acknowledged)}, lost 0,"
            f" duplicates 0, half 0; requests repeated {trade.asked_again}; events {OutboxEvent.objects.count()},"
            f" deliveries {Delivery.objects.count()} all done, mails {sum(letters.values())} all rendered"
            f" ({len(told)} threads)"
        )


@pytest.mark.covers("R3.32")
def test_after_a_restart_of_postgresql_no_request_fails(house: House) -> None:
    if house.web.process is None:
        house.web.start()
    answers(house.port)
    guests = [Browser(house.port) for _ in range(CLIENTS)]
    for _round in range(2):
        for _try in range(3):  # every connection of the pool has been in use
            assert {one.status for one in together([partial(ask, one) for one in guests])} == {200}
        house.kill_database()
        # The house is up again before anybody asks: each finds connections that died meanwhile.
        assert {one.status for one in together([partial(ask, one) for one in guests])} == {200}


def ask(guest: Browser) -> Answered:
    return guest.api("GET", "categories")
