"""What an order costs beside its goods, or has taken off as a whole: freight, packaging, surcharges by index."""
