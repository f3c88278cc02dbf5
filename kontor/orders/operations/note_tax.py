"""What the floors above report back about taxes."""

from datetime import date

from kontor.orders.models import Order


def note_tax_charged(order: Order, day: date) -> None:
    """Tax is charged on a day for what was ordered without: the evidence has lapsed. The order says so ever after."""
    order.tax_facts = {"charged_since": day.isoformat()} | order.tax_facts
    Order.objects.filter(pk=order.pk).update(tax_facts=order.tax_facts)
