"""Web and worker are kept running, and nothing is left of them afterwards."""

import os
import signal
import sys
import threading
import time

import psutil
import pytest

from kontor.commands import processes
from kontor.commands.processes import Child, StopAsked, only_one, stop_all, stop_signals, watch

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)",
]


def pid(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def watch_while(other: threading.Thread, child: Child) -> None:
    other.start()
    watch([child])


def test_a_child_that_dies_is_started_again():
    child = Child("worker", SLEEPS)
    child.start()
    first = pid(child)

    def disturb() -> None:
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while pid(child) == first and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    disturber = threading.Thread(target=disturb)
    with stop_signals(), pytest.raises(StopAsked):
        watch_while(disturber, child)
    second = pid(child)
    assert second != first
    assert psutil.pid_exists(second)

    stop_all([child])
    assert not psutil.pid_exists(second)


def test_a_child_that_does_not_come_up_is_given_up():
    child = Child("web server", [sys.executable, "-c", "raise SystemExit(3)"])
    child.start()
    assert watch([child]) == "web server"
    assert child.failed_starts == processes.MOST_FAILED_STARTS


def test_what_does_not_listen_is_ended_by_force_with_all_it_started(monkeypatch):
    monkeypatch.setattr(processes, "PATIENCE", 0.5)
    code = f"import subprocess; subprocess.run({STUBBORN!r})"
    child = Child("worker", [sys.executable, "-c", code])
    child.start()
    deadline = time.monotonic() + 10
    while not (below := psutil.Process(pid(child)).children(recursive=True)) and time.monotonic() < deadline:
        time.sleep(0.05)

    stop_all([child])

    gone, alive = psutil.wait_procs(below, timeout=5)
    assert len(gone) == 1
    assert alive == []


def test_two_may_not_run_from_one_home(tmp_path):
    with only_one(tmp_path) as first:
        assert first is None
        with only_one(tmp_path) as second:
            assert second == os.getpid()
    with only_one(tmp_path) as again:
        assert again is None
