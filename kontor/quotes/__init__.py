"""Requests for a better price and the offers that answer them, in numbered versions.

An accepted offer becomes an order in orders; nothing here reserves stock or sends mail.
"""
