"""The shape that goes with each state, the same in lists, pages and on the first page."""

ORDER_KINDS = {
    "awaiting_approval": "waiting",
    "sent_back": "bad",
    "placed": "waiting",
    "confirmed": "active",
    "partly_shipped": "active",
    "shipped": "active",
    "delivered": "done",
    "cancelled": "off",
}
SHIPMENT_KINDS = {"packed": "waiting", "shipped": "active", "delivered": "done", "cancelled": "off"}
REQUEST_KINDS = {
    "submitted": "waiting",
    "offered": "active",
    "accepted": "done",
    "refused": "off",
    "declined": "bad",
    "withdrawn": "off",
}
OFFER_KINDS = {
    "sent": "active",
    "superseded": "off",
    "countered": "neutral",
    "accepted": "done",
    "refused": "off",
}
RETURN_KINDS = {
    "requested": "waiting",
    "accepted": "active",
    "declined": "bad",
    "received": "active",
    "credited": "done",
}
