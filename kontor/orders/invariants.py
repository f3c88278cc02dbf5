"""What must always be true of orders (`kontor check`)."""

from kontor.kernel.invariants import invariant

ORDERS = "SELECT count(*) FROM orders_order"
LINES = "SELECT count(*) FROM orders_line"
DECIMALS = """CASE
            WHEN o.currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI',
                'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 0
            WHEN o.currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3 ELSE 2 END"""
# What each line still needs of each product, of a kit its parts; beside it what is held.
NEEDED = """
    WITH needed AS (
        SELECT l.id AS line, l.product_id, l.base_quantity - l.cancelled - l.shipped AS open
        FROM orders_line l JOIN orders_order o ON o.id = l.order_id
        WHERE l.kind = 'goods' AND o.status NOT IN ('cancelled', 'sent_back')
        UNION ALL
        SELECT l.id, x.product_id, GREATEST(x.quantity * (l.base_quantity - l.cancelled) - x.shipped, 0)
        FROM orders_line_part x JOIN orders_line l ON l.id = x.line_id JOIN orders_order o ON o.id = l.order_id
        WHERE x.kind = 'goods' AND o.status NOT IN ('cancelled', 'sent_back')
    ), held AS (
        SELECT r.order_line_id AS line, s.product_id, sum(r.quantity) AS quantity
        FROM inventory_reservation r JOIN inventory_stock_item s ON s.id = r.stock_item_id
        WHERE r.status = 'active' GROUP BY r.order_line_id, s.product_id
    )
"""

PAID = """(
        SELECT order_id, net, tax_rate FROM orders_line UNION ALL SELECT order_id, net, tax_rate FROM orders_charge
    )"""

invariant(
    "An order's net total is the sum of its lines, less what is taken off them, and its charges",
    tried=ORDERS,
    bad=f"""
    SELECT o.id, o.number, o.net_total, sum(p.net) FROM orders_order o LEFT JOIN {PAID} p ON p.order_id = o.id
    GROUP BY o.id HAVING o.net_total IS DISTINCT FROM sum(p.net)
    """,
)
invariant(
    "An order's tax is that of its lines and charges, rounded once per rate",
    tried=ORDERS,
    bad=f"""
    SELECT id, number, tax_total, sum(tax) FROM (
        SELECT o.id, o.number, o.tax_total, round(sum(p.net) * p.tax_rate / 100, {DECIMALS}) AS tax
        FROM orders_order o JOIN {PAID} p ON p.order_id = o.id GROUP BY o.id, p.tax_rate
    ) t GROUP BY id, number, tax_total HAVING tax_total <> sum(tax)
    """,
)
invariant(
    "A line's net is its price, rounded once, less what is taken off, of which each part has its reason",
    tried=LINES,
    bad=f"""
    SELECT l.id, l.order_id, l.net, l.allowance, a.amount FROM orders_line l JOIN orders_order o ON o.id = l.order_id
    LEFT JOIN (SELECT line_id, sum(amount) AS amount FROM orders_line_allowance GROUP BY line_id) a ON a.line_id = l.id
    WHERE l.allowance <> COALESCE(a.amount, 0)
        OR l.net + l.allowance <> round(l.unit_price * l.base_quantity / l.price_base, {DECIMALS})
    """,
)
invariant(
    "Only prices from lists are lowered by promotions, and what a promotion gives free costs nothing",
    tried="SELECT count(*) FROM orders_line_allowance WHERE promotion_id IS NOT NULL",
    bad="""
    SELECT l.id, l.order_id, l.price_source, l.net FROM orders_line l
    WHERE (l.price_source LIKE 'promotion:%' AND l.net + l.allowance <> 0) OR (l.price_source NOT LIKE 'list:%'
        AND EXISTS (SELECT FROM orders_line_allowance a WHERE a.line_id = l.id AND a.promotion_id IS NOT NULL))
    """,
)
invariant(
    "A charge for a line is for one of its own order",
    tried="SELECT count(*) FROM orders_charge WHERE line_id IS NOT NULL",
    bad="""
    SELECT c.id, c.order_id, l.order_id FROM orders_charge c JOIN orders_line l ON l.id = c.line_id
    WHERE l.order_id <> c.order_id
    """,
)
invariant(
    "A line's base quantity is its quantity times the unit's factor",
    tried=LINES,
    bad="SELECT id, quantity, factor, base_quantity FROM orders_line WHERE quantity * factor <> base_quantity",
)
invariant(
    "A cart and an offer make one order each",
    tried="SELECT count(*) FROM orders_order WHERE cart_id IS NOT NULL OR offer_id IS NOT NULL",
    bad="""
    SELECT cart_id, offer_id, count(*) FROM orders_order
    WHERE status <> 'sent_back' AND (cart_id IS NOT NULL OR offer_id IS NOT NULL)
    GROUP BY cart_id, offer_id HAVING count(*) > 1
    """,
)
invariant(
    "The cart of an order is closed",
    tried="SELECT count(*) FROM orders_order WHERE cart_id IS NOT NULL AND status <> 'sent_back'",
    bad="""
    SELECT o.id, o.number, c.status FROM orders_order o JOIN carts_cart c ON c.id = o.cart_id
    WHERE o.status <> 'sent_back' AND c.status <> 'ordered'
    """,
)
invariant(
    "Every active reservation belongs to a line that is still to be shipped, and holds no more than that",
    tried="SELECT count(*) FROM inventory_reservation WHERE status = 'active'",
    bad=f"""{NEEDED}
    SELECT line, product_id, held.quantity, needed.open FROM held LEFT JOIN needed USING (line, product_id)
    WHERE held.quantity > COALESCE(needed.open, 0)
    """,
)
invariant(
    "All goods that an order still has to ship are reserved",
    tried="SELECT count(*) FROM orders_line WHERE kind IN ('goods', 'kit') AND base_quantity > cancelled + shipped",
    bad=f"""{NEEDED}
    SELECT line, product_id, needed.open, COALESCE(held.quantity, 0) AS reserved
    FROM needed LEFT JOIN held USING (line, product_id) WHERE needed.open > COALESCE(held.quantity, 0)
    """,
)
invariant(
    "A line of a kit says what is in it, counts whole kits, and has shipped those of which all parts have left",
    tried="SELECT count(*) FROM orders_line WHERE kind = 'kit'",
    bad="""
    SELECT l.id, l.kind, l.shipped, min(div(x.shipped, x.quantity)) FILTER (WHERE x.kind = 'goods') AS whole
    FROM orders_line l LEFT JOIN orders_line_part x ON x.line_id = l.id
    WHERE l.kind = 'kit' OR x.id IS NOT NULL GROUP BY l.id
    HAVING l.kind <> 'kit' OR l.base_quantity <> round(l.base_quantity)
        OR l.shipped IS DISTINCT FROM min(div(x.shipped, x.quantity)) FILTER (WHERE x.kind = 'goods')
        OR bool_or(x.shipped > x.quantity * l.base_quantity)
    """,
)
invariant(
    "An order's status is the one that its lines say",
    tried="SELECT count(*) FROM orders_order WHERE status NOT IN ('awaiting_approval', 'sent_back')",
    bad="""
    SELECT o.id, o.number, o.status, said.status AS said FROM orders_order o CROSS JOIN LATERAL (
        SELECT CASE
            WHEN bool_and(cancelled = base_quantity) THEN 'cancelled'
            WHEN bool_and(delivered = base_quantity - cancelled) THEN 'delivered'
            WHEN bool_and(shipped = base_quantity - cancelled) THEN 'shipped'
            WHEN bool_or(shipped > 0 OR EXISTS (
                SELECT FROM orders_line_part x WHERE x.line_id = l.id AND x.shipped > 0)) THEN 'partly_shipped'
        END AS status FROM orders_line l WHERE order_id = o.id
    ) said
    WHERE o.status NOT IN ('awaiting_approval', 'sent_back')
      AND COALESCE(said.status, CASE WHEN o.confirmed_at IS NULL THEN 'placed' ELSE 'confirmed' END) <> o.status
    """,
)
invariant(
    "Every order above its buyer's limit that reached the seller was approved for its amount",
    tried="SELECT count(*) FROM orders_order WHERE order_limit < net_total",
    bad="""
    SELECT o.id, o.number, o.order_limit, o.net_total FROM orders_order o
    WHERE o.order_limit < o.net_total AND o.released_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM approvals_request a
        WHERE a.subject_type = 'order' AND a.subject_id = o.id AND a.status = 'approved' AND a.amount >= o.net_total)
    """,
)
invariant(
    "An order waits for approval exactly as long as a request for it waits",
    tried="SELECT count(*) FROM approvals_request WHERE subject_type = 'order' AND status = 'waiting'",
    bad="""
    SELECT o.id, o.number, o.status, a.status AS asked FROM orders_order o
    FULL JOIN (SELECT * FROM approvals_request WHERE subject_type = 'order' AND status = 'waiting') a
        ON a.subject_id = o.id
    WHERE (a.id IS NOT NULL) <> (COALESCE(o.status, '') = 'awaiting_approval')
    """,
)
invariant(
    "Every order that reached the seller has its event, and every event its order",
    tried="SELECT count(*) FROM orders_order WHERE released_at IS NOT NULL",
    # Events that were tidied away after years are not missed: only what is younger than the oldest one kept.
    bad="""
    WITH told AS (
        SELECT id, (payload ->> 'order_id')::bigint AS order_id FROM kernel_outbox_event
        WHERE name = 'orders.OrderPlaced'
    ), released AS (
        SELECT id FROM orders_order WHERE released_at >= COALESCE(
            (SELECT min(created_at) FROM kernel_outbox_event WHERE name = 'orders.OrderPlaced'), '-infinity')
    )
    SELECT released.id AS order_id, told.id AS event_id FROM released FULL JOIN told ON told.order_id = released.id
    WHERE told.id IS NULL OR (released.id IS NULL AND NOT EXISTS (SELECT 1 FROM orders_order WHERE id = told.order_id))
    """,
)
invariant(
    "A configurable product is ordered as one of its configurations, nothing else is",
    tried="SELECT count(*) FROM orders_line WHERE kind = 'configurable'",
    bad="""
    SELECT l.id, l.sku, l.kind, g.code FROM orders_line l LEFT JOIN catalog_configuration g ON g.id = l.configuration_id
    WHERE (l.kind = 'configurable') <> (g.id IS NOT NULL) OR g.product_id <> l.product_id
    """,
)
