"""Pictures and documents of a product as its page shows them: in the reader's language, the others behind a fold."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _

from kontor.catalog.models import Medium
from kontor.goods.rules import for_reader
from kontor.search.queries.product import Document, read_media
from kontor.web.dates import date_text
from kontor.web.numbers import number
from kontor.web.pictures import picture_address


@dataclass(frozen=True, slots=True)
class Media:
    """`papers` and `others` are for `ui.documents`."""

    pictures: list[Document]
    papers: list[dict[str, Any]]
    others: list[dict[str, Any]]


def media_of(media: str | None, language: str) -> Media:
    """What a reader of this language is shown of what the database knows of (`discovery.product_page.Known.media`)."""
    known, documents = read_media(media)
    pictures, _others = for_reader(known, language)
    kept = [one for one in documents if one.file or one.url]
    papers, others = for_reader(kept, language)
    return Media(pictures, [_paper(one) for one in papers], [_paper(one) for one in others])


def _paper(one: Document) -> dict[str, Any]:
    facts = [str(Medium.Kind(one.kind).label)]
    if one.file:
        ending = "PDF" if one.media_type == "application/pdf" else one.media_type.rpartition("/")[2].upper()
        facts.append(f"{ending}, {number(max(one.byte_size // 1000, 1))} kB")
    if one.language:
        facts.append(LANG_INFO.get(one.language, {}).get("name_local", one.language))
    if one.valid_until:
        facts.append(_("valid until %(day)s") % {"day": date_text(date.fromisoformat(one.valid_until))})
    address = one.url or picture_address(one.file)
    return {"label": one.title, "url": address, "detail": " · ".join(facts)}
