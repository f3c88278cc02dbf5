"""What must always be true of invoices (`kontor check`)."""

from kontor.kernel.invariants import invariant
from kontor.orders.invariants import DECIMALS

INVOICES = "SELECT count(*) FROM invoicing_invoice"

PAID = """(
        SELECT invoice_id, net, tax_rate FROM invoicing_line
        UNION ALL SELECT invoice_id, net, tax_rate FROM invoicing_charge
    )"""

invariant(
    "An invoice's net total is the sum of its lines and charges",
    tried=INVOICES,
    bad=f"""
    SELECT i.id, i.number, i.net_total, sum(p.net) FROM invoicing_invoice i LEFT JOIN {PAID} p ON p.invoice_id = i.id
    GROUP BY i.id HAVING i.net_total IS DISTINCT FROM sum(p.net)
    """,
)
invariant(
    "An invoice's tax is that of its lines and charges, rounded once per rate",
    tried=INVOICES,
    bad=f"""
    SELECT id, number, tax_total, sum(tax) FROM (
        SELECT o.id, o.number, o.tax_total, round(sum(p.net) * p.tax_rate / 100, {DECIMALS}) AS tax
        FROM invoicing_invoice o JOIN {PAID} p ON p.invoice_id = o.id GROUP BY o.id, p.tax_rate
    ) t GROUP BY id, number, tax_total HAVING tax_total <> sum(tax)
    """,
)
invariant(
    "A charge of an order is invoiced once; that of a line in the parts of its line, whole with the last",
    tried="SELECT count(*) FROM orders_charge",
    bad=f"""
    SELECT c.id, c.order_id, c.net, sum(i.net) AS invoiced FROM orders_charge c JOIN orders_order o ON o.id = c.order_id
    LEFT JOIN orders_line l ON l.id = c.line_id
    JOIN invoicing_charge i ON i.order_charge_id = c.id AND i.credits_id IS NULL
    GROUP BY c.id, o.id, l.id HAVING sum(i.net) <> CASE WHEN l.id IS NULL THEN c.net
        ELSE round(c.net * l.invoiced / l.base_quantity, {DECIMALS}) END
    """,
)
invariant(
    "No charge is credited beyond what was invoiced of it, nor one that is not refundable",
    tried="SELECT count(*) FROM invoicing_charge WHERE credits_id IS NOT NULL",
    bad="""
    SELECT i.id, i.net, sum(c.net) AS credited FROM invoicing_charge i JOIN invoicing_charge c ON c.credits_id = i.id
    JOIN orders_charge o ON o.id = i.order_charge_id
    GROUP BY i.id, o.id HAVING sum(c.net) > i.net OR NOT o.is_refundable
    """,
)
invariant(
    "What was taken off a line that is wholly invoiced stands on its invoices",
    tried="SELECT count(*) FROM orders_line WHERE invoiced = base_quantity AND allowance > 0",
    bad="""
    SELECT l.id, l.order_id, l.allowance, sum(i.allowance) AS invoiced FROM orders_line l
    JOIN invoicing_line i ON i.order_line_id = l.id
    JOIN invoicing_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
    WHERE l.invoiced = l.base_quantity GROUP BY l.id HAVING sum(i.allowance) <> l.allowance
    """,
)
invariant(
    "Invoiced quantities are those of the invoices",
    tried="SELECT count(*) FROM orders_line",
    bad="""
    SELECT l.id, l.order_id, l.invoiced, COALESCE(i.quantity, 0) AS by_invoices FROM orders_line l LEFT JOIN (
        SELECT i.order_line_id, sum(i.quantity) AS quantity FROM invoicing_line i
        JOIN invoicing_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
        WHERE i.part_id IS NULL GROUP BY i.order_line_id
    ) i ON i.order_line_id = l.id WHERE l.invoiced <> COALESCE(i.quantity, 0)
    """,
)
invariant(
    "The invoices of a line that is wholly invoiced add up to its net",
    tried="SELECT count(*) FROM orders_line WHERE invoiced = base_quantity",
    bad="""
    SELECT l.id, l.order_id, l.net, sum(i.net) AS invoiced FROM orders_line l
    JOIN invoicing_line i ON i.order_line_id = l.id
    JOIN invoicing_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
    WHERE l.invoiced = l.base_quantity GROUP BY l.id HAVING sum(i.net) <> l.net
    """,
)
invariant(
    "Parts of a kit are invoiced once nothing more of it will come, as many as left beyond the whole kits",
    tried="SELECT count(*) FROM invoicing_line WHERE part_id IS NOT NULL",
    bad="""
    SELECT i.id, i.quantity, x.shipped - x.quantity * l.shipped AS left_alone FROM invoicing_line i
    JOIN orders_line_part x ON x.id = i.part_id JOIN orders_line l ON l.id = x.line_id
    WHERE i.order_line_id <> l.id OR l.cancelled <> l.base_quantity - l.shipped
        OR i.quantity <> x.shipped - x.quantity * l.shipped
    """,
)
invariant(
    "Whole kits and single parts come to what that much of the kit costs, to the cent",
    tried="SELECT count(*) FROM invoicing_line WHERE part_id IS NOT NULL",
    bad=f"""
    SELECT l.id, l.order_id, i.net, worth.net AS worth FROM orders_line l JOIN orders_order o ON o.id = l.order_id
    JOIN (SELECT i.order_line_id, sum(i.net) AS net FROM invoicing_line i
          JOIN invoicing_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
          GROUP BY i.order_line_id HAVING bool_or(i.part_id IS NOT NULL)) i ON i.order_line_id = l.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN l.allowance > 0 THEN l.net / l.base_quantity ELSE l.unit_price / l.price_base END
            * (l.shipped + sum(x.value * GREATEST(x.shipped - x.quantity * l.shipped, 0) / x.quantity)
                / sum(x.value)) AS net
        FROM orders_line_part x WHERE x.line_id = l.id) worth
    WHERE l.invoiced = l.shipped AND abs(i.net - worth.net) > 0.500001 * 10.0 ^ -({DECIMALS}) OR i.net > l.net
    """,
)
invariant(
    "No line is credited beyond what was invoiced of it",
    tried="SELECT count(*) FROM invoicing_line WHERE credits_id IS NOT NULL",
    bad="""
    SELECT i.id, i.quantity, sum(c.quantity) AS credited, i.net, sum(c.net) AS credited_net
    FROM invoicing_line i JOIN invoicing_line c ON c.credits_id = i.id
    GROUP BY i.id HAVING sum(c.quantity) > i.quantity OR sum(c.net) > i.net
        OR (sum(c.quantity) = i.quantity AND sum(c.net) <> i.net)
    """,
)
invariant(
    "Every return marked as credited has its credit note, and no other has one",
    tried="SELECT count(*) FROM fulfilment_return",
    bad="""
    SELECT t.id, t.number, t.status, i.number AS credit_note FROM fulfilment_return t
    LEFT JOIN invoicing_invoice i ON i.return_order_id = t.id WHERE (t.status = 'credited') <> (i.id IS NOT NULL)
    """,
)
invariant(
    "Invoice and credit note numbers of a seller and year have no gaps",
    tried=INVOICES,
    bad="""
    SELECT seller_id, kind, series, count(*) AS found, max(counter) AS highest FROM (
        SELECT seller_id, kind, split_part(number, '-', 1) || '-' || split_part(number, '-', 2) AS series,
            split_part(number, '-', 3)::bigint AS counter FROM invoicing_invoice
    ) numbered GROUP BY seller_id, kind, series HAVING count(*) <> max(counter) OR min(counter) <> 1
    """,
)
invariant(
    "Every invoice and credit note has its event",
    tried=INVOICES,
    bad="""
    WITH told AS (
        SELECT (payload ->> 'invoice_id')::bigint AS invoice_id, created_at FROM kernel_outbox_event
        WHERE name IN ('invoicing.InvoiceIssued', 'invoicing.CreditNoteIssued')
    )
    SELECT i.id, i.number FROM invoicing_invoice i
    WHERE i.issued_at >= COALESCE((SELECT min(created_at) FROM told), '-infinity')
      AND i.id NOT IN (SELECT invoice_id FROM told)
    """,
)
