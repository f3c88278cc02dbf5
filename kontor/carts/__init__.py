"""What a company is about to order: carts that colleagues share, line by line, until they are submitted.

Prices are looked up whenever a cart is read and never kept; placing the order is the business of orders.
"""
