"""Kontor: B2B commerce. Companies find goods at their own prices, negotiate, order, receive, pay."""

__version__ = "0.1.0"
