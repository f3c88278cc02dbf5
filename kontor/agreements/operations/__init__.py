"""Everything that changes agreements and what is used of them."""

from kontor.agreements.operations.use import Drawn, draw, give_back

__all__ = ["Drawn", "draw", "give_back"]
