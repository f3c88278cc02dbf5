"""Lines of invoices and credit notes become accruals: one statement for a document, one for a whole agreement.

Whoever counts, changes an agreement or settles one holds all agreements of the seller, so that lines have an order and
none is missed between putting an agreement into force and the next invoice.
"""

from django.db import connection

from kontor.kernel.money import minor_units
from kontor.rebates.models import Rebate

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('rebates', %s))"
DOCUMENT = "SELECT seller_id, currency FROM invoicing_invoice WHERE id = %s"
# A credit may be told of before the invoice that it takes back: both are counted then, each line once.
WITH_CREDITED = """
SELECT array_agg(DISTINCT id) FROM (
    SELECT %(invoice)s::bigint AS id UNION SELECT b.invoice_id FROM invoicing_line l
    JOIN invoicing_line b ON b.id = l.credits_id WHERE l.invoice_id = %(invoice)s
) AS document
"""
# What a line of the invoice counts, in the unit of the agreement `a`: NULL where it cannot be told in it.
MEASURED = """CASE WHEN a.measure = 'value' THEN 0 WHEN l.part_id IS NOT NULL THEN NULL
        WHEN l.unit = a.unit THEN l.quantity ELSE round(l.quantity / u.factor, 6) END"""
MATCHES = """(r.product_id = p.id OR r.product_id = p.variant_of_id OR lower(r.brand) = lower(NULLIF(p.brand, ''))
        OR starts_with(c.path || '/', k.path || '/'))"""
IN_BASKET = f"""
    (NOT EXISTS (SELECT FROM rebates_rule r WHERE r.rebate_id = a.id AND r.takes_in)
     OR EXISTS (SELECT FROM rebates_rule r LEFT JOIN catalog_category k ON k.id = r.category_id
                WHERE r.rebate_id = a.id AND r.takes_in AND {MATCHES}))
    AND NOT EXISTS (SELECT FROM rebates_rule r LEFT JOIN catalog_category k ON k.id = r.category_id
                    WHERE r.rebate_id = a.id AND NOT r.takes_in AND {MATCHES})
"""
IN_PERIOD = """v.issued_at >= a.begins_on::timestamp AT TIME ZONE s.timezone
    AND v.issued_at < (a.ends_on + 1)::timestamp AT TIME ZONE s.timezone"""
# Lines that were invoiced to the members of agreements in their periods, with the goods that they are judged by.
BOUGHT = f"""rebates_rebate a
    JOIN companies_company s ON s.id = a.seller_id
    JOIN rebates_member m ON m.rebate_id = a.id
    JOIN companies_customer_account w ON w.id = m.account_id
    JOIN invoicing_invoice v ON v.seller_id = a.seller_id AND v.buyer_id = w.buyer_id AND v.currency = a.currency
        AND v.kind = 'invoice' AND {IN_PERIOD}
    JOIN invoicing_line l ON l.invoice_id = v.id
    JOIN orders_line o ON o.id = l.order_line_id
    JOIN catalog_product p ON p.id = o.product_id
    LEFT JOIN catalog_category c ON c.id = p.category_id
    LEFT JOIN catalog_sales_unit u ON u.product_id = p.id AND u.unit = a.unit"""
COUNT = f"""
WITH bought AS (
    SELECT a.id AS rebate_id, l.id AS line_id, m.account_id, v.issued_at, s.timezone, l.net AS value,
        {MEASURED} AS quantity
    FROM {BOUGHT}
    WHERE a.seller_id = %(seller)s AND a.state IN ('active', 'settled')
        AND (%(rebate)s::bigint IS NULL OR a.id = %(rebate)s::bigint)
        AND (%(invoices)s::bigint[] IS NULL OR v.id = ANY (%(invoices)s::bigint[]))
        AND {IN_BASKET}
), known AS (
    SELECT rebate_id, line_id, account_id, quantity FROM bought
    UNION SELECT x.rebate_id, x.line_id, x.account_id, x.quantity FROM rebates_accrual x
    JOIN rebates_rebate a ON a.id = x.rebate_id AND a.state IN ('active', 'settled')
    JOIN invoicing_line l ON l.credits_id = x.line_id WHERE l.invoice_id = ANY (%(invoices)s::bigint[])
), counted AS (
    SELECT rebate_id, line_id, account_id, issued_at, timezone, value, quantity FROM bought
    UNION ALL
    SELECT known.rebate_id, l.id, known.account_id, v.issued_at, s.timezone, -l.net,
        -round(known.quantity * l.quantity / b.quantity, 6)
    FROM known JOIN invoicing_line b ON b.id = known.line_id
    JOIN invoicing_line l ON l.credits_id = b.id
    JOIN invoicing_invoice v ON v.id = l.invoice_id AND v.kind = 'credit_note'
    JOIN companies_company s ON s.id = v.seller_id
    WHERE %(invoices)s::bigint[] IS NULL OR v.id = ANY (%(invoices)s::bigint[])
), fresh AS (
    SELECT * FROM counted WHERE quantity IS NOT NULL AND NOT EXISTS (
        SELECT FROM rebates_accrual x WHERE x.rebate_id = counted.rebate_id AND x.line_id = counted.line_id)
), before AS (
    SELECT a.id, a.tier_from, a.tier_rate, a.is_graduated, a.reward, a.measure, COALESCE(sum(x.value), 0) AS value,
        COALESCE(sum(x.quantity), 0) AS quantity, COALESCE(sum(x.amount), 0) AS amount
    FROM rebates_rebate a LEFT JOIN rebates_accrual x ON x.rebate_id = a.id
    WHERE a.id IN (SELECT rebate_id FROM fresh) GROUP BY a.id
), summed AS (
    SELECT fresh.*, before.amount AS amount_before, rebates_bonus(
        before.tier_from, before.tier_rate, before.is_graduated, before.reward,
        before.value + sum(fresh.value) OVER upto,
        CASE before.measure WHEN 'quantity' THEN before.quantity + sum(fresh.quantity) OVER upto END, %(places)s
    ) AS bonus
    FROM fresh JOIN before ON before.id = fresh.rebate_id
    WINDOW upto AS (PARTITION BY fresh.rebate_id ORDER BY fresh.issued_at, fresh.line_id)
)
INSERT INTO rebates_accrual (rebate_id, line_id, account_id, day, value, quantity, amount)
SELECT rebate_id, line_id, account_id, (issued_at AT TIME ZONE timezone)::date, value, quantity,
    bonus - lag(bonus, 1, amount_before) OVER (PARTITION BY rebate_id ORDER BY issued_at, line_id)
FROM summed ORDER BY rebate_id, issued_at, line_id
"""


def hold(seller_id: int) -> None:
    """Keep the seller's agreements to oneself until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [seller_id])


def count_document(invoice_id: int) -> int:
    """Count the lines of an invoice or credit note that are not counted yet; how many were."""
    with connection.cursor() as cursor:
        cursor.execute(DOCUMENT, [invoice_id])
        ((seller_id, currency),) = cursor.fetchall()
        hold(seller_id)
        cursor.execute(WITH_CREDITED, {"invoice": invoice_id})
        ((invoices,),) = cursor.fetchall()
        return _count(seller_id, currency, invoices=invoices)


def count_anew(rebate: Rebate) -> int:
    """Forget what was counted of an agreement, of which nothing is settled, and count all that was invoiced so far.

    In the order of the documents, so that each month bears what it would have borne. The caller holds the agreements.
    """
    rebate.accruals.all()._raw_delete("default")  # noqa: SLF001  # nothing hangs on them, there may be many
    return _count(rebate.seller_id, rebate.currency, rebate_id=rebate.pk)


def _count(
    seller_id: int, currency: str, *, invoices: list[int] | None = None, rebate_id: int | None = None
) -> int:
    facts = {
        "seller": seller_id,
        "rebate": rebate_id,
        "invoices": invoices,
        "places": minor_units(currency),
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, facts)
        return cursor.rowcount
