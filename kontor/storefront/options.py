"""What people choose from in forms: countries, time zones, languages, roles; by name in the reader's language."""

from functools import lru_cache
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext as _

from kontor.companies.roles import ROLES
from kontor.kernel.capabilities import declared

Options = list[tuple[str, str]]
PARTS_OF_THE_WORLD = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip


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
