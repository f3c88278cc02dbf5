"""`kontor stop`: end what is left running, also after a crash."""

import os
import signal
import time
from pathlib import Path

from kontor.commands.processes import PATIENCE, only_one
from kontor.commands.start import configuration, shown
from kontor.commands.steps import console, step
from kontor.kernel import embedded_postgres


def stop() -> None:
    """End a running `kontor up`, then the embedded servers below the home folder."""
    config = configuration()
    stopped = end_up(config.home)
    for root in (config.postgres_root, *sorted(config.home.glob("test-pg-*"))):
        if root.is_dir() and embedded_postgres.is_running(root):
            with step(f"Stopping PostgreSQL in {shown(root)}"):
                embedded_postgres.stop(root)
            stopped = True
    if not stopped:
        console.print("  Nothing was running.")


def end_up(home: Path) -> bool:
    """Ask the `kontor up` of this home to stop and wait for it. False when there is none."""
    with only_one(home) as running:
        if not running:
            return False
    with step(f"Stopping Kontor, process {running}"):
        os.kill(running, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE + 10
        while time.monotonic() < deadline:
            with only_one(home) as still:
                if not still:
                    return True
            time.sleep(0.2)
    return True
