"""Imports, exports, feeds and price files at given times."""

from kontor.publishing.schedules.carrying import carry_out_schedule
from kontor.publishing.schedules.due import begin, begin_due, start
from kontor.publishing.schedules.times import PRESETS, next_after, times_problem

__all__ = ["PRESETS", "begin", "begin_due", "carry_out_schedule", "next_after", "start", "times_problem"]
