"""The acts of the first trade, in the order in which `test_first_trade` plays them."""
