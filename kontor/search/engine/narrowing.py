"""Filters as queries of tantivy."""

from collections.abc import Sequence
from decimal import Decimal
from math import ceil, floor, isfinite

from django.core.validators import slug_re
from tantivy import FieldType, Index, Occur, Query, Schema

from kontor.search.engine.port import Question
from kontor.search.engine.schema import PRICE_STEPS, brand_term
from kontor.search.models import UNPRICED

MOST_APART = 16
MOST_WHOLE = 2**63
MOST_IDS_APART = 5000
"""A product's number is in one entry: to look for each takes a tenth of the time of a set, until they are very many."""


def narrowing(
    index: Index, schema: Schema, question: Question, *, without: str = "", sees_all: bool = False
) -> list[tuple[Occur, Query]]:
    """What must hold besides the words; `without` names the filter that is left out, to count its alternatives.

    `sees_all` says that every entry is in the question's assortments, so that none need be looked at for that.

    Without the price those products are left whose list price counts.
    """
    filters = question.filters
    must = [] if sees_all else [any_of(schema, "assortment", question.assortments)]
    if question.among is not None:
        must.append(_these(schema, "id", question.among))
    if filters.category_path and without != "category":
        must.append(Query.term_query(schema, "shelf", filters.category_path))
    if filters.brands and without != "brand":
        must.append(any_of(schema, "brand", [brand_term(one) for one in filters.brands]))
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
        must.append(_costing(schema, question, *filters.price))
    sellers = question.prices.sellers if without == "price" else None
    if sellers is not None:
        must.append(_these(schema, "seller", sellers))
    narrow = [(Occur.Must, Query.const_score_query(one, 0.0)) for one in must]
    left_out = [*question.besides, *(question.prices.products if without == "price" else ())]
    return [*narrow, (Occur.MustNot, _these(schema, "id", left_out))] if left_out else narrow


def _these(schema: Schema, field: str, values: Sequence[int]) -> Query:
    if not values:
        return Query.empty_query()
    if len(values) > MOST_IDS_APART:
        return Query.term_set_query(schema, field, list(values))
    return Query.boolean_query([(Occur.Should, Query.term_query(schema, field, one)) for one in values])


def _costing(schema: Schema, question: Question, lowest: Decimal | None, highest: Decimal | None) -> Query:
    """Products within the bounds: by the reader's own price where there is one, else by a list price that counts."""
    low, high = lowest or Decimal(0), UNPRICED - 1 if highest is None else highest
    listed_at = question.prices.listed
    least, most = ceil(listed_at(low) * PRICE_STEPS), floor(listed_at(high) * PRICE_STEPS)
    listed = Query.empty_query()
    if least <= most:
        listed = Query.range_query(schema, "price", FieldType.Unsigned, least, most)
    own, sellers = question.prices.own, question.prices.sellers
    if sellers is not None:
        theirs = _these(schema, "seller", sellers)
        listed = Query.boolean_query([(Occur.Must, listed), (Occur.Must, theirs)])
        if low >= UNPRICED:
            others = Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, theirs)])
            listed = Query.boolean_query([(Occur.Should, listed), (Occur.Should, others)])
    if not own:
        return listed
    within = _these(schema, "id", [one for one, price in own if low <= price <= high])
    apart = _these(schema, "id", question.prices.products)
    rest = Query.boolean_query([(Occur.Must, listed), (Occur.MustNot, apart)])
    return Query.boolean_query([(Occur.Should, rest), (Occur.Should, within)])


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
            if figure.is_integer() and abs(figure) < MOST_WHOLE:
                queries.append(Query.term_query(schema, path, int(figure)))
    return Query.boolean_query([(Occur.Should, one) for one in queries])


def _figure(value: str) -> float | None:
    try:
        figure = float(value)
    except ValueError:
        return None
    return figure if isfinite(figure) else None


def _within(index: Index, code: str, lowest: Decimal | None, highest: Decimal | None) -> Query:
    """Numbers within the bounds, and ranges that overlap them."""
    if not slug_re.fullmatch(code):  # no attribute has it, and it would be read as part of the query
        return Query.empty_query()
    low = "*" if lowest is None else f"{float(lowest)}"
    high = "*" if highest is None else f"{float(highest)}"
    path = f"a.{code}".replace("-", "\\-")
    number = index.parse_query(f"{path}:[{low} TO {high}]")
    overlap = index.parse_query(f"{path}.low:[* TO {high}] AND {path}.high:[{low} TO *]")
    return Query.boolean_query([(Occur.Should, number), (Occur.Should, overlap)])
