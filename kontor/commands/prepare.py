"""Bring an installation up to date: translations, tables, static files. Each does nothing when nothing is due."""

import hashlib
import io
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kontor.kernel.configuration import Configuration

PACKAGE = Path(__file__).resolve().parent.parent
BRING_STATIC_FILES = ("django", "django-htmx", "django-allauth", "django-ninja", "heroicons")


def stale_translations() -> list[Path]:
    """The .po files whose .mo is missing or older."""
    return [po for po in sorted(PACKAGE.rglob("*.po")) if not _is_newer(po.with_suffix(".mo"), po)]


def compile_translations() -> int:
    """Compile what is stale, without gettext being installed; return how many files."""
    stale = stale_translations()
    for po in stale:
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parent.parent.name)
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        draft = po.with_suffix(".mo.new")
        draft.write_bytes(compiled.getvalue())
        draft.rename(po.with_suffix(".mo"))
    return len(stale)


def _is_newer(compiled: Path, source: Path) -> bool:
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime


def pending_migrations() -> list[str]:
    """Names of migrations that the database has not seen, as orders.0003_wished_date."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate() -> int:
    """Apply what is pending; return how many migrations."""
    pending = pending_migrations()
    if pending:
        call_command("migrate", interactive=False, verbosity=0)
    return len(pending)


def gather_static_files(config: Configuration) -> bool:
    """Collect, name by content and compress CSS, scripts and pictures. False when they are those of the last time."""
    wanted, stamp = _static_fingerprint(), config.home / "static.stamp"
    if not static_files_are_stale(config):
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(wanted)
    return True


def static_files_are_stale(config: Configuration) -> bool:
    stamp = config.home / "static.stamp"
    return not stamp.exists() or stamp.read_text() != _static_fingerprint()


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for name in BRING_STATIC_FILES:
        digest.update(f"{name}={metadata.version(name)};".encode())
    for file in _own_static_files():
        state = file.stat()
        digest.update(f"{file.relative_to(PACKAGE)}={state.st_size},{state.st_mtime_ns};".encode())
    return digest.hexdigest()


def _own_static_files() -> Iterator[Path]:
    for folder in sorted(PACKAGE.glob("*/static")):
        yield from sorted(path for path in folder.rglob("*") if path.is_file())
