"""What a product costs for whom: price lists, quantity breaks, assignments, and the one resolver."""
