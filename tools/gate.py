"""The gate that every change passes: `python -m tools.gate` runs all steps, `... lint` only the quick ones.

All steps run even after one failed, so that one look shows everything; the tests come last, and a summary after them.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kontor.commands.prepare import compile_translations
from kontor.kernel import embedded_postgres
from tools import browser, oldest_postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
HERE = ("--pythonpath", str(ROOT))
TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.settings"}


@dataclass(frozen=True)
class Step:
    """Something to check. `check` returns True when it passed."""

    title: str
    check: Callable[[], bool]


def program(*command: str, **environment: str) -> Callable[[], bool]:
    """A check that runs a program of the virtual environment."""

    def check() -> bool:
        full = [str(BIN / command[0]), *command[1:]]
        return subprocess.run(full, cwd=ROOT, env=os.environ | environment, check=False).returncode == 0

    return check


def translations() -> bool:
    print(f"{compile_translations()} compiled")
    return True


def no_host_in_lock() -> bool:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    bad = [line for line in lines if "://" in line or "index-url" in line or "find-links" in line]
    print("\n".join(bad) or "requirements.lock names no host")
    return not bad


LINT = [
    Step("Style", program("ruff", "check", ".")),
    Step("Format", program("ruff", "format", "--check", ".")),
    Step("House rules", program("python", "-m", "tools.house")),
    Step("Floors", program("lint-imports")),
    Step("Lock file", no_host_in_lock),
]
CHECKS = [
    Step("Types", program("mypy")),
    Step(
        "Django's own checks",
        program("django-admin", "check", *HERE, "--fail-level", "WARNING", **TEST_SETTINGS),
    ),
    Step(
        "Migrations",
        program("django-admin", "makemigrations", *HERE, "--check", "--dry-run", **TEST_SETTINGS),
    ),
    Step("Translations", translations),
    Step("Texts in all languages", program("python", "-m", "tools.texts", "--check")),
]
TESTS = [
    Step("Database tests on the oldest PostgreSQL", oldest_postgres.run_tests),
    Step("Requirements", program("python", "-m", "tools.requirements_report")),
    Step("A browser for the journeys", browser.ensure),
    Step("All tests", program("pytest", "-n", "2", "--dist", "loadgroup")),
]


def main(arguments: list[str]) -> int:
    steps = LINT if arguments == ["lint"] else LINT + CHECKS + TESTS
    servers = sorted((ROOT / "var").glob("test-pg-*"))
    running_before = [root for root in servers if embedded_postgres.is_running(root)]
    try:
        failed = [step.title for step in steps if not passes(step)]
    finally:
        for root in sorted((ROOT / "var").glob("test-pg-*")):
            if root not in running_before:
                embedded_postgres.stop(root)
    print(f"\nFailed: {', '.join(failed)}." if failed else f"\nAll {len(steps)} steps passed.")
    return 1 if failed else 0


def passes(step: Step) -> bool:
    print(f"\n── {step.title}", flush=True)
    start = time.monotonic()
    passed = step.check()
    print(
        f"── {step.title}: {'passed' if passed else 'FAILED'} in {time.monotonic() - start:.1f} s", flush=True
    )
    return passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
