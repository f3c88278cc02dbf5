"""Formats of days and moments that Django does not bring as our pages show them."""
