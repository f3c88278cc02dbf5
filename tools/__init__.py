"""What developers and the build run beside the product: set-up, the gate before a merge, house rules, reports."""
