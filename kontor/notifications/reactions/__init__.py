"""Which event tells whom what. One module per app whose events it listens to; importing this registers them all."""
