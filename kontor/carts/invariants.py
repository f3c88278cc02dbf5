"""What must be true of carts, for `kontor check`."""

from kontor.kernel.invariants import invariant

invariant(
    "A buyer has at most one current cart per seller",
    tried="SELECT count(*) FROM carts_cart",
    bad="""
        SELECT buyer_id, seller_id, count(*) FROM carts_cart WHERE status = 'open' AND is_current
        GROUP BY buyer_id, seller_id HAVING count(*) > 1
    """,
)
invariant(
    "A cart that was submitted or discarded is not the current one",
    tried="SELECT count(*) FROM carts_cart WHERE status <> 'open'",
    bad="SELECT id, status FROM carts_cart WHERE status <> 'open' AND is_current",
)
invariant(
    "Every line of a cart is an article of the cart's seller",
    tried="SELECT count(*) FROM carts_line",
    bad="""
        SELECT l.id, l.cart_id, p.sku FROM carts_line l JOIN carts_cart c ON c.id = l.cart_id
        JOIN catalog_product p ON p.id = l.product_id WHERE p.seller_id <> c.seller_id
    """,
)
invariant(
    "A cart holds an article once per unit and configuration, in a quantity above 0",
    tried="SELECT count(*) FROM carts_line",
    bad="""
        SELECT cart_id, product_id, unit, configuration_id, count(*), min(quantity) FROM carts_line
        GROUP BY cart_id, product_id, unit, configuration_id HAVING count(*) > 1 OR min(quantity) <= 0
    """,
)
invariant(
    "A configuration in a cart is one of the line's own product",
    tried="SELECT count(*) FROM carts_line WHERE configuration_id IS NOT NULL",
    bad="""
        SELECT l.id, l.cart_id, g.code FROM carts_line l JOIN catalog_configuration g ON g.id = l.configuration_id
        WHERE g.product_id <> l.product_id
    """,
)
