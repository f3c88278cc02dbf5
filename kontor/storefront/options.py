"""What people choose from in forms: countries, time zones, languages, roles; by name in the reader's language."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from django.conf import settings
from django.utils.translation import gettext as _

from kontor.companies.countries import COUNTRIES
from kontor.companies.roles import ROLES
from kontor.kernel.capabilities import declared
from kontor.web.numbers import active_locale

Options = list[tuple[str, str]]
PARTS_OF_THE_WORLD = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip


@lru_cache(maxsize=32)
def _countries(locale: Locale) -> tuple[tuple[str, str], ...]:
    named = [(code, str(locale.territories.get(code, code))) for code in COUNTRIES]
    return tuple(sorted(named, key=lambda one: one[1].casefold()))


def countries() -> Options:
    """All countries by name."""
    return list(_countries(active_locale()))


@lru_cache(maxsize=1)
def _zones() -> tuple[tuple[str, str], ...]:
    zones = [zone for zone in available_timezones() if zone.startswith(PARTS_OF_THE_WORLD)]
    return (("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in sorted(zones)))


def timezones() -> Options:
    """All time zones by part of the world and city."""
    return list(_zones())


def own_timezones() -> Options:
    """Time zones for a person, who may follow the company."""
    return [("", _("As the company")), *timezones()]


def languages() -> Options:
    """The languages that pages exist in, each by its own name."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def role_options(roles: list[str]) -> Options:
    """These roles as (value, name)."""
    return [(role, str(ROLES[role])) for role in roles]


def role_rights(roles: list[str]) -> list[tuple[str, str]]:
    """What each of these roles may do, as (name, sentence)."""
    rights = declared()
    return [
        (
            str(ROLES[role]),
            " · ".join(str(one.label) for one in rights if role in one.roles) or _("See everything"),
        )
        for role in roles
    ]
