"""From the confirmed order to the customer's door and back: picking, packing, shipping, delivery, returns."""
