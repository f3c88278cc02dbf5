"""Where goods go, as value added tax sees it: countries, their regions, and territories that count as others.

Source: Directive 2006/112/EC, Art. 5 to 7; Protocol on Ireland/Northern Ireland, Annex 3 (XI, for goods only).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kontor.companies.countries import EU

UNION = EU | {"XI"}
"""Where goods move inside the Union. XI is Northern Ireland; services there are the United Kingdom's."""
REGIONAL = frozenset({"US"})
"""Without a tax of the whole country: nobody owes any but where registered, state by state."""

# Outside of the VAT area of the state they belong to (Art. 6). Those with an ISO code of their own need no row.
_OUTSIDE = {
    "DE": ("27498", "78266"),  # Heligoland, Büsingen
    "ES": ("35", "38", "51", "52"),  # Canary Islands, Ceuta, Melilla
    "FI": ("22",),  # Åland
    "FR": ("971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"),  # overseas
    "GR": ("63086", "63087"),  # Mount Athos
    "IT": ("23041", "22061"),  # Livigno, Campione
}
SAME_AS = {"MC": "FR", "IM": "GB"}  # Art. 7: Monaco and the Isle of Man
_STATES = """
Alabama AL Alaska AK Arizona AZ Arkansas AR California CA Colorado CO Connecticut CT Delaware DE District-of-Columbia DC
Florida FL Georgia GA Hawaii HI Idaho ID Illinois IL Indiana IN Iowa IA Kansas KS Kentucky KY Louisiana LA Maine ME
Maryland MD Massachusetts MA Michigan MI Minnesota MN Mississippi MS Missouri MO Montana MT Nebraska NE Nevada NV
New-Hampshire NH New-Jersey NJ New-Mexico NM New-York NY North-Carolina NC North-Dakota ND Ohio OH Oklahoma OK Oregon OR
Pennsylvania PA Rhode-Island RI South-Carolina SC South-Dakota SD Tennessee TN Texas TX Utah UT Vermont VT Virginia VA
Washington WA West-Virginia WV Wisconsin WI Wyoming WY
""".upper().split()
_BY_NAME = {name.replace("-", " "): code for name, code in zip(_STATES[::2], _STATES[1::2], strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of supply. `country` is an ISO code or XI; `is_outside` says that it is no part of the VAT area."""

    country: str
    region: str = ""
    city: str = ""
    postal_code: str = ""
    is_outside: bool = False

    @property
    def in_union(self) -> bool:
        return self.country in UNION and not self.is_outside

    @property
    def tables(self) -> str:
        """Whose rates hold: goods in Northern Ireland are taxed by those of the United Kingdom."""
        return "GB" if self.country == "XI" else self.country

    @property
    def prefixes(self) -> list[str]:
        """What a rate's postal prefix may be, to hold here."""
        return [self.postal_code[:length] for length in range(len(self.postal_code) + 1)]

    def __str__(self) -> str:
        return f"{self.country}-{self.region}" if self.region else self.country


def place_of(address: Mapping[str, object], *, country: str = "") -> Place:
    """Where an address is; `country` counts when it names none.

    >>> str(place_of({"country": "GB", "postal_code": "BT1 5GS"})), str(place_of({"country": "MC"}))
    ('XI', 'FR')
    >>> place_of({"country": "ES", "postal_code": "35001"}).in_union
    False
    >>> str(place_of({"country": "US", "region": "Texas"}))
    'US-TX'
    """
    code = str(address.get("country") or country).upper()
    postal = "".join(str(address.get("postal_code") or "").upper().split())
    region = " ".join(str(address.get("region") or "").upper().split()).removeprefix(f"{code}-")
    if code == "US":
        region = _BY_NAME.get(region, region)
    if code == "GB" and postal.startswith("BT"):
        code = "XI"
    outside = postal.removeprefix(f"{code}-").startswith(_OUTSIDE.get(code, ()))
    return Place(
        country=SAME_AS.get(code, code),
        region=region[:16],
        city=str(address.get("city") or "").strip().upper()[:80],
        postal_code=postal[:16],
        is_outside=outside,
    )
