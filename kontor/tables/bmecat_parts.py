"""The parts of a BMEcat article, as cells."""

from collections.abc import Iterator
from decimal import Decimal

from kontor.kernel.entrances.xml_stream import Element
from kontor.kernel.money import decimal_of
from kontor.tables.texts import spec_line

DETAILS = {
    "EAN": "INTERNATIONAL_PID",
    "INTERNATIONAL_PID": "INTERNATIONAL_PID",
    "SUPPLIER_ALT_AID": "SUPPLIER_ALT_PID",
    "SUPPLIER_ALT_PID": "SUPPLIER_ALT_PID",
    "MANUFACTURER_AID": "MANUFACTURER_PID",
    "MANUFACTURER_PID": "MANUFACTURER_PID",
    "MANUFACTURER_NAME": "MANUFACTURER_NAME",
    "MANUFACTURER_TYPE_DESCR": "MANUFACTURER_TYPE_DESCR",
    "DELIVERY_TIME": "DELIVERY_TIME",
    "REMARKS": "REMARKS",
    "SEGMENT": "SEGMENT",
}
TEXTS = ("DESCRIPTION_SHORT", "DESCRIPTION_LONG")
ORDER = ("ORDER_UNIT", "CONTENT_UNIT", "NO_CU_PER_OU", "PRICE_QUANTITY", "QUANTITY_MIN", "QUANTITY_INTERVAL")
LONGEST = 20_000
SHARED_SYSTEMS = ("eclass", "etim", "unspsc")
"""Whose classes other firms know as well; a supplier's own groups are not taken for classes."""
OWN_FEATURES = "udf_KONTOR-attributes"
"""The system of features under which our own exports carry attributes by their codes."""


def cells_of(article: Element, language: str) -> dict[str, str]:
    """The cells of an article. Texts in further languages have columns of their own: ``DESCRIPTION_SHORT@eng``."""
    cells: dict[str, str] = {}
    for part in article:
        name = part.tag.replace("ARTICLE", "PRODUCT", 1)
        if name in ("SUPPLIER_AID", "SUPPLIER_PID"):
            cells.setdefault("SUPPLIER_PID", _text(part))
        elif name == "PRODUCT_DETAILS":
            _details(part, language, cells)
        elif name == "PRODUCT_ORDER_DETAILS":
            for one in part:
                if one.tag in ORDER and _text(one):
                    cells.setdefault(one.tag, _text(one))
        elif name == "PRODUCT_FEATURES":
            _features(part, language, cells)
        elif name == "PRODUCT_PRICE_DETAILS":
            _prices(part, cells)
        elif name in ("MIME_INFO", "USER_DEFINED_EXTENSIONS"):
            _further(part, cells)
    return cells


def _text(element: Element | None) -> str:
    return "" if element is None else (element.text or "").strip()[:LONGEST]


def _details(part: Element, language: str, cells: dict[str, str]) -> None:
    keywords = []
    for one in part:
        text = _text(one)
        if not text:
            continue
        if one.tag in TEXTS:
            cells.setdefault(_in_language(one.tag, one, language), text)
        elif one.tag == "KEYWORD":
            keywords.append(text)
        elif one.tag in DETAILS:
            cells.setdefault(DETAILS[one.tag], text)
        elif one.tag in ("SPECIAL_TREATMENT_CLASS", "PRODUCT_STATUS", "ARTICLE_STATUS"):
            cells.setdefault(one.tag.replace("ARTICLE", "PRODUCT"), text)
    if keywords:
        cells["KEYWORD"] = " | ".join(keywords)


def _in_language(name: str, element: Element, language: str) -> str:
    own = (element.get("lang") or "").strip().lower()
    return name if not own or own == language else f"{name}@{own}"


def _features(part: Element, language: str, cells: dict[str, str]) -> None:
    system = _text(part.find("REFERENCE_FEATURE_SYSTEM_NAME"))
    group = _text(part.find("REFERENCE_FEATURE_GROUP_ID"))
    if group and any(known in system.casefold() for known in SHARED_SYSTEMS):
        cells.setdefault("REFERENCE_FEATURE_GROUP_ID", f"{system} {group}")
    if system == OWN_FEATURES:
        for feature in part.iter("FEATURE"):
            cells[f"attribute:{_text(feature.find('FT_IDREF'))}"] = _text(feature.find("FVALUE"))
        return
    lines = [cells["FEATURES"]] if "FEATURES" in cells else []
    for name, value, unit in _values(part, language):
        lines.append(spec_line(name, value, unit))
    if lines:
        cells["FEATURES"] = "\n".join(lines)


def _values(part: Element, language: str) -> Iterator[tuple[str, str, str]]:
    """(name, value, unit) of each feature that has a value; headings of nested features have none."""
    for feature in part.iter("FEATURE"):
        name = _text(feature.find("FNAME")) or _text(feature.find("FTEMPLATE/FT_NAME"))
        values = [
            _text(one)
            for one in feature.findall("FVALUE")
            if not one.get("lang") or one.get("lang", "").lower() == language
        ]
        value = ", ".join(one for one in values if one)
        details = _text(feature.find("FVALUE_DETAILS"))
        if not value and details != name:
            value = details
        if name and value:
            yield name, value, _text(feature.find("FUNIT"))


def _prices(part: Element, cells: dict[str, str]) -> None:
    """Columns ``PRICE net_list`` and, from a larger quantity on, ``PRICE net_list from 10``."""
    for price in part:
        if price.tag not in ("ARTICLE_PRICE", "PRODUCT_PRICE"):
            continue
        kind = (price.get("price_type") or "other").strip()
        least = decimal_of(_text(price.find("LOWER_BOUND")).replace(",", ".")) or Decimal(1)
        amount = _text(price.find("PRICE_AMOUNT"))
        name = f"PRICE {kind}" if least <= 1 else f"PRICE {kind} from {least.normalize():f}"
        if amount:
            cells.setdefault(name, amount)
        for further in ("PRICE_CURRENCY", "TAX"):
            if _text(price.find(further)):
                cells.setdefault(further, _text(price.find(further)))


def _further(part: Element, cells: dict[str, str]) -> None:
    if part.tag == "MIME_INFO":
        pictures = [
            _text(one.find("MIME_SOURCE"))
            for one in part.iter("MIME")
            if _text(one.find("MIME_TYPE")).lower().startswith("image") or not _text(one.find("MIME_TYPE"))
        ]
        if any(pictures):
            cells["MIME_SOURCE"] = " | ".join(one for one in pictures if one)
        return
    for one in part.iter():
        if one is not part and not len(one) and _text(one):
            cells.setdefault(one.tag, _text(one))
