"""Which tax each line bears, and why: places, registrations, rates, proofs of VAT ids, certificates of exemption.

Not here: what a document adds up to (orders and invoicing), prices, and returns to a tax office.
"""
