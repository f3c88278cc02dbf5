"""The long-running processes of an installation: how web and worker are started, watched and stopped together."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from kontor.commands.steps import console
from kontor.kernel.configuration import Configuration

PATIENCE = 20.0
"""Seconds that web and worker have to finish what they are doing."""
HEALTHY = 10.0
"""Seconds after which a process counts as having come up."""
MOST_FAILED_STARTS = 3


def web_command(config: Configuration) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", config.host, "--port", str(config.port)),
        *("--workers", str(config.web_workers), "--blocking-threads", str(config.web_threads)),
        *("--workers-kill-timeout", "15", "--respawn-failed-workers", "--log-level", "warning"),
        "kontor.wsgi:application",
    ]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "kontor.worker"]


class StopAsked(BaseException):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


@dataclass
class Child:
    """One process that is kept running. `failed_starts` counts ends within HEALTHY seconds, one after the other."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    failed_starts: int = 0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_end_with_parent)

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self, how: signal.Signals) -> None:
        """Signal the process and all that it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)


def _end_with_parent() -> None:
    """Ask Linux to end this child when its parent is killed, even by -9; elsewhere nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def watch(children: list[Child]) -> str:
    """Keep the children running until StopAsked. Returns the name of one that does not come up, and gives up."""
    while True:
        for child in children:
            if not child.has_ended():
                continue
            lived = time.monotonic() - child.started
            child.failed_starts = child.failed_starts + 1 if lived < HEALTHY else 1
            if child.failed_starts >= MOST_FAILED_STARTS:
                return child.name
            code = child.process.returncode if child.process else "?"
            console.print(f"  The {child.name} ended (exit {code}); starting it again.")
            child.stop(signal.SIGKILL)
            child.start()
        time.sleep(0.2)


def stop_all(children: list[Child]) -> None:
    """Ask all to finish, wait, and end by force what is left."""
    for child in children:
        if not child.has_ended():
            child.stop(signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    for child in children:
        if child.process is not None:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                console.print(f"  The {child.name} did not finish in {PATIENCE:.0f} seconds and was ended.")
            child.stop(signal.SIGKILL)
            child.process.wait()


@contextmanager
def stop_signals() -> Iterator[None]:
    """Within the block Ctrl-C and SIGTERM raise StopAsked; while stopping, further ones are ignored."""

    def ask(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise StopAsked

    before = {each: signal.signal(each, ask) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def only_one(home: Path) -> Iterator[int | None]:
    """Hold the lock of this home; yields None, or the process number of the `kontor up` that has it already."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.pid").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            yield int(file.read().strip() or 0)
            return
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield None
        file.truncate(0)
