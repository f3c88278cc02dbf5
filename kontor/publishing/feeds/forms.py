"""Items of a feed as RSS 2.0 with the g: namespace, and as tab-separated text. Pure."""

import re
from dataclasses import dataclass
from html import escape

from kontor.publishing.feeds.goods import Detail
from kontor.publishing.feeds.items import Item, Value

NAMESPACE = "http://base.google.com/ns/1.0"
DETAIL = ("section_name", "attribute_name", "attribute_value")
COLUMNS = (
    "id", "title", "description", "link", "image_link", "additional_image_link", "availability", "price", "brand",
    "gtin", "mpn", "identifier_exists", "condition", "is_bundle", "item_group_id", "product_type", "product_detail",
    "shipping_weight", "unit_pricing_measure", "unit_pricing_base_measure", "multipack",
)  # fmt: skip
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Whose feed it is: title, address of the shop, language."""

    title: str
    link: str
    language: str


def rss_begin(channel: Channel) -> str:
    """Everything before the first item."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="{NAMESPACE}">\n<channel>\n'
    facts = {"title": channel.title, "link": channel.link, "description": channel.title}
    rest = "".join(f"<{name}>{_xml(text)}</{name}>\n" for name, text in facts.items())
    return f"{head}{rest}<language>{_xml(channel.language)}</language>\n"


def rss_item(item: Item) -> str:
    return f"<item>{''.join(_element(name, value) for name, value in item.values.items())}</item>\n"


RSS_END = "</channel>\n</rss>\n"


def tsv_begin() -> str:
    """The line of the attribute names."""
    return "\t".join(COLUMNS) + "\n"


def tsv_item(item: Item) -> str:
    """A line; what holds a tab, a line break or a quotation mark stands in quotation marks."""
    return "\t".join(_quoted(_cell(item.values.get(name, "")), '\t\n\r"') for name in COLUMNS) + "\n"


def _element(name: str, value: Value) -> str:
    if isinstance(value, str):
        return f"<g:{name}>{_xml(value)}</g:{name}>"
    return "".join(
        f"<g:{name}>{_xml(one) if isinstance(one, str) else _detail(one)}</g:{name}>" for one in value
    )


def _detail(detail: Detail) -> str:
    parts = zip(DETAIL, detail, strict=True)
    return "".join(f"<g:{name}>{_xml(text)}</g:{name}>" for name, text in parts if text)


def _xml(text: str) -> str:
    return escape(_NOT_XML.sub("", text), quote=False)


def _cell(value: Value) -> str:
    if isinstance(value, str):
        return value
    texts = [one if isinstance(one, str) else ":".join(_colons(part) for part in one) for one in value]
    return ",".join(_quoted(text, ',"') for text in texts)


def _colons(text: str) -> str:
    return text.replace("\\", "\\\\").replace(":", "\\:")


def _quoted(text: str, signs: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in signs) else text
