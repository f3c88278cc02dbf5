"""What a company is about to order: carts that colleagues share, line by line, until they are submitted."""
