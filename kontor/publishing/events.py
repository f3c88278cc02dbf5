from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScheduleFailed:
    """A scheduled import, export, feed or price file did not come about; the run says why."""

    run_id: int

    @property
    def key(self) -> str:
        return f"schedule_run:{self.run_id}"
