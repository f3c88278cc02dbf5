"""What every app stands on: money, quantities, refusals, actors, events, idempotency, numbers, the clock.

It knows no business object: nothing here may name an order, a company or a product.
"""
