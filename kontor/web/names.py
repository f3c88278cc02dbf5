"""Countries and roles by name in the reader's language."""

from collections.abc import Iterable

from kontor.companies.roles import ROLES
from kontor.web.numbers import active_locale


def country_name(code: str) -> str:
    """The country's name, or the code when nobody knows it."""
    return str(active_locale().territories.get(code, code))


def role_names(roles: Iterable[str]) -> str:
    """Roles in words, in their usual order."""
    given = set(roles)
    return ", ".join(str(name) for role, name in ROLES.items() if role in given)
