"""What goes in and comes out, one module per domain app."""
