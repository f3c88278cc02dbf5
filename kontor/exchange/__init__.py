"""Catalogs, prices and stock come in from files and go out to files: CSV, Excel, JSON lines, BMEcat, product feeds.

Not here: what makes a product right (`catalog`), and the messages of business partners (orders, invoices).
"""
