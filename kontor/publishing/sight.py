"""Which goods go out to a viewer, and how to tell whether it still is the same viewer."""

import hashlib

from kontor.search.queries import Viewer

VISIBLE = """p.status = 'active' AND p.kind <> 'model' AND p.assortments && %(assortments)s::bigint[]
    AND EXISTS (SELECT FROM companies_company s WHERE s.id = p.seller_id AND s.status = 'active')"""
"""Goods `p` that a viewer finds and may order; models only gather theirs."""


def seen_as(viewer: Viewer) -> str:
    """A digest, the same as long as the same price lists and assortments are this company's."""
    eyes = (viewer.chain, viewer.assortments, viewer.company_id)
    return hashlib.sha256(repr(eyes).encode()).hexdigest()
