"""Bonus agreements: what customers get back on what they were invoiced, counted line by line, settled by credit note.

Not here: prices and promotions, which lower what a line costs before it is invoiced.
"""
