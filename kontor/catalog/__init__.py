"""What is sold: categories, products with specifications, sales units, documents and pictures.

It knows neither prices nor stock.
"""
