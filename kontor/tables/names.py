"""Names of columns, made comparable. Pure."""

import re
import unicodedata


def folded(name: str) -> str:
    """A column name for comparing.

    >>> folded("Hersteller-Artikelnr."), folded("Größe (mm)"), folded("articleId")
    ('hersteller_artikelnr', 'groesse_mm', 'articleid')
    """
    name = name.casefold()
    for letter, two in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        name = name.replace(letter, two)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9@]+", "_", plain).strip("_")
