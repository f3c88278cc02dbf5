"""What must be true of promotions."""

from kontor.kernel.invariants import invariant

invariant(
    "a limited promotion has counted its uses that were not given back, and what they took off",
    tried="SELECT count(*) FROM promotions_promotion WHERE limit_total IS NOT NULL OR budget IS NOT NULL",
    bad="""
        SELECT p.id, p.used, p.used_amount, count(u.id), COALESCE(sum(u.amount), 0)
        FROM promotions_promotion p
        LEFT JOIN promotions_use u ON u.promotion_id = p.id AND u.given_back_at IS NULL
        WHERE p.limit_total IS NOT NULL OR p.budget IS NOT NULL
        GROUP BY p.id HAVING p.used <> count(u.id) OR p.used_amount <> COALESCE(sum(u.amount), 0)
    """,
)
invariant(
    "a code with a limit has counted its uses that were not given back",
    tried="SELECT count(*) FROM promotions_use WHERE coupon_id IS NOT NULL",
    bad="""
        SELECT c.id, c.used, u.uses FROM promotions_coupon c
        LEFT JOIN (
            SELECT coupon_id, count(*) AS uses FROM promotions_use WHERE given_back_at IS NULL GROUP BY coupon_id
        ) u ON u.coupon_id = c.id
        WHERE c.uses_limit IS NOT NULL AND c.used <> COALESCE(u.uses, 0)
    """,
)
invariant(
    "a company and its people have counted the uses of promotions that are limited for them",
    tried="SELECT count(*) FROM promotions_tally",
    bad="""
        SELECT t.id, t.used, count(u.id) FROM promotions_tally t
        JOIN promotions_promotion p ON p.id = t.promotion_id
            AND CASE WHEN t.is_person THEN p.limit_person ELSE p.limit_company END IS NOT NULL
        LEFT JOIN promotions_use u ON u.promotion_id = t.promotion_id AND u.company_id = t.company_id
            AND u.given_back_at IS NULL
            AND (NOT t.is_person OR u.membership_id IS NOT DISTINCT FROM t.membership_id)
        GROUP BY t.id HAVING t.used <> count(u.id)
    """,
)
invariant(
    "a code opens a promotion of its own seller, as its batch does",
    tried="SELECT count(*) FROM promotions_coupon",
    bad="""
        SELECT c.id FROM promotions_coupon c
        JOIN promotions_promotion p ON p.id = c.promotion_id
        JOIN promotions_code_batch b ON b.id = c.batch_id
        WHERE c.seller_id <> p.seller_id OR b.promotion_id <> c.promotion_id
    """,
)
