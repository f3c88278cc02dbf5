"""Reads about companies with a shape: who works here, who waits, who buys from us."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from kontor.companies.models import Company, CustomerAccount, Invitation, Membership
from kontor.kernel import clock
from kontor.kernel.rows import Reader

CUSTOMERS = """
SELECT a.id, a.buyer_id, a.customer_number, COALESCE(NULLIF(b.trade_name, ''), b.legal_name), b.vat_id, b.country,
       COALESCE(place.city, ''), a.status, COALESCE(t.name, ''), COALESCE(u.name, ''), a.requested_at,
       count(*) OVER ()
FROM companies_customer_account a
JOIN companies_company b ON b.id = a.buyer_id
LEFT JOIN companies_payment_term t ON t.id = a.payment_term_id
LEFT JOIN companies_membership m ON m.id = a.sales_rep_id
LEFT JOIN companies_user u ON u.id = m.user_id
LEFT JOIN companies_address place ON place.company_id = b.id AND place.is_billing
WHERE a.seller_id = %(seller)s
  AND (%(pattern)s = '' OR b.legal_name ILIKE %(pattern)s OR b.trade_name ILIKE %(pattern)s
       OR a.customer_number ILIKE %(pattern)s OR b.vat_id ILIKE %(pattern)s OR place.city ILIKE %(pattern)s)
  AND (%(status)s = '' OR a.status = %(status)s)
ORDER BY lower(COALESCE(NULLIF(b.trade_name, ''), b.legal_name)), a.id
LIMIT %(limit)s OFFSET %(offset)s
"""
COMPANIES = Reader(Company)
HOUSE_SELLER = f"""
SELECT {COMPANIES.columns("c")} FROM companies_company c WHERE c.is_seller AND c.status = 'active'
ORDER BY c.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Customer:
    """One line of a seller's list of customers."""

    account_id: int
    buyer_id: int
    customer_number: str
    name: str
    vat_id: str
    country: str
    city: str
    status: str
    payment_term: str
    sales_rep: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A page of customers and how many there are in all."""

    rows: list[Customer]
    total: int


def house_seller() -> Company | None:
    """The seller of a platform that has one: the first that is active. New companies ask it for an account."""
    with connection.cursor() as cursor:
        cursor.execute(HOUSE_SELLER)
        row = cursor.fetchone()
    return COMPANIES.read(row) if row else None


def today_at(company_id: int) -> date:
    """The current day in this company's time zone. One query."""
    return clock.day_in(Company.objects.values_list("timezone", flat=True).get(pk=company_id))


def members_of(company_id: int) -> list[Membership]:
    """Everybody with a seat in the company, those with access first, with their users. One query."""
    return list(
        Membership.objects.filter(company_id=company_id)
        .select_related("user", "company")
        .order_by("-is_active", "user__name", "id")
    )


def open_invitations(company_id: int) -> list[Invitation]:
    """Invitations that can still be accepted, newest first, with those who sent them. One query."""
    return list(
        Invitation.objects.open()
        .filter(company_id=company_id)
        .select_related("invited_by__user")
        .order_by("-created_at", "-id")
    )


def accounts_waiting(seller_id: int) -> list[CustomerAccount]:
    """Requests that the seller has not answered, oldest first, with the companies that ask. One query."""
    return list(
        CustomerAccount.objects.filter(seller_id=seller_id, status=CustomerAccount.Status.REQUESTED)
        .select_related("buyer")
        .order_by("requested_at", "id")
    )


def accounts_of(buyer_id: int) -> list[CustomerAccount]:
    """A buyer's accounts at sellers, active ones first, with the sellers and terms. One query."""
    return list(
        CustomerAccount.objects.filter(buyer_id=buyer_id)
        .select_related("seller", "payment_term")
        .order_by("status", "seller__legal_name", "id")
    )


def customers_of(
    seller_id: int, *, search: str = "", status: str = "", page: int = 1, per_page: int = 50
) -> CustomerPage:
    """A seller's customers by name; `search` looks in name, number, VAT id and city. One statement."""
    words = search.strip().replace("\x00", "").replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    parameters: dict[str, str | int] = {
        "seller": seller_id,
        "pattern": f"%{words}%" if words else "",
        "status": status,
        "limit": per_page,
        "offset": (max(page, 1) - 1) * per_page,
    }
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, parameters)
        rows = cursor.fetchall()
    return CustomerPage([Customer(*row[:-1]) for row in rows], rows[0][-1] if rows else 0)
