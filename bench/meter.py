"""How long requests take, how many there are, and whose CPU they cost."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles

import psutil


@dataclass(frozen=True)
class Figure:
    """A line of the table. CPU is in milliseconds per request; memory in bytes."""

    name: str
    parallel: int
    requests: int
    seconds: float
    p50: float
    p99: float
    app_ms: float
    pg_ms: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def per_core(self) -> float:
        """Requests a second that one core could serve, application and database added up."""
        return 1000 / max(self.app_ms + self.pg_ms, 0.0001)


def cpu_of(processes: list[psutil.Process]) -> float:
    """CPU seconds used so far, of processes that still live."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def measure(
    name: str,
    acts: list[Callable[[], None]],
    *,
    seconds: float,
    app: Callable[[], list[psutil.Process]],
    pg: Callable[[], list[psutil.Process]],
    warm_up: float = 1.0,
) -> Figure:
    """Let each act (one per parallel client) repeat for so long; the first second does not count."""
    durations: list[list[float]] = [[] for _act in acts]
    errors: list[BaseException] = []
    counting = threading.Event()
    stop = threading.Event()

    def repeat(act: Callable[[], None], mine: list[float]) -> None:
        try:
            while not stop.is_set():
                begun = time.perf_counter()
                act()
                if counting.is_set():
                    mine.append(time.perf_counter() - begun)
        except BaseException as problem:  # reported by the main thread
            errors.append(problem)
            stop.set()

    threads = [
        threading.Thread(target=repeat, args=pair, daemon=True) for pair in zip(acts, durations, strict=True)
    ]
    for thread in threads:
        thread.start()
    time.sleep(warm_up)
    app_before, pg_before = cpu_of(app()), cpu_of(pg())
    begun = time.perf_counter()
    counting.set()
    stop.wait(seconds)
    took = time.perf_counter() - begun
    stop.set()
    for thread in threads:
        thread.join()
    app_used, pg_used = cpu_of(app()) - app_before, cpu_of(pg()) - pg_before
    if errors:
        raise errors[0]
    all_durations = sorted(one for mine in durations for one in mine)
    count = max(len(all_durations), 1)
    cuts = quantiles(all_durations, n=100) if len(all_durations) > 1 else [0.0] * 99
    return Figure(
        name,
        len(acts),
        count,
        took,
        cuts[49] * 1000,
        cuts[98] * 1000,
        app_used / count * 1000,
        pg_used / count * 1000,
    )
