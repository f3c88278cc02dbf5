"""Companies and their people: registration, customer accounts between a buyer and a seller, memberships, roles,
addresses, invitations, API keys.

It knows nothing of goods, prices or orders; what a role may do is declared by the apps above.
"""
