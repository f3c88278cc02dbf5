"""The two columns that stand before the others in a file of wrong rows: repaired, it is read without them."""

from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

MOST_COLUMNS_KEPT = 400
"""How many columns of a file are shown, and repeated in its report."""


def report_columns() -> list[str]:
    """Their headings in the reader's language."""
    return [_("Line in the file"), _("Why it was not imported")]


@cache
def report_columns_in_any_language() -> frozenset[str]:
    """Who repairs the file may read another language than who got it."""
    found: set[str] = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= set(report_columns())
    return frozenset(found)
