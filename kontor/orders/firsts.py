"""Whether a company has ordered before: what promotions for a first order ask of the orders above them."""

from django.db import connection

from kontor.promotions.queries import known_by

ORDERED = """
SELECT EXISTS (SELECT FROM orders_order
    WHERE buyer_id = %s AND seller_id = %s AND status NOT IN ('cancelled', 'sent_back'))
"""


def has_ordered(buyer_id: int, seller_id: int) -> bool:
    """Whether there is an order that was neither cancelled nor sent back; one that waits for approval counts."""
    with connection.cursor() as cursor:
        cursor.execute(ORDERED, [buyer_id, seller_id])
        (found,) = cursor.fetchone() or (False,)
        return bool(found)


known_by(has_ordered)
