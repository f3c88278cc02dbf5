"""Countries and roles by name in the reader's language."""

from collections.abc import Iterable
from functools import lru_cache

from babel import Locale

from kontor.companies.countries import COUNTRIES
from kontor.companies.roles import ROLES
from kontor.web.numbers import active_locale


def country_name(code: str) -> str:
    """The country's name, or the code when nobody knows it."""
    return str(active_locale().territories.get(code, code))


@lru_cache(maxsize=32)
def _countries(locale: Locale) -> tuple[tuple[str, str], ...]:
    named = [(code, str(locale.territories.get(code, code))) for code in COUNTRIES]
    return tuple(sorted(named, key=lambda one: one[1].casefold()))


def countries() -> list[tuple[str, str]]:
    """All countries by name, for forms."""
    return list(_countries(active_locale()))


def role_names(roles: Iterable[str]) -> str:
    """Roles in words, in their usual order."""
    given = set(roles)
    return ", ".join(str(name) for role, name in ROLES.items() if role in given)
