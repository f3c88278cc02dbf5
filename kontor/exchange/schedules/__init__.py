"""Imports, exports, feeds and price files at given times."""

from kontor.exchange.schedules.carrying import carry_out_schedule
from kontor.exchange.schedules.due import begin, begin_due
from kontor.exchange.schedules.times import PRESETS, next_after, times_problem

__all__ = ["PRESETS", "begin", "begin_due", "carry_out_schedule", "next_after", "times_problem"]
