"""What must be true of requests and offers, for `kontor check`."""

from kontor.kernel.invariants import invariant

REQUESTS = "SELECT count(*) FROM quotes_request"
OFFERS = "SELECT count(*) FROM quotes_offer WHERE status <> 'draft'"

invariant(
    "The status of a request agrees with its offers",
    tried=REQUESTS,
    bad="""
        SELECT q.id, q.number, q.status, count(o.id) FILTER (WHERE o.status = 'sent') AS sent,
            count(o.id) FILTER (WHERE o.status = 'accepted') AS accepted
        FROM quotes_request q LEFT JOIN quotes_offer o ON o.request_id = q.id
        GROUP BY q.id
        HAVING count(o.id) FILTER (WHERE o.status = 'sent') <> (q.status = 'offered')::int
            OR count(o.id) FILTER (WHERE o.status = 'accepted') <> (q.status = 'accepted')::int
            OR q.status = 'refused' AND count(o.id) FILTER (WHERE o.status = 'refused') <> 1
    """,
)
invariant(
    "A closed request says when it was closed, an open one does not",
    tried=REQUESTS,
    bad="""
        SELECT id, number, status FROM quotes_request
        WHERE (closed_at IS NULL) <> (status IN ('submitted', 'offered'))
    """,
)
invariant(
    "The versions of a request's offers count 1, 2, 3 without a gap",
    tried="SELECT count(*) FROM quotes_offer",
    bad="""
        SELECT request_id, count(*), max(version) FROM quotes_offer
        GROUP BY request_id HAVING count(*) <> max(version) OR min(version) <> 1
    """,
)
invariant(
    "A sent offer has a price on every line, a seal and a total that adds up",
    tried=OFFERS,
    bad="""
        SELECT o.id, o.request_id, o.version, o.net_total, sum(l.net)
        FROM quotes_offer o LEFT JOIN quotes_offer_line l ON l.offer_id = o.id
        WHERE o.status <> 'draft'
        GROUP BY o.id
        HAVING count(l.id) = 0 OR bool_or(l.unit_price IS NULL) OR o.net_total <> sum(l.net)
            OR o.content_hash !~ '^[0-9a-f]{64}$'
    """,
)
invariant(
    "No offer was accepted after its validity had ended",
    tried="SELECT count(*) FROM quotes_offer WHERE status = 'accepted'",
    bad="SELECT id, request_id, version FROM quotes_offer WHERE status = 'accepted' AND answered_at > valid_until",
)
invariant(
    "A cart sent as a request has exactly one request that goes on, was accepted or refused",
    tried="SELECT count(*) FROM carts_cart WHERE status = 'requested'",
    bad="""
        SELECT c.id, count(q.id) FROM carts_cart c
        LEFT JOIN quotes_request q ON q.cart_id = c.id AND q.status NOT IN ('withdrawn', 'declined')
        WHERE c.status = 'requested' GROUP BY c.id HAVING count(q.id) <> 1
    """,
)
invariant(
    "An offer is about lines of its request: same article, same unit",
    tried="SELECT count(*) FROM quotes_offer_line",
    bad="""
        SELECT l.id, o.request_id, l.position FROM quotes_offer_line l JOIN quotes_offer o ON o.id = l.offer_id
        LEFT JOIN quotes_request_line a ON a.request_id = o.request_id AND a.position = l.position
        WHERE a.id IS NULL OR (a.product_id, a.unit, a.factor) <> (l.product_id, l.unit, l.factor)
    """,
)
