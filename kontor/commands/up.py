"""`kontor up`: everything that a person needs to trade, started in one go and stopped by Ctrl-C."""

import http.client
import socket
import time
from importlib import import_module
from types import ModuleType

from rich.panel import Panel
from rich.table import Table

from kontor.commands import freshness
from kontor.commands.processes import (
    Child,
    StopAsked,
    only_one,
    stop_all,
    stop_signals,
    watch,
    web_command,
    worker_command,
)
from kontor.commands.start import (
    close_connections,
    configuration,
    database_version,
    fail,
    shown,
    start_database,
    start_django,
)
from kontor.commands.steps import console, step
from kontor.kernel import embedded_postgres
from kontor.kernel.configuration import Configuration

COMING_UP = 60.0
"""Seconds that the web server has to answer its first request."""


def up(*, demo: bool) -> None:
    """Prepare, start web and worker, and stay until Ctrl-C. `demo` fills an empty database."""
    config = configuration()
    with only_one(config.home) as other:
        if other is not None:
            fail(
                f"Kontor is running from {shown(config.home)} already, as process {other}. `kontor stop` ends it."
            )
        refuse_taken_port(config)
        children = [Child("web server", web_command(config)), Child("worker", worker_command())]
        found_running = not config.embedded or embedded_postgres.is_running(config.postgres_root)
        trouble = None
        with stop_signals():
            try:
                prepare_all(config, demo=demo)
                trouble = serve(config, children, demo=demo)
            except StopAsked:
                console.print()
            finally:
                shut_down(config, children, stop_database=not found_running)
    if trouble:
        fail(f"The {trouble} does not come up; its messages are above. `kontor doctor` may know why.")


def prepare_all(config: Configuration, *, demo: bool) -> None:
    """Bring everything up to date: translations, database, tables, static files, the demo in an empty database."""
    console.print("[bold]Kontor[/bold]")
    if stale := freshness.stale_translations():
        with step(f"Translations: {len(stale)} to compile"):
            doing().compile_translations()
    where = shown(config.postgres_root) if config.embedded else "at KONTOR_DATABASE_URL"
    with step(f"PostgreSQL {where}") as running:
        started = start_database(config)
        running.result = f"PostgreSQL {database_version(config)} {where}" + (
            "" if started else ", was running"
        )
    with step("Tables") as running:
        if freshness.tables_are_current(config):
            running.result = "Tables are up to date"
        else:
            start_django()
            running.result = f"Tables: {doing().migrate(config)} changes applied"
    if freshness.static_files_are_stale(config):
        with step("Static files: name by content and compress"):
            start_django()
            doing().gather_static_files(config)
    if demo and freshness.nobody_trades(config):
        import_module("kontor.commands.demo").load()
    close_connections()


def doing() -> ModuleType:
    """`kontor.commands.prepare`, which needs Django, only when there is something to do."""
    return import_module("kontor.commands.prepare")


def serve(config: Configuration, children: list[Child], *, demo: bool) -> str | None:
    """Start all, say where to look, and watch. Returns the name of a process that does not come up."""
    with step("Web server and worker"):
        for child in children:
            child.start()
        if not answers(config, children[0]):
            return children[0].name
    welcome(config, demo=demo)
    return watch(children)


def answers(config: Configuration, web: Child) -> bool:
    """Wait for the first answer of the web server."""
    deadline = time.monotonic() + COMING_UP
    while time.monotonic() < deadline and not web.has_ended():
        status = health(config)
        if status is not None:
            return status == http.HTTPStatus.OK
        time.sleep(0.05)
    return False


def health(config: Configuration) -> int | None:
    """The status that the web address gives to a question for its health; None when nobody answers in HTTP."""
    line = http.client.HTTPConnection(*reachable(config), timeout=2)
    try:
        line.request("GET", "/health", headers={"Host": config.hosts[0]})
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()


def reachable(config: Configuration) -> tuple[str, int]:
    """The address at which this machine reaches its own web server."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # these are looked up, not bound
    return everywhere.get(config.host, config.host), config.port


def refuse_taken_port(config: Configuration) -> None:
    if port_is_taken(config):
        fail(
            f"Port {config.port} on {config.host} is taken by another program. "
            f"Stop that one, or choose another port: KONTOR_PORT={config.port + 1} make run"
        )


def port_is_taken(config: Configuration) -> bool:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError:
            return True
    return False


def welcome(config: Configuration, *, demo: bool) -> None:
    """Say where to look, and with which accounts of the demo to sign in."""
    console.print()
    console.print(f"  Open  [bold]{config.address}[/bold]")
    if demo:
        start_django()
    accounts = import_module("kontor.demo.load").demo_accounts() if demo else []
    if accounts:
        table = Table(box=None, padding=(0, 2), header_style="dim")
        for title in ("Sign in as", "Password", "Who that is"):
            table.add_column(title)
        for account in accounts:
            table.add_row(account.email, account.password, account.who)
        console.print(Panel(table, title="Accounts of the demo", title_align="left", expand=False))
    console.print("  [dim]Ctrl-C stops everything; the data stay.[/dim]\n")
    close_connections()


def shut_down(config: Configuration, children: list[Child], *, stop_database: bool) -> None:
    """Stop what this command started, the database last."""
    if any(child.process for child in children):
        with step("Stopping web server and worker"):
            stop_all(children)
    if stop_database:
        with step("Stopping PostgreSQL"):
            embedded_postgres.stop(config.postgres_root)
