"""BMEcat 2005: articles with texts, features, units and prices; what the standard has no place for stays at home."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from kontor.kernel import clock
from kontor.tables.bmecat_parts import OWN_FEATURES
from kontor.tables.texts import spec_of

Cells = Mapping[str, str]
LANGUAGES = {"de": "deu", "en": "eng", "fr": "fra", "it": "ita", "es": "spa", "nl": "nld", "pl": "pol"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BmecatFacts:
    """What stands in the header. `language` is that of the texts without a mark."""

    supplier: str = ""
    catalog: str = "kontor"
    language: str = "en"
    currency: str = "EUR"


def write_bmecat(rows: Iterable[Cells], facts: BmecatFacts) -> Iterator[bytes]:
    """The catalog piece by piece, one article after the other."""
    day = clock.now().date().isoformat()
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<BMECAT version="2005" xmlns="http://www.bmecat.org/bmecat/2005fd">\n<HEADER>\n<CATALOG>'
        f"{_tag('LANGUAGE', _code(facts.language))}{_tag('CATALOG_ID', facts.catalog)}"
        f"{_tag('CATALOG_VERSION', '001.001')}"
        f'<DATETIME type="generation_date">{_tag("DATE", day)}</DATETIME>{_tag("CURRENCY", facts.currency)}</CATALOG>\n'
        f"<SUPPLIER>{_tag('SUPPLIER_NAME', facts.supplier)}</SUPPLIER>\n</HEADER>\n<T_NEW_CATALOG>\n"
    ).encode()
    for row in rows:
        yield _article(row, facts).encode()
    yield b"</T_NEW_CATALOG>\n</BMECAT>\n"


def _article(row: Cells, facts: BmecatFacts) -> str:
    parts = [
        '<PRODUCT mode="new">',
        _tag("SUPPLIER_PID", row["sku"]),
        f"<PRODUCT_DETAILS>{_details(row)}</PRODUCT_DETAILS>",
        *_features(row),
        "<PRODUCT_ORDER_DETAILS>",
        _tag("ORDER_UNIT", row.get("base_unit", "C62")),
        _tag("CONTENT_UNIT", row.get("base_unit", "C62")),
        _tag("PRICE_QUANTITY", row.get("price_base", "")),
        "</PRODUCT_ORDER_DETAILS>",
        *_prices(row, facts.currency),
        "</PRODUCT>\n",
    ]
    return "".join(parts)


def _details(row: Cells) -> str:
    texts = [("DESCRIPTION_SHORT", "name"), ("DESCRIPTION_LONG", "description")]
    found = []
    for tag, name in texts:
        found.append(_tag(tag, row.get(name, "")))
        found += [
            _tag(tag, text, f' lang="{escape(_code(key.partition(":")[2]))}"')
            for key, text in row.items()
            if key.startswith(f"{name}:") and text
        ]
    found.append(_tag("INTERNATIONAL_PID", row.get("gtin", ""), ' type="gtin"'))
    found.append(_tag("MANUFACTURER_PID", row.get("manufacturer_part_number", "")))
    found.append(_tag("MANUFACTURER_NAME", row.get("brand", "")))
    found.append(_tag("DELIVERY_TIME", row.get("lead_days", "")))
    return "".join(found)


def _features(row: Cells) -> Iterator[str]:
    for name, text in row.items():
        if name.startswith("class:"):
            system, _blank, code = text.rpartition(" ")
            system = system or name.partition(":")[2].upper()
            names = _tag("REFERENCE_FEATURE_SYSTEM_NAME", system) + _tag("REFERENCE_FEATURE_GROUP_ID", code)
            yield f"<PRODUCT_FEATURES>{names}</PRODUCT_FEATURES>"
    specs = [found for line in row.get("specifications", "").splitlines() if (found := spec_of(line))]
    if specs:
        rows = "".join(
            f"<FEATURE>{_tag('FNAME', one['name'])}{_tag('FVALUE', one['value'])}{_tag('FUNIT', one['unit'])}</FEATURE>"
            for one in specs
        )
        yield f"<PRODUCT_FEATURES>{rows}</PRODUCT_FEATURES>"
    own = [(name.partition(":")[2], text) for name, text in row.items() if name.startswith("attribute:")]
    if own:
        rows = "".join(
            f"<FEATURE>{_tag('FT_IDREF', code)}{_tag('FVALUE', text)}</FEATURE>" for code, text in own
        )
        yield f"<PRODUCT_FEATURES>{_tag('REFERENCE_FEATURE_SYSTEM_NAME', OWN_FEATURES)}{rows}</PRODUCT_FEATURES>"


def _prices(row: Cells, currency: str) -> Iterator[str]:
    prices = [
        (name.partition(":")[2] or "1", text) for name, text in row.items() if name.split(":")[0] == "price"
    ]
    if prices:
        rows = "".join(
            f'<PRODUCT_PRICE price_type="net_list">{_tag("PRICE_AMOUNT", amount)}{_tag("PRICE_CURRENCY", currency)}'
            f"{_tag('LOWER_BOUND', least)}</PRODUCT_PRICE>"
            for least, amount in prices
        )
        yield f"<PRODUCT_PRICE_DETAILS>{rows}</PRODUCT_PRICE_DETAILS>"


def _tag(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(text)}</{name}>" if text else ""


def _code(language: str) -> str:
    return LANGUAGES.get(language.partition("-")[0], language)
