"""Whether the codes that trade shares have their form: countries, customs, classes, packages, dangerous goods."""

import re

from django.utils.translation import gettext_lazy

from kontor.companies.countries import COUNTRIES

_CLASS_CODES = {
    "unspsc": (r"[0-9]{8}", gettext_lazy("A UNSPSC code has 8 digits.")),
    "etim": (r"EC[0-9]{6}", gettext_lazy("An ETIM class is EC and 6 digits, such as EC000001.")),
    "eclass": (
        r"[0-9]{8}|[0-9]{2}(?:-[0-9]{2}){3}",
        gettext_lazy("An ECLASS code has 8 digits, such as 27-06-01-01."),
    ),
}
_ANY = (r".{1,30}", gettext_lazy("A code has at most 30 characters."))


def is_country(code: str) -> bool:
    """Whether this is a country by ISO 3166-1 alpha-2.

    >>> is_country("DE"), is_country("XX")
    (True, False)
    """
    return len(code) == 2 and code in COUNTRIES


def customs_code_problem(code: str) -> bool:
    """Whether a customs code is wrong: HS has 6 digits, CN 8, TARIC 10, some countries 12.

    >>> customs_code_problem("731815"), customs_code_problem("7318.15"), customs_code_problem("")
    (False, True, False)
    """
    return bool(code) and not re.fullmatch(r"[0-9]{6}(?:[0-9]{2}){0,3}", code)


def un_number_problem(number: str) -> bool:
    """Whether a UN number of dangerous goods is wrong: it has four digits."""
    return bool(number) and not re.fullmatch(r"[0-9]{4}", number)


def is_package(code: str) -> bool:
    """Whether this has the form of a packaging code of UN/ECE Recommendation 21; empty is allowed."""
    return not code or bool(re.fullmatch(r"[A-Z0-9]{2}", code))


def class_code_problem(system: str, code: str) -> str:
    """Why a class code cannot be one of its system, or "".

    UNSPSC has 8 digits, ETIM ``EC`` and 6 digits, ECLASS 8 digits (also written 27-06-01-01).

    >>> class_code_problem("unspsc", "31161600"), class_code_problem("etim", "EC000001")
    ('', '')
    """
    pattern, sentence = _CLASS_CODES.get(system, _ANY)
    return "" if re.fullmatch(pattern, code) else str(sentence)
