"""What is there and what is promised: warehouses, stock, reservations, movements, and the one availability resolver."""
