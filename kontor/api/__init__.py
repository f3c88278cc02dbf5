"""The REST API: one router per domain app, one problem format, the same operations as the pages."""
