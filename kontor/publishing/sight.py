"""Which goods go out to a viewer."""

VISIBLE = """p.status = 'active' AND p.kind <> 'model' AND p.assortments && %(assortments)s::bigint[]
    AND EXISTS (SELECT FROM companies_company s WHERE s.id = p.seller_id AND s.status = 'active')"""
"""Goods `p` that a viewer finds and may order; models only gather theirs."""
