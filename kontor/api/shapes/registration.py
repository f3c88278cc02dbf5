from pydantic import Field

from kontor.api.shapes.companies import AddressIn, InvoiceBy
from kontor.api.values import In, Out


class ContactIn(In):
    """The person who becomes the company's administrator."""

    name: str = Field(min_length=1, max_length=150)
    email: str = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=256, json_schema_extra={"writeOnly": True})
    job_title: str = Field("", max_length=100)
    language: str = Field("en", max_length=8)


class RegistrationIn(In):
    """A company that wants to buy here."""

    legal_name: str = Field(min_length=1, max_length=200)
    country: str = Field(min_length=2, max_length=2, examples=["DE"])
    address: AddressIn
    contact: ContactIn
    vat_id: str = Field("", max_length=20)
    registration_number: str = Field("", max_length=40)
    currency: str = Field("EUR", min_length=3, max_length=3)
    phone: str = Field("", max_length=40)
    website: str = Field("", max_length=200)
    invoice_by: InvoiceBy = "email"
    invoice_email: str = Field("", max_length=254)
    timezone: str = Field("", max_length=40)


class ReceivedOut(Out):
    """The same whether or not the e-mail was known: the answer tells nobody who is registered."""

    status: str = Field(examples=["received"])


class CompanyRow(Out):
    """A company as the platform's operator sees it."""

    id: int
    name: str
    legal_name: str
    vat_id: str
    country: str
    status: str
    is_buyer: bool
    is_seller: bool
