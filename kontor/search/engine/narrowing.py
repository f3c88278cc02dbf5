"""Filters as queries of tantivy."""

from collections.abc import Sequence
from decimal import Decimal

from tantivy import FieldType, Index, Occur, Query, Schema

from kontor.search.filters import Filters
from kontor.search.models import UNPRICED

MOST_APART = 16


def narrowing(
    index: Index, schema: Schema, filters: Filters, *, assortments: Sequence[int], without: str = ""
) -> list[tuple[Occur, Query]]:
    """What must hold besides the words; `without` names the filter that is left out, to count its alternatives."""
    must = [any_of(schema, "assortment", assortments)]
    if filters.category_path and without != "category":
        must.append(Query.term_query(schema, "shelf", filters.category_path))
    if filters.brands and without != "brand":
        must.append(any_of(schema, "brand", filters.brands))
    if filters.seller_id is not None:
        must.append(Query.term_query(schema, "seller", filters.seller_id))
    if filters.in_stock and without != "stocked":
        must.append(Query.term_query(schema, "stocked", 1))
    for code, values in filters.attributes:
        if without != code:
            must.append(_one_of(schema, code, values))
    for code, lowest, highest in filters.ranges:
        if without != code:
            must.append(_within(index, code, lowest, highest))
    if filters.price is not None and without != "price":
        must.append(
            Query.range_query(
                schema,
                "price",
                FieldType.Float,
                float(filters.price[0] or 0),
                float(UNPRICED - 1 if filters.price[1] is None else filters.price[1]),
            )
        )
    return [(Occur.Must, Query.const_score_query(one, 0.0)) for one in must]


def any_of(schema: Schema, field: str, values: Sequence[str] | Sequence[int]) -> Query:
    """Entries with one of these values. A set of terms reads all their entries before it finds any; few values are
    asked for one by one instead, so that they are only looked for among what the other conditions leave.
    """
    if len(values) == 1:
        return Query.term_query(schema, field, values[0])
    if len(values) > MOST_APART:
        return Query.term_set_query(schema, field, list(values))
    return Query.boolean_query([(Occur.Should, Query.term_query(schema, field, one)) for one in values])


def _one_of(schema: Schema, code: str, values: Sequence[str]) -> Query:
    """Attribute values are texts, numbers or yes and no; what a value is, the index knows."""
    path = f"a.{code}"
    queries = [any_of(schema, path, values)]
    for value in values:
        if value in ("true", "false"):
            queries.append(Query.term_query(schema, path, value == "true"))
        elif (figure := _figure(value)) is not None:
            queries.append(Query.term_query(schema, path, figure))
            if figure.is_integer():
                queries.append(Query.term_query(schema, path, int(figure)))
    return Query.boolean_query([(Occur.Should, one) for one in queries])


def _figure(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _within(index: Index, code: str, lowest: Decimal | None, highest: Decimal | None) -> Query:
    """Numbers within the bounds, and ranges that overlap them."""
    low = "*" if lowest is None else f"{float(lowest)}"
    high = "*" if highest is None else f"{float(highest)}"
    path = f"a.{code}".replace("-", "\\-")
    number = index.parse_query(f"{path}:[{low} TO {high}]")
    overlap = index.parse_query(f"{path}.low:[* TO {high}] AND {path}.high:[{low} TO *]")
    return Query.boolean_query([(Occur.Should, number), (Occur.Should, overlap)])
