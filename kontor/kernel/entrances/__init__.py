"""The only doors through which foreign bytes come in: XML, CSV, archives, answers of other machines.

Each keeps limits on size, depth and time, and raises `EntranceProblem`, never anything else, for what it refuses. What
the content means is the caller's matter.
"""

from kontor.kernel.entrances.problem import EntranceProblem

__all__ = ["EntranceProblem"]
