"""Who did what to which object, when, for whom and through which door.

One row per operation, written in its transaction. Shared rows are the timeline that both sides of a trade see.
It is not a log of technical events and not a copy of every column.
"""
