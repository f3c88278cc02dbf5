"""What a customer and a seller agreed on for a time: contracts and project prices, what of them is sold and bought at
most and at least, and how much is used. Their prices are a price list like any other; this app says whose and how long.
"""
