from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProductChanged:
    """A product was added, edited, put on sale or taken off."""

    product_id: int

    @property
    def key(self) -> str:
        return f"product:{self.product_id}"


@dataclass(frozen=True, slots=True)
class CategoryChanged:
    """A category was added, renamed or moved; everything below it may have a new path."""

    category_id: int

    @property
    def key(self) -> str:
        return f"category:{self.category_id}"


@dataclass(frozen=True, slots=True)
class ProductsChanged:
    """A batch of products was written at once, by an import or a bulk edit: at most some thousand ids."""

    product_ids: tuple[int, ...]

    @property
    def key(self) -> str:
        return f"products:{self.product_ids[0]}"
