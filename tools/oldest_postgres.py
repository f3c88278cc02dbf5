"""The database-heavy tests once more, on the oldest PostgreSQL that Kontor supports."""

import os
import subprocess
import sys
from pathlib import Path

from tools import system_packages

OLDEST = 15
PLACES = (Path(f"/usr/lib/postgresql/{OLDEST}/bin"), Path(f"/usr/pgsql-{OLDEST}/bin"))


def find() -> Path | None:
    """Folder with the programs of that version."""
    return next((place for place in PLACES if (place / "pg_ctl").exists()), None)


def run_tests() -> bool:
    """Run the tests marked `database` there. Without that version: a loud warning, on a build machine a failure."""
    found = find()
    if found is None and system_packages.install(f"postgresql-{OLDEST}"):
        found = find()
    if found is None:
        print(f"WARNING: there is no PostgreSQL {OLDEST}, and it could not be installed.")
        print(
            f"WARNING: the database tests did NOT run on it. Debian 12: apt-get install postgresql-{OLDEST}"
        )
        return not os.environ.get("CI")
    command = [sys.executable, "-m", "pytest", "-n", "2", "-m", "database and not journey", "-q"]
    environment = os.environ | {"KONTOR_POSTGRES_BIN": str(found)}
    return subprocess.run(command, env=environment, check=False).returncode in (
        0,
        5,
    )  # 5: no test is marked yet
