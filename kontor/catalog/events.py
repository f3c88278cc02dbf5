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


@dataclass(frozen=True, slots=True)
class FamilyChanged:
    """A family, or an attribute of it, was added or changed; what its products and those below show may differ."""

    family_id: int

    @property
    def key(self) -> str:
        return f"family:{self.family_id}"


@dataclass(frozen=True, slots=True)
class AssortmentsChanged:
    """What stands in the assortments of a seller's goods may differ: any number of its products."""

    seller_id: int

    @property
    def key(self) -> str:
        return f"assortments:{self.seller_id}"
