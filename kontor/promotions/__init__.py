"""What lowers a basket below its list prices for a while: promotions and coupons, with their limits."""
