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
    crowd = Crowd(acts)
    crowd.start()
    time.sleep(warm_up)
    app_before, pg_before = cpu_of(app()), cpu_of(pg())
    begun = time.perf_counter()
    crowd.counting.set()
    crowd.stop.wait(seconds)
    took = time.perf_counter() - begun
    crowd.end()
    app_used, pg_used = cpu_of(app()) - app_before, cpu_of(pg()) - pg_before
    durations = sorted(one for mine in crowd.durations for one in mine)
    count = max(len(durations), 1)
    cuts = quantiles(durations, n=100) if len(durations) > 1 else [0] * 99
    used = (app_used / count * 1000, pg_used / count * 1000)
    return Figure(name, len(acts), count, took, cuts[49] * 1000, cuts[98] * 1000, *used)


class Crowd:
    """Clients that act at the same time, each in a thread; what they take is noted while `counting` is set."""

    def __init__(self, acts: list[Callable[[], None]]) -> None:
        self.durations: list[list[float]] = [[] for _act in acts]
        self.errors: list[BaseException] = []
        self.counting, self.stop = threading.Event(), threading.Event()
        self.threads = [
            threading.Thread(target=self._repeat, args=pair, daemon=True)
            for pair in zip(acts, self.durations, strict=True)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        """Stop all. Raises the first error that a client met."""
        self.stop.set()
        for thread in self.threads:
            thread.join()
        if self.errors:
            raise self.errors[0]

    def _repeat(self, act: Callable[[], None], mine: list[float]) -> None:
        try:
            while not self.stop.is_set():
                begun = time.perf_counter()
                act()
                if self.counting.is_set():
                    mine.append(time.perf_counter() - begun)
        except BaseException as problem:  # reported by the main thread
            self.errors.append(problem)
            self.stop.set()
