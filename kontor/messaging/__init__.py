"""Conversations between a buyer and a seller about any subject, which is an opaque reference."""
