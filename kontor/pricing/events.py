from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PricesChanged:
    """Prices of a list were added, changed or removed."""

    price_list_id: int

    @property
    def key(self) -> str:
        return f"price_list:{self.price_list_id}"
