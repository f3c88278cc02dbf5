"""Requests for a better price and the offers that answer them, in numbered versions."""
