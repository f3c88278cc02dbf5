"""Goods go out by themselves: product feeds, price files of customers, and schedules by which files come and go.

Not here: what is in a file and how it is read or written (`exchange`).
"""
