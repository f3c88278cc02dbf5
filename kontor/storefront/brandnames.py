"""Brands in addresses. A brand is a name on products, not a row; names that look alike in an address are one brand."""

from collections.abc import Iterable
from urllib.parse import quote

from django.utils.text import slugify


def brand_slug(name: str) -> str:
    """A brand as it stands in an address.

    >>> brand_slug("3M"), brand_slug("Würth & Söhne"), brand_slug("東芝"), brand_slug("+++")
    ('3m', 'wurth-sohne', '東芝', '2B2B2B')
    """
    return slugify(name) or slugify(name, allow_unicode=True) or quote(name, safe="").replace("%", "")


def brands_called(slug: str, names: Iterable[str]) -> tuple[str, ...]:
    """The brands that this address means, the one with most goods first when `names` come in that order."""
    return tuple(name for name in names if brand_slug(name) == slug)
