"""What must always be true of taxes, for `kontor check`."""

from kontor.kernel.invariants import invariant

invariant(
    "an active seller's country has a standard rate",
    tried="SELECT count(*) FROM companies_company WHERE is_seller AND status = 'active'",
    bad="""
    SELECT c.id, c.country FROM companies_company c
    WHERE c.is_seller AND c.status = 'active' AND NOT EXISTS (
        SELECT FROM taxes_rate r
        WHERE r.country = c.country AND r.category = 'standard' AND r.valid_from <= current_date)
    """,
)
