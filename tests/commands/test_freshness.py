"""What is up to date is known without loading the application, and asked of the database, not of a note."""

import shutil
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from kontor.commands import freshness
from kontor.kernel.configuration import Configuration, load
from kontor.settings import CONFIG


def given(home) -> Configuration:
    return load({"KONTOR_SECRET_KEY": "k" * 50, "KONTOR_HOME": str(home), "KONTOR_DATABASE_URL": CONFIG.dsn})


def test_static_files_are_gathered_again_when_one_changes(tmp_path, monkeypatch):
    folder = tmp_path / "web" / "static"
    folder.mkdir(parents=True)
    (folder / "a.css").write_text("a {}")
    monkeypatch.setattr(freshness, "PACKAGE", tmp_path)
    config = given(tmp_path)
    gathered(tmp_path)

    assert freshness.static_files_are_stale(config)
    freshness.note_static_files(config)
    assert not freshness.static_files_are_stale(config)
    (folder / "a.css").write_text("a { top: 0 }")
    assert freshness.static_files_are_stale(config)


def gathered(home) -> Path:
    """What `collectstatic` leaves behind."""
    folder = home / "static"
    folder.mkdir()
    (folder / "a.1f3c.css").write_text("a {}")
    (folder / "staticfiles.json").write_text('{"version": "1.1", "paths": {"a.css": "a.1f3c.css"}}')
    return folder


@pytest.mark.parametrize("gone", ["a.1f3c.css", "staticfiles.json", ""])
def test_static_files_that_somebody_deleted_are_gathered_again(tmp_path, gone):
    config, folder = given(tmp_path), gathered(tmp_path)
    freshness.note_static_files(config)
    assert not freshness.static_files_are_stale(config)

    if gone:
        (folder / gone).unlink()
    else:
        shutil.rmtree(folder)
    assert freshness.static_files_are_stale(config)


@pytest.mark.django_db
def test_tables_are_current_when_the_database_itself_says_so(tmp_path, monkeypatch):
    config = given(tmp_path)
    here = connection.settings_dict
    monkeypatch.setattr(
        Configuration, "dsn", f"postgresql://{here['USER']}@/{here['NAME']}?host={here['HOST']}"
    )
    names = list(MigrationLoader(None).disk_migrations)

    assert not freshness.tables_are_current(config)
    freshness.note_migrations(config, names)
    assert freshness.tables_are_current(config)
    freshness.note_migrations(config, [*names, ("orders", "9999_of_tomorrow")])
    assert not freshness.tables_are_current(config)


@pytest.mark.django_db
def test_another_set_of_migration_files_is_looked_at_anew(tmp_path, monkeypatch):
    config = given(tmp_path)
    freshness.note_migrations(config, [])
    monkeypatch.setattr(freshness, "PACKAGE", tmp_path)
    assert not freshness.tables_are_current(config)
