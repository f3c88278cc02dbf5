"""Options of configurable products, and configurations by their codes."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kontor.catalog.models import Configuration, ProductOptions
from kontor.goods.option_texts import choices_text, kept_choices, refusal_of
from kontor.goods.options import Options, chosen_in, read_options


class Configured(NamedTuple):
    """What a code stands for: the choices by code and in words; with a `problem` it cannot be ordered."""

    code: str
    parts: tuple[str, ...]
    text: str
    problem: str


def options_of(product_ids: Iterable[int]) -> dict[int, Options]:
    """The options of those of these products that have any. One statement."""
    rows = ProductOptions.objects.filter(product_id__in=list(product_ids))
    return {row.product_id: read_options(row.document) for row in rows}


def judged(codes: Sequence[tuple[int, str]], language: str = "") -> dict[tuple[int, str], Configured]:
    """What each code of a product stands for now, whether or not it was ever ordered. Two statements, none for none."""
    if not codes:
        return {}
    products = {product for product, _code in codes}
    options = options_of(products)
    known = Configuration.objects.filter(
        product_id__in=products, code__in={code.upper() for _no, code in codes}
    )
    kept = {(one.product_id, one.code): one.choices for one in known}
    found = {}
    for product, code in codes:
        own, before = options.get(product, Options()), kept.get((product, code.upper()), [])
        parts = chosen_in(code) or ()
        choices = before or kept_choices(own, parts)
        problem = refusal_of(own, code, before, language)
        found[product, code] = Configured(code.upper(), parts, choices_text(choices, language), problem)
    return found
