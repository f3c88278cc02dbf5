"""The real product for proofs over HTTP: web processes and workers started as `kontor up` starts them, and clients."""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from psycopg import sql

from kontor.commands.processes import web_command, worker_command
from kontor.companies.models import Membership
from kontor.kernel.configuration import Configuration, load
from kontor.web.sessions import SessionStore
from tests import server

ANSWERS_WITHIN = 60.0


def environment(home: Path, port: int, **more: str) -> dict[str, str]:
    """Variables of an installation of its own: nothing of this process but what finds the database's binaries."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KONTOR_")}
    if "KONTOR_POSTGRES_BIN" in os.environ:
        kept["KONTOR_POSTGRES_BIN"] = os.environ["KONTOR_POSTGRES_BIN"]
    generous = {f"KONTOR_LIMIT_BY_{name}": "100000000" for name in ("ACCOUNT", "COMPANY", "ADDRESS")}
    return kept | {
        "KONTOR_HOME": str(home),
        "KONTOR_PORT": str(port),
        "KONTOR_SECRET_KEY": settings.SECRET_KEY,
        "KONTOR_LOG_LEVEL": "error",
        "DJANGO_SETTINGS_MODULE": "tests.proof.serving",
        **generous,
        **more,
    }


@dataclass
class Process:
    """A web server or a worker in a process group of its own; its words go to `log`."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """As the kernel does when memory runs out: the process and all that it started, without a word."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        self.kill()


def web_process(variables: dict[str, str], log: Path) -> Process:
    return Process(web_command(configured(variables)), variables, log)


def worker_process(variables: dict[str, str], log: Path) -> Process:
    return Process(worker_command(), variables, log)


def configured(variables: dict[str, str]) -> Configuration:
    return load(variables)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> None:
    """Wait until the web server says that it is well."""
    deadline = time.monotonic() + ANSWERS_WITHIN
    while time.monotonic() < deadline:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with suppress(OSError, http.client.HTTPException):
            line.request("GET", "/health")
            if line.getresponse().status == 200:
                return
        line.close()
        time.sleep(0.05)
    raise AssertionError(f"nothing answers at port {port}")


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a problem, or nothing."""
        is_problem = self.headers.get("content-type", "").startswith("application/problem+json")
        return str(self.json()["code"]) if is_problem else ""


@dataclass
class Browser:
    """Somebody over HTTP with a connection that stays open: by session (forms and API) or by API key."""

    port: int
    session: str = ""
    key: str = ""
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    line: http.client.HTTPConnection | None = None

    def form(self, path: str, values: dict[str, Any]) -> Answered:
        body = urlencode({"csrfmiddlewaretoken": self.token, **values}, doseq=True).encode()
        return self.send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def api(self, method: str, path: str, body: Any = None, *, once: str = "", **headers: str) -> Answered:
        """`path` is below /api/v1/; a fresh Idempotency-Key unless `once` gives one."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if method != "GET":
            given |= {"Idempotency-Key": once or str(uuid.uuid4()), "X-CSRFToken": self.token}
        if body is not None:
            given["Content-Type"] = "application/json"
        return self.send(method, f"/api/v1/{path}", None if body is None else orjson.dumps(body), given)

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answered:
        """One request. Raises OSError or HTTPException when no whole answer comes."""
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        else:
            headers["Cookie"] = (
                f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={self.token}"
            )
        try:
            self.line.request(method, path, body, headers)
            response = self.line.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self.line.close()
            self.line = None
            raise
        return Answered(
            response.status, {name.lower(): value for name, value in response.getheaders()}, content
        )

    def connect(self) -> None:
        """Open the connection beforehand, so that many start together."""
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.line.connect()


def signed_in(member: Membership) -> str:
    """The key of a new session of this person, as sign-in makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(member.user_id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@contextmanager
def database_of_its_own(purpose: str) -> Iterator[str]:
    """A new database with tables, on the tests' server, which this process uses as well; yields its address."""
    server.start()
    name = f"{settings.DATABASES['default']['TEST']['NAME']}{_member()}_{purpose}"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    ready = connection.settings_dict["NAME"]  # has all tables when the tests' own database was made already
    copied = (
        sql.SQL(" TEMPLATE {}").format(sql.Identifier(ready)) if ready.startswith("test_") else sql.SQL("")
    )
    connection.close()
    with psycopg.connect(server.address(), dbname="postgres", autocommit=True) as line:
        line.execute(drop)
        line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copied)
    try:
        with using({"NAME": name}):
            yield address_of(connection.settings_dict)
    finally:
        with psycopg.connect(server.address(), dbname="postgres", autocommit=True) as line:
            line.execute(drop)


def _member() -> str:
    """Which of several test processes this one is."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return f"_{worker}" if worker else ""


def make_tables(variables: dict[str, str]) -> None:
    """All migrations, in a process of their own: this one may hold no connection to another database."""
    subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity", "0"], env=variables, check=True)


@contextmanager
def using(database: dict[str, Any]) -> Iterator[None]:
    """Within the block this process works on another database."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(database)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def address_of(database: dict[str, Any]) -> str:
    """As KONTOR_DATABASE_URL takes it."""
    options = {
        name.lower(): str(database[name]) for name in ("HOST", "PORT", "USER", "PASSWORD") if database[name]
    }
    return f"postgresql:///{quote(database['NAME'])}?" + urlencode(options)
