"""Requests for approval and their decisions. What is to be approved is an opaque reference: it knows no orders."""
