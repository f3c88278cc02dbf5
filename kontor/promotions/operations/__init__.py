"""Everything that changes promotions, their codes and their uses."""

from kontor.promotions.operations.codes import CodesWanted, make_codes, stop_codes
from kontor.promotions.operations.save import (
    PromotionFacts,
    delete_promotion,
    save_promotion,
    set_promotion_active,
)
from kontor.promotions.operations.use import give_back_promotions, use_promotions

__all__ = [
    "CodesWanted",
    "PromotionFacts",
    "delete_promotion",
    "give_back_promotions",
    "make_codes",
    "save_promotion",
    "set_promotion_active",
    "stop_codes",
    "use_promotions",
]
