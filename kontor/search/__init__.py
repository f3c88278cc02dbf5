"""Finding products by words and by number: one search document per product, kept current from events."""
