"""The rates that come with Kontor, as tax administrations publish them. A change of law turns this red on purpose."""

import csv
from datetime import date
from decimal import Decimal
from importlib.resources import files

from kontor.companies.countries import EU
from kontor.taxes.operations import take_shipped_rates
from kontor.taxes.queries import rates_on
from tests.orders.trade import SYSTEM

AS_OF = date(2026, 11, 22)
ORDER = ("standard", "reduced", "reduced_2", "zero")
# Compared in November 2026 with the Taxes in Europe Database as republished on 2026-09-29 (eu-vat-rates-data), HMRC, the
# Swiss and the Norwegian tax administrations.
EXPECTED = {
    "AT": "20 10 13", "BE": "21 6 12", "BG": "20 9", "CH": "8.1 2.6 3.8", "CY": "19 5 9", "CZ": "21 12",
    "DE": "19 7 - 0", "DK": "25", "EE": "24 9 13", "ES": "21 10 4", "FI": "25.5 13.5 10", "FR": "20 10 5.5",
    "GB": "20 5 - 0", "GR": "24 13 6", "HR": "25 13 5", "HU": "27 18 5", "IE": "23 13.5 9 0", "IT": "22 10 4",
    "LT": "21 12 5", "LU": "17 8 3", "LV": "21 12 5", "MT": "18 7 5 0", "NL": "21 9", "NO": "25 15 12",
    "PL": "23 8 5", "PT": "23 13 6", "RO": "21 11", "SE": "25 12 6", "SI": "22 9.5 5", "SK": "23 19 5",
}  # fmt: skip
REGIONS = {
    **dict.fromkeys(("90", "91", "92", "93", "94"), "22 12 4"),  # Madeira
    **dict.fromkeys(("95", "96", "97", "98", "99"), "16 9 4"),  # the Azores
    **dict.fromkeys(("6691", "6991", "6992", "6993"), "19"),  # Jungholz, Mittelberg
}


def written(rates):
    told = [f"{Decimal(rates[one]).normalize():f}" if one in rates else "-" for one in ORDER]
    return " ".join(told).rstrip(" -")


def test_the_shipped_rates_are_those_in_force(db):
    take_shipped_rates(actor=SYSTEM)
    assert {country: written(rates_on(country=country, day=AS_OF)) for country in EXPECTED} == EXPECTED
    assert set(EXPECTED) == EU | {"GB", "CH", "NO"}


def test_regions_have_their_own():
    found = {}
    text = (files("kontor.taxes") / "data" / "rates.csv").read_text()
    for row in sorted(csv.DictReader(text.splitlines()), key=lambda one: one["valid_from"]):
        if row["postal_prefix"]:
            found.setdefault(row["postal_prefix"], {})[row["category"]] = row["rate"]
    assert {prefix: written(rates) for prefix, rates in found.items()} == REGIONS
