from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection, transaction

from kontor.kernel.folding import code_key, sort_key
from kontor.search.models import UNPRICED, SearchCode
from kontor.search.rules import shelves_of, vocabulary, words_of

BATCH = 1000
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('search_index', 0))"
# What the price of a product `p` is taken from: itself, and of a model the variants that are on sale; each in the
# smallest quantity in which it is sold to everybody, and in that unit, as it may have a price of its own.
PRICED_AS = """(
    SELECT of.id, COALESCE(u.minimum * u.factor, 1) AS least, COALESCE(u.unit, '') AS unit
    FROM (
        SELECT p.id UNION ALL
        SELECT v.id FROM catalog_product v WHERE p.kind = 'model' AND v.variant_of_id = p.id AND v.status = 'active'
    ) AS of LEFT JOIN LATERAL (
        SELECT unit, minimum, factor FROM catalog_sales_unit WHERE product_id = of.id ORDER BY position LIMIT 1
    ) AS u ON true
) AS priced"""
FACTS = f"""
SELECT p.id, p.seller_id, p.status = 'active', COALESCE(c.path, ''), COALESCE(c.name, ''),
    p.sku, p.manufacturer_part_number, p.gtin, p.name, p.brand, p.summary, p.description, p.specifications,
    p.created_at, p.assortments::text, d.popularity, l.price
FROM catalog_product p
JOIN companies_company s ON s.id = p.seller_id
LEFT JOIN catalog_category c ON c.id = p.category_id
LEFT JOIN search_document d ON d.product_id = p.id
LEFT JOIN LATERAL (SELECT pricing_steps(ARRAY[id], now()) AS chain FROM pricing_price_list
    WHERE seller_id = p.seller_id AND is_public AND currency = s.currency) AS public ON true
LEFT JOIN LATERAL (
    SELECT min(r.amount / r.price_base) AS price
    FROM {PRICED_AS} CROSS JOIN LATERAL
        pricing_resolve(public.chain, priced.id, priced.least, priced.unit) AS r
) l ON true
WHERE p.id = ANY (%s::bigint[]) AND p.status IN ('active', 'discontinued')
"""
FORGET = """
WITH documents AS (DELETE FROM search_document WHERE product_id = ANY (%(ids)s::bigint[])),
    codes AS (DELETE FROM search_code WHERE product_id = ANY (%(ids)s::bigint[]))
DELETE FROM search_shelf WHERE product_id = ANY (%(ids)s::bigint[])
"""
DOCUMENTS = """
INSERT INTO search_document
    (product_id, seller_id, words, category_path, brand, sort_key, list_price, popularity, listed_at, assortments)
SELECT id, seller,
    setweight(to_tsvector('simple', name) || to_tsvector('english', name) || to_tsvector('german', name), 'A')
    || setweight(to_tsvector('simple', short) || to_tsvector('english', short) || to_tsvector('german', short), 'B')
    || setweight(to_tsvector('simple', long) || to_tsvector('english', long) || to_tsvector('german', long), 'D'),
    path, brand, sort_key, price, popularity, listed_at, assortments::bigint[]
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::numeric[], %s::int[], %s::timestamptz[], %s::text[])
    AS t (id, seller, name, short, long, path, brand, sort_key, price, popularity, listed_at, assortments)
"""
SHELVES = """
INSERT INTO search_shelf
    (shelf, product_id, seller_id, brand, sort_key, list_price, popularity, listed_at, assortments)
SELECT COALESCE(c.id, 0), d.product_id, d.seller_id, d.brand, d.sort_key, d.list_price, d.popularity, d.listed_at,
    d.assortments
FROM unnest(%s::bigint[], %s::text[]) AS t (product, path)
JOIN search_document d ON d.product_id = t.product
LEFT JOIN catalog_category c ON c.path = t.path
WHERE t.path = '' OR c.id IS NOT NULL
ORDER BY c.id, d.sort_key
"""
CODES = """
INSERT INTO search_code (product_id, key, kind) SELECT * FROM unnest(%s::bigint[], %s::text[], %s::smallint[])
"""
WORDS = "INSERT INTO search_word (word) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"


@dataclass(slots=True)
class _Batch:
    """The rows to write, as columns."""

    documents: list[tuple[Any, ...]] = field(default_factory=list)
    shelves: list[tuple[int, str]] = field(default_factory=list)
    codes: list[tuple[int, str, int]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)

    def add(self, row: tuple[Any, ...]) -> None:
        (
            product,
            seller,
            on_sale,
            path,
            category,
            sku,
            part,
            gtin,
            name,
            brand,
            summary,
            text,
            specs,
            *rest,
        ) = row
        created_at, assortments, popularity, price = rest
        kinds = SearchCode.Kind
        numbers = ((sku, kinds.SKU), (part, kinds.PART_NUMBER), (gtin, kinds.GTIN))
        keys = {code_key(code): kind for code, kind in reversed(numbers) if code}
        self.codes += [(product, key[:60], kind) for key, kind in keys.items()]
        if not on_sale:
            return
        names = [*words_of(name, brand, sku, part), *(key.lower() for key in keys)]
        short = words_of(category, summary)
        values = (
            f"{one.get('name', '')} {one.get('value', '')} {one.get('unit', '')}"
            for one in orjson.loads(specs)
        )
        long = words_of(*values, text[:5000])
        joined = (" ".join(names), " ".join(short), " ".join(long))
        order = (
            sort_key(name),
            UNPRICED if price is None else price,
            popularity or 0,
            created_at,
            assortments,
        )
        self.documents.append((product, seller, *joined, path, brand, *order))
        self.shelves += [(product, ""), *((product, shelf) for shelf in shelves_of(path))]
        self.words |= vocabulary([*names, *short, *long])

    def write(self) -> None:
        _insert(DOCUMENTS, self.documents)
        _insert(SHELVES, self.shelves)
        _insert(CODES, self.codes)
        _insert(WORDS, [(word,) for word in sorted(self.words)])


def _insert(sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])


@transaction.atomic
def index_products(product_ids: Sequence[int]) -> int:
    """Write the documents of these products anew; what is no longer on sale leaves the search. Returns how many are in.

    A discontinued product keeps its numbers, so that pasted lines can say what became of it.
    """
    found = 0
    for start in range(0, len(product_ids), BATCH):
        ids = list(product_ids[start : start + BATCH])
        batch = _Batch()
        with connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME)
            cursor.execute(FACTS, [ids])
            for row in cursor.fetchall():
                batch.add(row)
            cursor.execute(FORGET, {"ids": ids})
        batch.write()
        found += len(batch.documents)
    if product_ids:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('catalog_revision')")
    return found


@transaction.atomic
def rebuild_all(progress: Callable[[int], None] | None = None) -> int:
    """Index the whole catalog anew, vocabulary included. `progress` is told how many products are done."""
    done = found = 0
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute("DELETE FROM search_word")
    for ids in _all_products():
        found += index_products(ids)
        done += len(ids)
        if progress is not None:
            progress(done)
    with connection.cursor() as cursor:
        for table in ("search_document", "search_shelf", "search_code", "search_word"):
            cursor.execute(f"ANALYZE {table}")
    return found


def _all_products() -> Iterator[list[int]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM catalog_product WHERE id > %s ORDER BY id LIMIT %s", [last, BATCH])
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return
        yield ids
        last = ids[-1]
