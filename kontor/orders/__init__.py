"""Binding purchases: placed from a cart, an accepted offer or by a sales representative; approved, confirmed, followed.

Shipping and invoicing stand above and report back what they did through operations of this app.
"""
