from datetime import datetime
from typing import Literal

from pydantic import Field

from kontor.api.values import Amount, AmountText, Id, In, Out

InvoiceBy = Literal["email", "portal", "post"]


class AddressIn(In):
    """A postal address; `country` is an ISO 3166 code."""

    recipient: str = Field(max_length=200)
    street: str = Field(max_length=200)
    city: str = Field(max_length=120)
    country: str = Field(min_length=2, max_length=2, examples=["DE"])
    label: str = Field("", max_length=60, examples=["Plant 2"])
    attention: str = Field("", max_length=120)
    street2: str = Field("", max_length=200)
    postal_code: str = Field("", max_length=20)
    region: str = Field("", max_length=80)
    phone: str = Field("", max_length=40)


class NewAddress(AddressIn):
    is_billing: bool = False
    is_default_delivery: bool = False


class AddressUse(In):
    """What an address is used for from now on; false leaves it as it is."""

    billing: bool = False
    default_delivery: bool = False


class AddressOut(Out):
    id: int
    label: str
    recipient: str
    attention: str
    street: str
    street2: str
    postal_code: str
    city: str
    region: str
    country: str
    phone: str
    is_billing: bool
    is_default_delivery: bool


class CompanyOut(Out):
    id: int
    legal_name: str
    trade_name: str
    slug: str
    vat_id: str
    registration_number: str
    country: str
    currency: str
    language: str
    timezone: str
    status: str
    is_buyer: bool
    is_seller: bool
    phone: str
    website: str
    invoice_by: str
    invoice_email: str
    po_number_required: bool
    prices_for_guests: bool
    bank_iban: str
    bank_bic: str
    bank_name: str


class CompanyPatch(In):
    """What is to change; what is left out stays."""

    legal_name: str | None = Field(None, max_length=200)
    trade_name: str | None = Field(None, max_length=200)
    vat_id: str | None = Field(None, max_length=20)
    registration_number: str | None = Field(None, max_length=40)
    language: str | None = Field(None, max_length=8)
    timezone: str | None = Field(None, max_length=40)
    phone: str | None = Field(None, max_length=40)
    website: str | None = Field(None, max_length=200)
    invoice_by: InvoiceBy | None = None
    invoice_email: str | None = Field(None, max_length=254)
    po_number_required: bool | None = None
    prices_for_guests: bool | None = None
    bank_iban: str | None = Field(None, max_length=42)
    bank_bic: str | None = Field(None, max_length=11)
    bank_name: str | None = Field(None, max_length=120)


class PersonOut(Out):
    id: int
    name: str
    email: str
    roles: list[str]
    order_limit: AmountText | None
    job_title: str
    is_active: bool


class PersonPatch(In):
    """What is to change; an `order_limit` of null means no limit."""

    roles: list[str] | None = Field(None, max_length=12)
    order_limit: Amount | None = None
    job_title: str | None = Field(None, max_length=100)


class InvitationIn(In):
    email: str = Field(max_length=254)
    roles: list[str] = Field(min_length=1, max_length=12)
    name: str = Field("", max_length=150)
    order_limit: Amount | None = Field(None, description="Net; null: no limit.")


class InvitationOut(Out):
    id: int
    email: str
    name: str
    roles: list[str]
    order_limit: AmountText | None
    created_at: datetime
    expires_at: datetime


class KeyIn(In):
    name: str = Field(min_length=1, max_length=80)
    roles: list[str] = Field(min_length=1, max_length=12)
    is_read_only: bool = False
    order_limit: Amount | None = Field(None, description="Net; null: no limit.")


class KeyOut(Out):
    id: int
    name: str
    prefix: str
    roles: list[str]
    is_read_only: bool
    order_limit: AmountText | None
    created_at: datetime
    last_used_on: str | None
    revoked_at: datetime | None


class NewKeyOut(KeyOut):
    secret: str | None = Field(description="Shown once; null when the answer is repeated.")


class SupplierOut(Out):
    """A seller at which the own company is a customer, or has asked to become one."""

    account_id: int
    seller_id: int
    seller: str
    status: str
    customer_number: str
    payment_term: str | None
    requested_at: datetime
    decision_note: str = Field(description="The seller's reason, when it declined.")


class SupplierIn(In):
    seller_id: Id


class TermOut(Out):
    id: int
    code: str
    name: str
    net_days: int
    is_prepayment: bool


class CustomerOut(Out):
    """A customer of the own company, which sells."""

    account_id: int
    company_id: int
    name: str
    legal_name: str
    vat_id: str
    country: str
    currency: str
    customer_number: str
    status: str
    payment_term: TermOut | None
    sales_rep_id: int | None
    note: str
    requested_at: datetime
    decided_at: datetime | None
    decided_by: str


class AcceptIn(In):
    """The terms on which a customer is accepted."""

    payment_term_id: Id
    price_list_ids: list[Id] = Field(
        default_factory=list, max_length=50, description="Asked in this order; the public list comes last."
    )
    sales_rep_id: Id | None = None
    note: str = Field("", max_length=2000)


class CustomerTermsIn(In):
    """What is to change of an accepted customer; what is left out stays, a `sales_rep_id` of null takes it away."""

    payment_term_id: Id | None = None
    sales_rep_id: Id | None = None
    note: str | None = Field(None, max_length=2000)


class ReasonIn(In):
    reason: str = Field(min_length=1, max_length=2000)
