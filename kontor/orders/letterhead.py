"""What all business papers of a trade share: who writes, to whom, and how figures are written on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import override, to_locale

from kontor.companies.models import Address, Company
from kontor.goods.units import counted
from kontor.kernel.money import minor_units
from kontor.kernel.pdf import Sender
from kontor.taxes.rules import TaxTotal
from kontor.taxes.wording import components

FEWEST_PRICE_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes figures, days and addresses in one language. Use it inside `speaking`."""

    language: str

    @property
    def locale(self) -> Locale:
        # English without a region is written with the day before the month, which every English reader understands.
        return Locale.parse("en_GB" if self.language == "en" else to_locale(self.language))

    def amount(self, value: Decimal, currency: str) -> str:
        """An amount in the currency's own decimals, without the currency."""
        return self._number(value, minor_units(currency))

    def price(self, value: Decimal, currency: str) -> str:
        """A unit price with as many decimals as it has, at least the currency's."""
        has = len(f"{value:f}".partition(".")[2].rstrip("0"))
        return self._number(value, max(has, min(FEWEST_PRICE_DECIMALS, minor_units(currency))))

    def percent(self, rate: Decimal) -> str:
        return f"{self._number(rate, len(f'{rate:f}'.partition('.')[2].rstrip('0')))} %"

    def quantity(self, value: Decimal, unit: str) -> str:
        """A quantity with its unit in words."""
        return counted(value, unit)

    def kilograms(self, grams: int) -> str:
        return _("%(weight)s kg") % {"weight": self._number(Decimal(grams) / 1000, 1)}

    def day(self, value: date | datetime | None, zone: str = "UTC") -> str:
        """A day in words; a moment counts as the day that it was in that zone."""
        if value is None:
            return ""
        day = value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value
        return format_date(day, "long", locale=self.locale)

    def country(self, code: str) -> str:
        return str(self.locale.territories.get(code, code))

    def address(self, kept: Mapping[str, str], *, home: str = "") -> list[str]:
        """An address as kept on documents, line by line; the country only when it is not `home`."""
        place = f"{kept.get('postal_code', '')} {kept.get('city', '')}".strip()
        abroad = self.country(kept["country"]) if kept.get("country") and kept["country"] != home else ""
        names = ("recipient", "attention", "street", "street2")
        lines = [*(kept.get(name, "") for name in names), place, kept.get("region", ""), abroad]
        return [line for line in lines if line]

    def taxes(self, taxes: list[TaxTotal], currency: str, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
        """A line of the totals per rate: ``19 % VAT on 209.25``; of several authorities, what each one takes."""
        return [(self._tax(total, currency, facts), self.amount(total.tax, currency)) for total in taxes]

    def _tax(self, total: TaxTotal, currency: str, facts: Mapping[str, Any]) -> str:
        told = {"rate": self.percent(total.rate), "net": self.amount(total.net, currency)}
        parts = ", ".join(f"{name} {self.percent(rate)}" for name, rate in components(facts, total.rate))
        if not parts:
            return _("%(rate)s VAT on %(net)s") % told
        return _("%(rate)s tax on %(net)s (%(parts)s)") % (told | {"parts": parts})

    def beside(
        self,
        goods: Decimal,
        reductions: Sequence[tuple[str, Decimal]],
        costs: Sequence[tuple[str, Decimal]],
        currency: str,
    ) -> list[tuple[str, str]]:
        """Lines of the totals above the net: the goods, what is taken off and what is charged, by reason; none where
        there is neither."""
        if not reductions and not costs:
            return []
        return [
            (_("Goods"), self.amount(goods, currency)),
            *((reason, self.amount(-amount, currency)) for reason, amount in reductions),
            *((reason, self.amount(amount, currency)) for reason, amount in costs),
        ]

    def _number(self, value: Decimal, decimals: int) -> str:
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        return format_decimal(value, format=pattern, locale=self.locale)


speaking = override
"""Within it, texts and units are in the language of the paper."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """A company as the one who writes."""

    sender: Sender
    footer: list[list[str]]
    accent: str
    country: str
    zone: str


def letterhead_of(company: Company, write: Writer) -> Letterhead:
    """Name, address, registration and bank of a company. One query."""
    address = (
        Address.objects.filter(company=company, is_archived=False)
        .order_by("-is_billing", "-is_default_delivery", "pk")
        .first()
    )
    lines = write.address(address.as_dict(), home=company.country)[1:] if address else []
    identity = [
        _("VAT ID %(id)s") % {"id": company.vat_id} if company.vat_id else "",
        company.registration_number,
    ]
    bank = [company.bank_name, grouped_iban(company.bank_iban), company.bank_bic]
    return Letterhead(
        sender=Sender(
            name=str(company),
            lines=[*lines, *(one for one in (company.phone, company.website) if one)],
            return_line=" · ".join([company.legal_name, *lines]),
        ),
        footer=[
            column for column in ([company.legal_name, *lines], _filled(identity), _filled(bank)) if column
        ],
        accent=company.accent,
        country=company.country,
        zone=company.timezone,
    )


def grouped_iban(iban: str) -> str:
    """An IBAN in groups of four.

    >>> grouped_iban("DE02120300000000202051")
    'DE02 1203 0000 0000 2020 51'
    """
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def _filled(lines: list[str]) -> list[str]:
    return [line for line in lines if line]
