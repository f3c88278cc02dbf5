"""What people type into forms about companies and themselves, cleaned; what is wrong is collected by field.

A field is named by its path (``address/street``), the same for a form, a JSON body and a row of a file.
"""

import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from kontor.companies.countries import COUNTRIES
from kontor.companies.models import User
from kontor.companies.rules import vat_id_of
from kontor.kernel.money import minor_units
from kontor.kernel.refusal import Refused

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_BREAK = re.compile(r"[\r\n\t\u2028\u2029]")
LARGEST_LIMIT = Decimal("999999999999")
PASSWORD_LENGTH = 256
"""Longer ones are refused before they are hashed, which would cost time."""


class Entries:
    """Cleans entries one by one and remembers what is wrong, so that a form is answered whole.

    Call `done()` before using the results: it raises Refused("invalid_entries") with all fields.
    """

    def __init__(self) -> None:
        self.problems: dict[str, str] = {}

    def wrong(self, field: str, message: str) -> None:
        """Note what is wrong; the first message at a field stays."""
        self.problems.setdefault(field, message)

    def done(self) -> None:
        """Raise Refused("invalid_entries") when anything was wrong."""
        if self.problems:
            raise Refused(
                "invalid_entries",
                _("Some entries are missing or not right. Correct the marked ones and send again."),
                self.problems,
            )

    def text(
        self, field: str, value: str, *, longest: int, required: bool = False, lines: bool = False
    ) -> str:
        """A text without blanks around it; `lines` allows line breaks."""
        cleaned = value.strip()
        if required and not cleaned:
            self.wrong(field, _("This is needed."))
        elif len(cleaned) > longest:
            self.wrong(
                field,
                _("At most %(longest)s characters fit here; these are %(given)s.")
                % {"longest": longest, "given": len(cleaned)},
            )
        elif _CONTROL.search(cleaned) or (not lines and _LINE_BREAK.search(cleaned)):
            self.wrong(field, _("This contains characters that cannot be kept. Type it anew."))
        return cleaned

    def email(self, field: str, value: str, *, required: bool = True) -> str:
        """An e-mail address in lower case."""
        address = self.text(field, value, longest=254, required=required).lower()
        if address and field not in self.problems:
            try:
                validate_email(address)
            except ValidationError:
                self.wrong(field, _("This is not an e-mail address. Write it like name@company.com."))
        return address

    def country(self, field: str, value: str) -> str:
        """An ISO 3166 code."""
        code = value.strip().upper()
        if code not in COUNTRIES:
            self.wrong(field, _("Choose a country from the list."))
        return code

    def currency(self, field: str, value: str) -> str:
        """An ISO 4217 code."""
        code = value.strip().upper()
        if code not in list_currencies():
            self.wrong(field, _("Choose a currency from the list."))
        return code

    def language(self, field: str, value: str) -> str:
        """One of the languages that pages exist in."""
        return self.choice(field, value, [code for code, _name in settings.LANGUAGES])

    def timezone(self, field: str, value: str) -> str:
        """A zone of the time zone database."""
        return self.choice(field, value, available_timezones())

    def choice(self, field: str, value: str, allowed: Collection[str]) -> str:
        """One of a few."""
        if value not in allowed:
            self.wrong(field, _("Choose one from the list."))
        return value

    def vat_id(self, field: str, value: str, country: str) -> str:
        """A tax id with its country prefix, or "" when none was given."""
        entered = self.text(field, value, longest=40)
        if not entered or field in self.problems:
            return ""
        vat_id = vat_id_of(entered, country)
        if vat_id is None:
            self.wrong(
                field,
                _(
                    "This VAT id is not right: its form or check digit does not fit. Compare it with your notice."
                ),
            )
        return vat_id or ""

    def password(self, field: str, value: str, user: User) -> None:
        """A password that is safe enough for this (unsaved) user."""
        if len(value) > PASSWORD_LENGTH:
            self.wrong(field, _("At most %(longest)s characters, please.") % {"longest": PASSWORD_LENGTH})
            return
        try:
            validate_password(value, user)
        except ValidationError as problem:
            self.wrong(field, " ".join(problem.messages))

    def limit(self, field: str, value: Decimal | None, currency: str) -> Decimal | None:
        """An amount up to which somebody may order, in whole minor units; None is no limit."""
        if value is None:
            return None
        try:
            fits = value.is_finite() and value == value.quantize(Decimal(1).scaleb(-minor_units(currency)))
        except InvalidOperation:
            fits = False
        if not fits or not 0 <= value <= LARGEST_LIMIT:
            self.wrong(field, _("Enter an amount of zero or more, or leave it empty for no limit."))
            return None
        return value
