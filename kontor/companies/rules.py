"""What is decided about companies and their people without a database."""

import re
import unicodedata
from collections.abc import Collection, Iterable

from stdnum import bic, get_cc_module, iban
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError

from kontor.companies.countries import EU, vat_prefix

ADMIN_ROLES = frozenset({"admin", "seller_admin", "operator"})
"""Who holds one of these looks after the people of the company; each company with people keeps one."""

ACCOUNT_MOVES: dict[str, frozenset[str]] = {
    "requested": frozenset({"active", "declined"}),
    "declined": frozenset({"requested", "active"}),
    "active": frozenset({"blocked"}),
    "blocked": frozenset({"active"}),
}
"""From which status a customer account may go to which."""

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
)
_SEPARATORS = re.compile(r"[\s.\-/_\u00a0\u2010-\u2015]+")
SLUG_LENGTH = 70


def slug_of(name: str) -> str:
    """A name as a part of an address, up to 70 characters; "company" when nothing Latin is left.

    >>> slug_of("Müller & Söhne Großhandel GmbH"), slug_of("株式会社")
    ('muller-sohne-grosshandel-gmbh', 'company')
    """
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:SLUG_LENGTH].strip("-") or "company"


def free_slug(wanted: str, taken: Collection[str]) -> str:
    """The wanted slug, or the first of ``wanted-2``, ``wanted-3`` … that nobody has.

    >>> free_slug("acme", {"acme", "acme-2"})
    'acme-3'
    """
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def vat_id_of(entered: str, country: str) -> str | None:
    """A tax id as it is stored (country prefix, no separators), or None when its form or check digit is wrong.

    In the Union it must be a well-formed VAT id of any member state; the prefix of `country` may be left out.
    Elsewhere the country's own form is checked where it is known, and otherwise only length and characters.

    >>> vat_id_of("DE 136 695 976", "DE"), vat_id_of("136695976", "DE"), vat_id_of("136695977", "DE")
    ('DE136695976', 'DE136695976', None)
    >>> vat_id_of("CHE-100.155.212 MWST", "CH"), vat_id_of("094259216", "GR")
    ('CHE100155212', 'EL094259216')
    """
    if not entered.isascii() or not re.search("[1-9]", entered):
        return None
    compact = _SEPARATORS.sub("", entered).upper()
    if country in EU:
        return _eu_vat_id(compact) or _eu_vat_id(vat_prefix(country) + compact)
    return _eu_vat_id(compact) or _other_vat_id(compact, country)


def _eu_vat_id(compact: str) -> str | None:
    if compact.startswith("GR"):
        compact = f"EL{compact[2:]}"
    return compact if len(compact) <= 20 and eu_vat.is_valid(compact) else None


def _other_vat_id(compact: str, country: str) -> str | None:
    module = get_cc_module(country.lower(), "vat")
    if module is not None:
        try:
            number = str(module.validate(compact))
        except ValidationError:
            return None
        number = _SEPARATORS.sub("", number).upper()
        number = (
            number.removesuffix("MWST").removesuffix("TVA").removesuffix("IVA") if country == "CH" else number
        )
        return number if number.startswith(country) else f"{country}{number}"
    return compact if re.fullmatch(r"[A-Z0-9]{4,20}", compact) else None


def iban_of(entered: str) -> str | None:
    """An IBAN without spaces, or None when it is not one.

    >>> iban_of("DE89 3704 0044 0532 0130 00"), iban_of("DE89370400440532013001")
    ('DE89370400440532013000', None)
    """
    try:
        return str(iban.validate(entered)) if entered.isascii() else None
    except ValidationError:
        return None


def bic_of(entered: str) -> str | None:
    """A BIC in capitals, or None when it is not one.

    >>> bic_of("cobadeffxxx"), bic_of("COBA")
    ('COBADEFFXXX', None)
    """
    try:
        return str(bic.validate(entered)) if entered.isascii() else None
    except ValidationError:
        return None


def can_administer(roles: Iterable[str]) -> bool:
    """Whether one of these roles looks after the company's people."""
    return not ADMIN_ROLES.isdisjoint(roles)


def may_move(status: str, to: str) -> bool:
    """Whether a customer account in `status` may become `to`."""
    return to in ACCOUNT_MOVES.get(status, frozenset())
