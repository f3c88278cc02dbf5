"""An installation of its own for measurements inside one process: Django set up on a database that is thrown away."""

import os
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent


def set_up(name: str) -> Path:
    """Start the embedded database below var/ and bring its tables up to date. Returns the installation's folder."""
    home = Path(os.environ.get("KONTOR_BENCH_HOME", ROOT / "var" / f"bench-{name}"))
    for variable in [one for one in os.environ if one.startswith("KONTOR_")]:
        if not variable.startswith(("KONTOR_BENCH_", "KONTOR_SHARED")):
            del os.environ[variable]
    os.environ |= {
        "KONTOR_HOME": str(home), "KONTOR_LOG_LEVEL": "warning", "DJANGO_SETTINGS_MODULE": "kontor.settings",
    }  # fmt: skip
    home.mkdir(parents=True, exist_ok=True)
    import_module("kontor.kernel.embedded_postgres").ensure(home / "pg", "kontor")
    import_module("django").setup()
    import_module("django.conf").settings.SEARCH_NOTES_EVERY = 0
    import_module("django.core.management").call_command("migrate", verbosity=0)
    return home
