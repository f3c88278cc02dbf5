"""A believable distributor from a seeded generator: goods, customers, 18 months of trade through the operations.

Everything here is invented by the generator; the same seed gives the same shop.
"""
