"""Addresses of pages by route name, remembered: a page has a dozen that are always the same."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page by its route name. Raises NoReverseMatch as Django's `reverse` does."""
    if kwargs:
        return reverse(name, args=args or None, kwargs=kwargs)
    return _kept(name, args, settings.ROOT_URLCONF)


@lru_cache(maxsize=5000)
def _kept(name: str, args: tuple[Any, ...], urlconf: str) -> str:
    return reverse(name, urlconf=urlconf, args=args or None)
