"""What must always be true of companies, for `kontor check`."""

from collections.abc import Iterable

from kontor.companies.roles import ROLES
from kontor.companies.rules import ADMIN_ROLES
from kontor.kernel.invariants import invariant


def _array(names: Iterable[str]) -> str:
    return "ARRAY[{}]::varchar[]".format(", ".join(f"'{name}'" for name in sorted(names)))


invariant(
    "a company with people has an administrator",
    tried="SELECT count(DISTINCT company_id) FROM companies_membership WHERE is_active",
    bad=f"""
    SELECT m.company_id FROM companies_membership m JOIN companies_user u ON u.id = m.user_id
    WHERE m.is_active AND u.is_active
    GROUP BY m.company_id HAVING NOT bool_or(m.roles && {_array(ADMIN_ROLES)})
    """,
)
invariant(
    "people and keys hold known roles only",
    tried="SELECT (SELECT count(*) FROM companies_membership) + (SELECT count(*) FROM companies_api_key)",
    bad=f"""
    SELECT 'member' AS what, id FROM companies_membership WHERE NOT roles <@ {_array(ROLES)}
    UNION ALL SELECT 'key', id FROM companies_api_key WHERE NOT roles <@ {_array(ROLES)}
    """,
)
invariant(
    "a customer's term and representative are the seller's own",
    tried="SELECT count(*) FROM companies_customer_account",
    bad="""
    SELECT a.id FROM companies_customer_account a
    LEFT JOIN companies_payment_term t ON t.id = a.payment_term_id
    LEFT JOIN companies_membership m ON m.id = a.sales_rep_id
    WHERE t.seller_id <> a.seller_id OR m.company_id <> a.seller_id
    """,
)
invariant(
    "an accepted customer is no longer merely registered, and has a number",
    tried="SELECT count(*) FROM companies_customer_account WHERE status IN ('active', 'blocked')",
    bad="""
    SELECT a.id FROM companies_customer_account a JOIN companies_company b ON b.id = a.buyer_id
    WHERE a.status IN ('active', 'blocked') AND (b.status = 'registered' OR a.customer_number = '')
    """,
)
invariant(
    "accounts are held with sellers",
    tried="SELECT count(*) FROM companies_customer_account",
    bad="""
    SELECT a.id FROM companies_customer_account a JOIN companies_company s ON s.id = a.seller_id
    WHERE NOT s.is_seller
    """,
)
