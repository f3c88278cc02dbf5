"""Postcodes as tariffs name them: a code, the beginning of codes, or a range of either."""

import re

MOST_POSTCODES = 500
LONGEST = 10


def plain_code(text: str) -> str:
    """A postcode as it is compared: capitals and digits, without the sign of its country.

    >>> plain_code("d-27498"), plain_code("1012 ab"), plain_code("LV-1010")
    ('27498', '1012AB', '1010')
    """
    code = re.sub(r"^[A-Z]{1,3}-(?=\d)", "", text.strip().upper())
    return re.sub(r"[^A-Z0-9]", "", code)[:LONGEST]


def plain_range(text: str) -> str:
    """What was typed for a tariff as it is kept. Two codes of one length with a dash between them are a range, others
    one code that has a dash. Raises ValueError for what is no postcode.

    >>> plain_range("27498"), plain_range("25845 – 25849"), plain_range("18"), plain_range("1000-205")
    ('27498', '25845-25849', '18', '1000205')
    """
    first, _dash, last = (plain_code(part) for part in text.replace("–", "-").partition("-"))
    if last and len(first) == len(last):
        if first > last:
            raise ValueError(text)
        return f"{first}-{last}"
    code = plain_code(text)
    if not code:
        raise ValueError(text)
    return code
