"""What a product's page tells every reader alike, drawn once as long as the database says the same of the product."""

from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from kontor.catalog.queries.families import read_traits
from kontor.discovery.product_page import Known
from kontor.storefront.media import media_of
from kontor.storefront.specs import sections_of, trade_facts
from kontor.storefront.variants import matrix_for
from kontor.web.jinja import piece
from kontor.web.pages import jinja_env

KEPT = 400


class Told(NamedTuple):
    """Pieces of the page: pictures; description and variants; specifications and documents."""

    gallery: Markup
    text: Markup
    facts: Markup


@lru_cache(maxsize=KEPT)
def told_of(known: Known, language: str) -> Told:
    """The pieces in a language. Kept by what is known itself, so a change shows at once; and nothing else gets in."""
    traits, sheet = read_traits(known.traits), known.sheet
    values = {
        "product": known,
        "media": media_of(known.media, language),
        "matrix": matrix_for(known, traits, language),
        "sections": sections_of(sheet, traits),
        "trade": trade_facts(sheet),
    }
    names = ("gallery", "told", "specifications")
    return Told(*(piece(jinja_env(), f"storefront/catalog/{name}.html", values) for name in names))
