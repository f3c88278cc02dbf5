from datetime import date, datetime
from typing import Any, Self

from pydantic import Field, model_validator

from kontor.api.values import AmountText, Count, Day, Id, In, Out, Quantity, QuantityText


class CategoryOut(Out):
    id: int
    name: str
    slug: str
    path: str = Field(description="The slugs from the root, joined by slashes.")
    parent: str | None = Field(description="The path of the category above.")
    description: str
    products: int = Field(description="On sale here and below.")


class ProductRow(Out):
    """A product in a list. `amount` buys `price_base` of `unit` at the smallest quantity; null: no price."""

    id: int
    sku: str
    name: str
    slug: str
    brand: str
    seller_id: int
    unit: str
    sales_unit: str
    factor: QuantityText = Field(description="Units that make one sales unit.")
    minimum: QuantityText
    multiple: QuantityText
    amount: AmountText | None
    price_base: QuantityText | None
    currency: str | None
    has_breaks: bool
    available: QuantityText | None = Field(description="In `unit`; null for services.")
    revision: int


class ProductPage(Out):
    items: list[ProductRow]
    next: str | None
    total: int
    total_is_capped: bool = Field(description="True: there are at least `total`.")
    corrected: str = Field(
        description="What was searched for instead, when the words as typed found nothing."
    )


class UnitOut(Out):
    unit: str
    factor: QuantityText
    minimum: QuantityText
    multiple: QuantityText
    maximum: QuantityText | None = Field(description="The most in one order line.")
    is_agreed: bool = Field(description="The rules are those agreed with the own company.")


class ClassOut(Out):
    system: str
    version: str
    code: str


class HazardOut(Out):
    """Dangerous goods by ADR and GHS."""

    un_number: str
    hazard_class: str
    packing_group: str
    signal_word: str
    statements: str


class RelatedOut(Out):
    """Another product: accessory, spare_part, alternative, replacement, successor, cross_sell or up_sell of this."""

    kind: str
    product_id: int


class ComponentOut(Out):
    """So many base units of a product in one base unit of a kit."""

    product_id: int | None = Field(description="Null when the caller may not see it by itself.")
    sku: str
    name: str
    unit: str
    quantity: QuantityText


class BreakOut(Out):
    min_quantity: QuantityText
    amount: AmountText
    price_base: QuantityText
    currency: str


class DocumentOut(Out):
    id: int
    kind: str
    title: str
    media_type: str
    byte_size: int


class ExpectedOut(Out):
    """Base units on their way into a warehouse."""

    warehouse: str
    due_on: date
    quantity: QuantityText


class ProductOut(Out):
    """A product with its own prices and the stock of now."""

    id: int
    seller_id: int
    seller: str
    sku: str
    name: str
    slug: str
    summary: str
    description: str
    brand: str
    manufacturer_part_number: str
    gtin: str
    kind: str
    status: str
    unit: str
    tax_category: str
    weight_grams: int | None
    lead_days: int
    category_path: str
    revision: int
    available: QuantityText | None
    expected: list[ExpectedOut] = Field(description="What is on its way, the earliest first.")
    specifications: list[dict[str, Any]]
    units: list[UnitOut]
    breaks: list[BreakOut] = Field(
        description="Of the price list that counts for the caller; empty: no price."
    )
    documents: list[DocumentOut]
    family: str = Field(description="The code of its family; empty: none.")
    attributes: dict[str, Any] = Field(
        description="Typed values by attribute code; numbers as text, in the unit of the attribute."
    )
    origin: str
    customs_code: str
    classifications: list[ClassOut]
    hazard: HazardOut | None
    related: list[RelatedOut]
    variants: list[int] = Field(description="The other variants of the same model.")
    components: list[ComponentOut] = Field(description="What is in a kit.")
    kits: list[int] = Field(description="The kits of which it is part.")


class SellerOut(Out):
    id: int
    name: str
    slug: str
    country: str


class PriceAskLine(In):
    """An article by id or SKU, and a quantity in `unit` (null: the unit that is offered first)."""

    product_id: Id | None = None
    sku: str | None = Field(
        None, max_length=125, description="With the code of a configuration, if it has one."
    )
    quantity: Quantity
    unit: str | None = Field(None, max_length=3)

    @model_validator(mode="after")
    def one_article(self) -> Self:
        if (self.product_id is None) == (self.sku is None):
            raise ValueError("Give either product_id or sku.")
        return self


class PriceAsk(In):
    """Up to 1,000 lines, priced as they would be in a cart of this moment."""

    lines: list[PriceAskLine] = Field(min_length=1, max_length=1000)
    seller_id: Id | None = Field(None, description="Where SKUs are looked up; null: at every seller.")


class PricedOut(Out):
    """The answer for one line, in the order asked. `problem` says why there is no price."""

    product_id: int | None
    sku: str | None
    unit: str | None
    base_quantity: QuantityText | None
    amount: AmountText | None
    price_base: QuantityText | None
    min_quantity: QuantityText | None
    currency: str | None
    net: AmountText | None
    available: QuantityText | None
    problem: str | None = Field(
        description="unknown_article, wrong_unit, no_price, or a rule of the sales unit."
    )


class StockOut(Out):
    """A product in one warehouse, in base units."""

    id: int
    product_id: int
    sku: str
    warehouse_id: int
    warehouse: str
    on_hand: QuantityText
    reserved: QuantityText
    available: QuantityText
    bin: str


class WarehouseOut(Out):
    id: int
    code: str
    name: str
    city: str
    country: str
    position: int


class WarehouseIn(In):
    code: str = Field(min_length=1, max_length=20)
    name: str = Field(min_length=1, max_length=120)
    country: str = Field(min_length=2, max_length=2)
    city: str = Field("", max_length=120)
    position: int = Field(0, ge=0, le=30_000)


class ReceiptLine(In):
    product_id: Id | None = None
    sku: str | None = Field(None, max_length=40)
    quantity: Quantity

    @model_validator(mode="after")
    def one_article(self) -> Self:
        if (self.product_id is None) == (self.sku is None):
            raise ValueError("Give either product_id or sku.")
        return self


class ReceiptIn(In):
    """Goods that came into a warehouse, in base units."""

    warehouse_id: Id
    items: list[ReceiptLine] = Field(min_length=1, max_length=5000)
    reference: str = Field("", max_length=60)
    reason: str = Field("", max_length=200)


class ExpectIn(In):
    """Goods that a supplier announced, in base units."""

    warehouse_id: Id
    items: list[ReceiptLine] = Field(min_length=1, max_length=5000)
    due_on: Day
    reference: str = Field("", max_length=60, description="The purchase order at the supplier.")


class ExpectedReceiptOut(Out):
    """An announced receipt; `remaining` is what has not come yet."""

    id: int
    product_id: int
    sku: str
    warehouse_id: int
    warehouse: str
    quantity: QuantityText
    remaining: QuantityText
    due_on: date
    reference: str


class AdjustIn(In):
    """A count: what is on the shelf now."""

    on_hand: Count
    reason: str = Field(min_length=1, max_length=200)
    seen: Count | None = Field(None, description="The figure that is corrected; 409 when it has moved.")


class MovementOut(Out):
    id: int
    kind: str
    quantity: QuantityText
    reference: str
    reason: str
    who: str
    at: datetime
