"""What is older than its source. Found out without loading the application, so that a start without changes is fast."""

import hashlib
import json
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import psycopg

from kontor.kernel.configuration import Configuration

PACKAGE = Path(__file__).resolve().parent.parent
BRING_STATIC_FILES = ("django", "django-htmx", "django-allauth", "django-ninja", "heroicons")
BRING_TABLES = ("django", "django-allauth", "procrastinate")


def stale_translations() -> list[Path]:
    """The .po files whose .mo is missing or older."""
    return [po for po in sorted(PACKAGE.rglob("*.po")) if not _is_newer(po.with_suffix(".mo"), po)]


def _is_newer(compiled: Path, source: Path) -> bool:
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime


def tables_are_current(config: Configuration) -> bool:
    """Ask the database whether it has all migrations that this code has.

    Their names are those that the last `note_migrations` was told; other files or packages make this False.
    """
    try:
        seen = json.loads(_migrations_seen(config).read_text())
        if seen["code"] != _migrations_fingerprint():
            return False
        with psycopg.connect(config.dsn, connect_timeout=10) as line:
            applied = set(line.execute("SELECT app, name FROM django_migrations"))
    except (OSError, ValueError, KeyError, psycopg.Error):
        return False
    return {(app, name) for app, name in seen["names"]} <= applied


def note_migrations(config: Configuration, names: Iterable[tuple[str, str]]) -> None:
    """Remember (app, name) of all migrations that this code has."""
    seen = {"code": _migrations_fingerprint(), "names": sorted(names)}
    _migrations_seen(config).write_text(json.dumps(seen))


def nobody_trades(config: Configuration) -> bool:
    """True when there is no company in the database yet."""
    with psycopg.connect(config.dsn, connect_timeout=10) as line:
        return line.execute("SELECT 1 FROM companies_company LIMIT 1").fetchone() is None


def static_files_are_stale(config: Configuration) -> bool:
    """True when the gathered ones are not made from those of today, or some of them are gone."""
    stamp = _static_stamp(config)
    made_today = stamp.exists() and stamp.read_text() == _static_fingerprint()
    return not (made_today and _static_files_are_there(config))


def _static_files_are_there(config: Configuration) -> bool:
    """Whether the folder holds all that its manifest names: somebody may have cleaned up."""
    folder = config.home / "static"
    try:
        paths = json.loads((folder / "staticfiles.json").read_text())["paths"]
    except (OSError, ValueError, KeyError):
        return False
    return all((folder / name).is_file() for name in paths.values())


def note_static_files(config: Configuration) -> None:
    """Remember of what the static files were gathered."""
    _static_stamp(config).write_text(_static_fingerprint())


def _migrations_seen(config: Configuration) -> Path:
    return config.home / "migrations.json"


def _migrations_fingerprint() -> str:
    return _fingerprint(BRING_TABLES, sorted(PACKAGE.glob("*/migrations/*.py")))


def _static_stamp(config: Configuration) -> Path:
    return config.home / "static.stamp"


def _static_fingerprint() -> str:
    files = [path for folder in sorted(PACKAGE.glob("*/static")) for path in sorted(folder.rglob("*"))]
    return _fingerprint(BRING_STATIC_FILES, (path for path in files if path.is_file()))


def _fingerprint(packages: Iterable[str], files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for name in packages:
        digest.update(f"{name}={metadata.version(name)};".encode())
    for file in files:
        state = file.stat()
        digest.update(f"{file.relative_to(PACKAGE)}={state.st_size},{state.st_mtime_ns};".encode())
    return digest.hexdigest()
