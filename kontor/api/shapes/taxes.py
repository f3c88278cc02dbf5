from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kontor.api.values import Count, Day, In, Out

Country = Annotated[str, Field(min_length=2, max_length=2, pattern="^[A-Z]{2}$", examples=["DE"])]
Region = Annotated[
    str, Field(max_length=16, description="Of a country whose states tax by themselves, as in TX.")
]
Prices = Literal["net", "gross", "both"]
Status = Literal["submitted", "approved", "declined", "revoked"]


class TaxCategoryOut(Out):
    """What goods may be. A category without a rate of its own is exempt, or taxed at the standard rate."""

    code: str
    name: str
    has_rate: bool


class TaxRegistrationIn(In):
    """Where the own company is registered for tax. Days are inclusive."""

    country: Country
    region: Region = ""
    number: str = Field(min_length=1, max_length=40)
    scheme: Literal["local", "union"] = Field(
        "local", description="`union`: the one-stop shop, in its state."
    )
    valid_from: Day
    valid_until: Day | None = None


class TaxRegistrationOut(Out):
    id: int
    country: str
    region: str
    number: str
    scheme: str
    valid_from: date
    valid_until: date | None


class TaxPolicyIn(In):
    """How the own company deals with evidence, and shows prices."""

    evidence: Literal["proof", "form"] = Field(
        description="What is needed to deliver without tax: a registry's word, or a well-formed VAT id."
    )
    max_age_days: int = Field(ge=1, le=366, description="Days that a proof counts.")
    unproven: Literal["charge", "hold"] = Field(description="Charge the tax, or take no order until proven.")
    deposits: Literal["as_goods", "outside"]
    prices: Prices = Field(description="In the shop. Figures in the API and all totals stay net.")


class TaxPolicyOut(Out):
    evidence: str
    max_age_days: int
    unproven: str
    deposits: str
    prices: str


class TaxRateIn(In):
    """A rate from a day on, at a place. With a `name` it is added to the rates of wider places."""

    country: Country
    region: Region = ""
    city: str = Field("", max_length=80)
    postal_prefix: str = Field("", max_length=16)
    name: str = Field("", max_length=80)
    category: Literal["standard", "reduced", "reduced_2", "zero"] = "standard"
    rate: Count = Field(description="Percent, up to three decimals.")
    valid_from: Day
    source: str = Field("", max_length=120)


class TaxRatesIn(In):
    """Rates at once, all or none. One of the same place, name, category and day is replaced."""

    rows: list[TaxRateIn] = Field(min_length=1, max_length=10_000)


class TaxRateOut(Out):
    id: int
    country: str
    region: str
    city: str
    postal_prefix: str
    name: str
    category: str
    rate: str
    valid_from: date
    source: str


class CertificateForm(BaseModel):
    """A certificate of exemption, for everything or only for the named articles and categories. Days are inclusive."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    number: str = Field("", max_length=60, description="Needed.")
    country: str = Field("", max_length=2, description="Needed.")
    region: Region = ""
    reason: str = Field("", max_length=200, description="The legal ground, printed on invoices.")
    valid_from: date | None = Field(None, description="Needed.")
    valid_until: date | None = None
    skus: list[str] = Field([], max_length=500)
    category_paths: list[str] = Field([], max_length=500, description="With all categories below them.")


class CertificateOut(Out):
    id: int
    seller_id: int
    buyer_id: int
    number: str
    country: str
    region: str
    reason: str
    valid_from: date
    valid_until: date | None
    covers_all: bool
    skus: list[str]
    category_paths: list[str]
    has_document: bool
    status: Status
    submitted_at: datetime
    decided_at: datetime | None
    note: str = Field(description="Why it was declined or revoked.")


class CertificateDecisionIn(In):
    status: Literal["approved", "declined", "revoked"]
    note: str = Field("", max_length=500, description="Needed to decline or revoke; the customer reads it.")


class VatCheckOut(Out):
    """What a registry answered about a buyer's VAT id; never changed, only followed by the next."""

    id: int
    seller_id: int
    buyer_id: int
    vat_id: str
    outcome: Literal["valid", "invalid", "unreachable"]
    asked_at: datetime
    asked_by: str
    registry: str
    reference: str = Field(description="The registry's number of the request.")
    name: str
    address: str
    detail: str = Field(description="Why there was no answer.")


class VatProofIn(In):
    """What the registry's own page said about a customer's VAT id."""

    is_valid: bool
    reference: str = Field(min_length=1, max_length=60)
    name: str = Field("", max_length=250)
    address: str = Field("", max_length=500)


class PricesShownIn(In):
    prices: Literal["", "net", "gross", "both"] = Field(description="Empty: as to everybody.")
