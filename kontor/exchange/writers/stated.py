"""Options of configurable products, quantities agreed with customers, prices and costs as rows of a file."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from django.db import connection

from kontor.catalog.models import AgreedQuantity, ProductOptions
from kontor.exchange.subjects import AGREED, COSTS, OPTIONS, PRICES, SUBJECTS
from kontor.exchange.writers.files import FORMS, Cells
from kontor.exchange.writers.rows import value_text
from kontor.goods.options import Options, read_options
from kontor.pricing.bulk import cost_cells, price_cells

STATED_FORMS = {key: form for key, form in FORMS.items() if key != "bmecat"}
"""BMEcat has no place for these."""
CHUNK = 500
LANGUAGES = """
SELECT DISTINCT named.key, language FROM catalog_options o JOIN catalog_product p ON p.id = o.product_id,
    jsonb_array_elements(o.document -> 'groups') AS g (one),
    LATERAL (SELECT 'group_name' AS key, g.one UNION ALL
        SELECT 'choice_name', c.one FROM jsonb_array_elements(g.one -> 'choices') AS c (one)) AS named,
    jsonb_object_keys(named.one -> 'names') AS language
WHERE p.seller_id = %s ORDER BY 1, 2
"""


def stated_columns(seller_id: int, subject: str) -> list[str]:
    """The columns of such a file; names also in each language that they have."""
    names = _named(seller_id) if subject == OPTIONS else []
    columns = []
    for key in SUBJECTS[subject].fields:
        columns += [key, *(f"{key}:{language}" for name, language in names if name == key)]
    return columns


def _named(seller_id: int) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(LANGUAGES, [seller_id])
        return cursor.fetchall()


def stated_rows(seller_id: int, subject: str) -> Iterator[Cells]:
    """The rows of such a file; only cells with something in them."""
    return ({name: text for name, text in row.items() if text} for row in _ROWS[subject](seller_id))


def _of_options(seller_id: int) -> Iterator[Cells]:
    kept = ProductOptions.objects.filter(product__seller_id=seller_id).order_by("product__sku")
    for sku, document in kept.values_list("product__sku", "document").iterator(CHUNK):
        for row in _choices(read_options(document)):
            yield {"sku": sku, **row}


def _choices(options: Options) -> Iterator[dict[str, str]]:
    for group in options.groups:
        of_group = {
            "group": group.code,
            "group_name": group.name,
            "least": str(group.least),
            "most": str(group.most),
        }
        of_group |= {f"group_name:{language}": text for language, text in group.names.items()}
        for one in group.choices:
            rules = {
                kind: " ".join(
                    rule.other for rule in options.rules if (rule.choice, rule.kind) == (one.code, kind)
                )
                for kind in ("requires", "excludes")
            }
            names = {f"choice_name:{language}": text for language, text in one.names.items()}
            figures = {
                name: _plain(getattr(one, name))
                for name in ("amount", "percent", "weight_grams", "lead_days")
            }
            yield {
                **of_group, "choice": one.code, "choice_name": one.name, **names, **figures, "currency": one.currency,
                "is_default": value_text(one.is_default), **rules,
            }  # fmt: skip


def _of_agreed(seller_id: int) -> Iterator[Cells]:
    agreed = AgreedQuantity.objects.filter(product__seller_id=seller_id)
    related = agreed.select_related("product", "account__buyer", "group")
    for one in related.order_by("group_id", "account_id", "product__sku", "unit").iterator(CHUNK):
        account = one.account
        yield {
            "customer": (account.customer_number or account.buyer.legal_name) if account else "",
            "customer_group": one.group.name if one.group else "",
            "sku": one.product.sku,
            "unit": one.unit,
            "minimum": _plain(one.minimum),
            "multiple": _plain(one.multiple),
            "maximum": "" if one.maximum is None else _plain(one.maximum),
        }


def _plain(number: Decimal | int) -> str:
    return f"{Decimal(number).normalize():f}"


_ROWS: Mapping[str, Callable[[int], Iterator[Cells]]] = {
    OPTIONS: _of_options,
    AGREED: _of_agreed,
    PRICES: price_cells,
    COSTS: cost_cells,
}
