"""Bring an installation up to date: translations, tables, static files. Each does nothing when nothing is due."""

import io
from importlib import import_module

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kontor.commands import freshness
from kontor.kernel.actors import system_actor
from kontor.kernel.configuration import Configuration


def compile_translations() -> int:
    """Compile what is stale, without gettext being installed; return how many files."""
    stale = freshness.stale_translations()
    for po in stale:
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parent.parent.name)
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        draft = po.with_suffix(".mo.new")
        draft.write_bytes(compiled.getvalue())
        draft.rename(po.with_suffix(".mo"))
    return len(stale)


def pending_migrations() -> list[str]:
    """Names of migrations that the database has not seen, as orders.0003_wished_date."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate(config: Configuration) -> int:
    """Apply what is pending, and add tax rates that are new; return how many migrations."""
    pending = pending_migrations()
    if pending:
        call_command("migrate", interactive=False, verbosity=0)
        import_module("kontor.taxes.operations").take_shipped_rates(
            actor=system_actor("Kontor", door="shell")
        )
    freshness.note_migrations(config, MigrationExecutor(connection).loader.disk_migrations)
    return len(pending)


def gather_static_files(config: Configuration) -> bool:
    """Collect, name by content and compress CSS, scripts and pictures. False when they are those of the last time."""
    if not freshness.static_files_are_stale(config):
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    freshness.note_static_files(config)
    return True
