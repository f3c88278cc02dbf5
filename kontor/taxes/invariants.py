"""What must always be true of taxes, for `kontor check`."""

from kontor.kernel.invariants import invariant

invariant(
    "an active seller's country has a standard rate",
    tried="SELECT count(*) FROM companies_company WHERE is_seller AND status = 'active' AND country <> 'US'",
    bad="""
    SELECT c.id, c.country FROM companies_company c
    WHERE c.is_seller AND c.status = 'active' AND c.country <> 'US' AND NOT EXISTS (
        SELECT FROM taxes_rate r
        WHERE r.country = c.country AND r.category = 'standard' AND r.valid_from <= current_date)
    """,
)
invariant(
    "a certificate either covers everything or names what it covers",
    tried="SELECT count(*) FROM taxes_certificate",
    bad="""
    SELECT c.id, c.number FROM taxes_certificate c WHERE c.covers_all = (
        EXISTS (SELECT FROM taxes_certificate_product p WHERE p.certificate_id = c.id)
        OR EXISTS (SELECT FROM taxes_certificate_category k WHERE k.certificate_id = c.id))
    """,
)
invariant(
    "certificates name goods of their own seller",
    tried="SELECT count(*) FROM taxes_certificate_product",
    bad="""
    SELECT s.certificate_id, s.product_id FROM taxes_certificate_product s
    JOIN taxes_certificate c ON c.id = s.certificate_id JOIN catalog_product p ON p.id = s.product_id
    WHERE p.seller_id <> c.seller_id
    """,
)
invariant(
    "a valid or invalid VAT id has a check that says who was asked and when",
    tried="SELECT count(*) FROM taxes_vat_check WHERE outcome <> 'unreachable'",
    bad="SELECT id FROM taxes_vat_check WHERE outcome <> 'unreachable' AND (registry = '' OR vat_id = '')",
)
