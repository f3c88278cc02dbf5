from pydantic import Field

from kontor.api.values import AmountText, Out


class Me(Out):
    """The caller."""

    name: str = Field(description="The key's or person's name.")
    company_id: int | None
    company: str
    is_seller: bool
    is_buyer: bool
    roles: list[str]
    capabilities: list[str]
    order_limit: AmountText | None = Field(description="Net, in `currency`; null: no limit.")
    currency: str | None
    read_only: bool
    acting_for: str | None = Field(description="The customer on whose behalf the session works.")
