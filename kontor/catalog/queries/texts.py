"""Names and texts of products in the language of a reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

# The seller's languages in order: first the reader's, then the seller's own order up to the first, which is on the
# product itself. What is empty falls back.
TOLD = ", ".join(
    f"""COALESCE((SELECT t.{name} FROM catalog_text t WHERE t.product_id = p.id AND t.language = ANY(w.chain)
        AND t.{name} <> '' ORDER BY array_position(w.chain, t.language) LIMIT 1), p.{name})"""
    for name in ("name", "summary", "description")
)
READER = """
LEFT JOIN catalog_settings settings ON settings.seller_id = p.seller_id
CROSS JOIN LATERAL (SELECT CASE
    WHEN settings.languages[1] IN (%(language)s, %(plain)s) THEN ARRAY[]::text[]
    ELSE ARRAY[%(language)s, %(plain)s]::text[] END AS chain) w
"""
"""What TOLD (name, summary, description of the product `p`) is told from; both ask for `spoken`."""
TEXTS = f"SELECT p.id, {TOLD} FROM catalog_product p {READER} WHERE p.id = ANY(%(products)s::bigint[])"


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader is told of a product: each text in the reader's language where there is one."""

    name: str
    summary: str
    description: str


def spoken(language: str) -> dict[str, Any]:
    """The parameters of TOLD and READER: a language, and the same without its region."""
    return {"language": language, "plain": language.partition("-")[0]}


def texts_of(product_ids: Iterable[int], language: str) -> dict[int, Told]:
    """Name, summary and description of these products for a reader of a language. One statement."""
    asked = {**spoken(language), "products": list(product_ids)}
    with connection.cursor() as cursor:
        cursor.execute(TEXTS, asked)
        return {key: Told(*texts) for key, *texts in cursor.fetchall()}
