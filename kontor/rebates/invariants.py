"""What must always be true of bonus agreements (`kontor check`)."""

from kontor.kernel.invariants import invariant
from kontor.rebates.counting import BOUGHT, IN_BASKET, IN_PERIOD, MEASURED

ACCRUALS = "SELECT count(*) FROM rebates_accrual"
SETTLEMENTS = "SELECT count(*) FROM rebates_settlement"
PLACES = """CASE WHEN a.currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI',
        'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 0
        WHEN a.currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3 ELSE 2 END"""
# Documents whose event has not arrived yet are not counted yet.
TOLD = """NOT EXISTS (SELECT FROM kernel_delivery d WHERE d.key = 'invoice:' || v.id
        AND d.reaction LIKE 'rebates.%' AND d.status <> 'done')"""


def bonus(value: str, quantity: str) -> str:
    """What these sums come to by the agreement `a`."""
    quantity = f"CASE a.measure WHEN 'quantity' THEN {quantity} END"
    figures = "a.tier_from, a.tier_rate, a.is_graduated, a.reward"
    return f"rebates_bonus({figures}, {value}, {quantity}, {PLACES})"


invariant(
    "Each line that counts for a bonus bears by how much the bonus rises with it, in the order of counting",
    tried=ACCRUALS,
    bad=f"""
    SELECT * FROM (
        SELECT id, rebate_id, line_id, amount,
            bonus - lag(bonus, 1, 0::numeric) OVER (PARTITION BY rebate_id ORDER BY id) AS due
        FROM (
            SELECT x.id, x.rebate_id, x.line_id, x.amount,
                {bonus("sum(x.value) OVER upto", "sum(x.quantity) OVER upto")} AS bonus
            FROM rebates_accrual x JOIN rebates_rebate a ON a.id = x.rebate_id
            WINDOW upto AS (PARTITION BY x.rebate_id ORDER BY x.id)
        ) AS summed
    ) AS told WHERE amount <> due
    """,
)
invariant(
    "What counts for a bonus is what was invoiced to its customers in its period, or taken back of it",
    tried=ACCRUALS,
    bad=f"""
    SELECT x.id, x.rebate_id, x.line_id, x.value, l.net FROM rebates_accrual x
    JOIN rebates_rebate a ON a.id = x.rebate_id JOIN companies_company s ON s.id = a.seller_id
    JOIN companies_customer_account w ON w.id = x.account_id
    JOIN invoicing_line l ON l.id = x.line_id JOIN invoicing_invoice v ON v.id = l.invoice_id
    WHERE x.value <> CASE v.kind WHEN 'invoice' THEN l.net ELSE -l.net END
        OR (v.seller_id, v.buyer_id, v.currency) IS DISTINCT FROM (a.seller_id, w.buyer_id, a.currency)
        OR NOT EXISTS (SELECT FROM rebates_member m WHERE m.rebate_id = a.id AND m.account_id = x.account_id)
        OR (a.measure = 'value' AND x.quantity <> 0)
        OR CASE v.kind WHEN 'invoice' THEN NOT ({IN_PERIOD}) ELSE NOT EXISTS (
            SELECT FROM rebates_accrual y WHERE y.rebate_id = x.rebate_id AND y.line_id = l.credits_id) END
    """,
)
invariant(
    "A credit of what counted for a bonus is counted as well",
    tried=ACCRUALS,
    bad=f"""
    SELECT x.rebate_id, l.id, v.number FROM rebates_accrual x
    JOIN invoicing_line l ON l.credits_id = x.line_id JOIN invoicing_invoice v ON v.id = l.invoice_id
    WHERE {TOLD} AND NOT EXISTS (
        SELECT FROM rebates_accrual y WHERE y.rebate_id = x.rebate_id AND y.line_id = l.id)
    """,
)
# Lines are judged by the goods of the day on which they are invoiced. So where an agreement is about some goods, or
# counts units, only lines whose article and category are as they were then can be judged once more.
invariant(
    "No invoiced line is missing from a bonus on its goods",
    tried="SELECT count(*) FROM rebates_rebate WHERE state IN ('active', 'settled')",
    bad=f"""
    SELECT a.id, l.id AS line_id, v.number FROM {BOUGHT}
    LEFT JOIN discovery_category_address d ON d.category_id = c.id AND d.path = c.path
    WHERE a.state IN ('active', 'settled') AND {TOLD} AND {IN_BASKET} AND ({MEASURED}) IS NOT NULL
        AND (a.basket_key = '' AND a.measure = 'value' OR GREATEST(p.updated_at, d.since) < v.issued_at)
        AND NOT EXISTS (SELECT FROM rebates_accrual x WHERE x.rebate_id = a.id AND x.line_id = l.id)
    """,
)
invariant(
    "A settlement is over what its lines and those before came to, and its documents add up to it",
    tried=SETTLEMENTS,
    bad=f"""
    SELECT t.id, t.rebate_id, t.bonus, t.amount FROM rebates_settlement t JOIN rebates_rebate a ON a.id = t.rebate_id
    CROSS JOIN LATERAL (
        SELECT COALESCE(sum(x.value), 0) AS value, COALESCE(sum(x.quantity), 0) AS quantity FROM rebates_accrual x
        WHERE x.rebate_id = t.rebate_id AND x.settlement_id <= t.id) AS counted
    WHERE (t.value, t.quantity) <> (counted.value, counted.quantity)
        OR t.bonus <> {bonus("counted.value", "counted.quantity")}
        OR t.bonus <> (SELECT sum(o.amount) FROM rebates_settlement o WHERE o.rebate_id = t.rebate_id AND o.id <= t.id)
        OR t.amount <> COALESCE((
            SELECT sum(CASE v.kind WHEN 'credit_note' THEN v.net_total ELSE -v.net_total END)
            FROM rebates_document d JOIN invoicing_invoice v ON v.id = d.invoice_id WHERE d.settlement_id = t.id), 0)
    """,
)
invariant(
    "A bonus agreement counts while it is in force, and is settled once it has its final settlement",
    tried="SELECT count(*) FROM rebates_rebate",
    bad="""
    SELECT a.id, a.state FROM rebates_rebate a
    WHERE (a.state = 'settled') <> EXISTS (
            SELECT FROM rebates_settlement t WHERE t.rebate_id = a.id AND t.kind = 'final')
        OR (a.state IN ('draft', 'ended') AND EXISTS (SELECT FROM rebates_accrual x WHERE x.rebate_id = a.id))
        OR (a.basket_key = '') <> NOT EXISTS (SELECT FROM rebates_rule r WHERE r.rebate_id = a.id)
    """,
)
