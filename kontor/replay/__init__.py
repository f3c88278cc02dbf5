"""`kontor replay FILE`: a year of real wholesale trade through the operations that the pages use.

Customers become companies, stock codes products, each invoice an order that is confirmed, shipped and invoiced at its
own moment, cancellations returns with credit notes. Every line of the file ends with an outcome, in the transaction
that booked it; so a replay can be stopped anywhere and resumed, and its report leaves nothing out.
"""
