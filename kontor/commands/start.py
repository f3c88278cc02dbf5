"""What has to be there before a command can work: right settings, a database that answers, Django."""

import os
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import django
import psycopg
import typer
from django.apps import apps

from kontor.commands.steps import errors
from kontor.kernel import embedded_postgres
from kontor.kernel.configuration import Configuration, ConfigurationProblem, load
from kontor.kernel.embedded_postgres import EmbeddedPostgresProblem

OLDEST_POSTGRES = 15


def fail(text: str, code: int = 1) -> NoReturn:
    """End the command with a sentence instead of a traceback."""
    errors.print(text, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(code)


def configuration() -> Configuration:
    try:
        return load()
    except ConfigurationProblem as problem:
        fail(str(problem), code=2)


def start_database(config: Configuration) -> bool:
    """Make sure that the database answers. True when this call started the embedded server."""
    if not config.embedded:
        try:
            with psycopg.connect(config.dsn, connect_timeout=10):
                return False
        except psycopg.OperationalError as problem:
            fail(f"The database of KONTOR_DATABASE_URL does not answer: {str(problem).strip()}")
    try:
        was_running = embedded_postgres.is_running(config.postgres_root)
        embedded_postgres.ensure(config.postgres_root, "kontor")
    except EmbeddedPostgresProblem as problem:
        fail(str(problem))
    return not was_running


def database_version(config: Configuration) -> str:
    """As 18.6. The connection is closed again: nothing of it stays in this process."""
    with psycopg.connect(config.dsn, connect_timeout=10) as connection:
        version = connection.info.server_version
    if version // 10_000 < OLDEST_POSTGRES:
        fail(
            f"The database is PostgreSQL {version // 10_000}; Kontor needs {OLDEST_POSTGRES} or newer. "
            "Move it to a newer server, or unset KONTOR_DATABASE_URL to use the embedded one."
        )
    return f"{version // 10_000}.{version % 10_000}"


def start_django() -> None:
    """Load the application, which takes a second or two the first time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.settings")
    if not apps.ready:
        django.setup()


def close_connections() -> None:
    """Leave no connection of this process open while others work for hours."""
    if apps.ready:
        import_module("django.db").connections.close_all()


def ready() -> Configuration:
    """Settings read, database running, Django loaded: what most commands begin with."""
    config = configuration()
    start_database(config)
    start_django()
    return config


def shown(path: Path) -> str:
    """Relative to the current folder where that is shorter."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
