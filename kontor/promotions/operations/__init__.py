"""Everything that changes promotions, their codes and their uses."""

from kontor.promotions.operations.use import give_back_promotions, use_promotions

__all__ = ["give_back_promotions", "use_promotions"]
