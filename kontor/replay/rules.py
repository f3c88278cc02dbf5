"""How the file is to be understood. Pure."""

import re
from zoneinfo import ZoneInfo

# The file's times are those of the wholesaler's clock.
ZONE = ZoneInfo("Europe/London")
MONTH_OF = "date_trunc('month', {moment} AT TIME ZONE 'Europe/London')::date"

GOODS = re.compile(r"^(\d{5}|DCGS|SP1002)", re.IGNORECASE)

# The file names countries; ISO 3166-1 names codes. What is no country is traded as the seller's own.
COUNTRIES = {
    "Australia": "AU", "Austria": "AT", "Bahrain": "BH", "Belgium": "BE", "Brazil": "BR", "Canada": "CA",
    "Channel Islands": "JE", "Cyprus": "CY", "Czech Republic": "CZ", "Denmark": "DK", "EIRE": "IE",
    "European Community": "BE", "Finland": "FI", "France": "FR", "Germany": "DE", "Greece": "GR", "Hong Kong": "HK",
    "Iceland": "IS", "Israel": "IL", "Italy": "IT", "Japan": "JP", "Lebanon": "LB", "Lithuania": "LT", "Malta": "MT",
    "Netherlands": "NL", "Norway": "NO", "Poland": "PL", "Portugal": "PT", "RSA": "ZA", "Saudi Arabia": "SA",
    "Singapore": "SG", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH", "USA": "US",
    "United Arab Emirates": "AE", "United Kingdom": "GB", "Unspecified": "GB",
}  # fmt: skip


def sku_of(stock_code: str) -> str:
    """Stock codes differ in letter case only by accident: 85123a is 85123A.

    >>> sku_of("85123a "), sku_of("gift_0001_20")
    ('85123A', 'GIFT_0001_20')
    """
    return stock_code.strip().upper()


def is_goods(stock_code: str) -> bool:
    """Goods have a five-digit code or a house code; postage, fees, discounts and manual entries are services.

    >>> [is_goods(code) for code in ("85123A", "DCGS0003", "POST", "gift_0001_20", "M")]
    [True, True, False, False, False]
    """
    return GOODS.match(stock_code.strip()) is not None


def kind_of(invoice: str) -> str:
    """``cancellation`` (C…), ``adjustment`` (A…) or ``sale``."""
    return {"C": "cancellation", "A": "adjustment"}.get(invoice[:1], "sale")


def is_stock_correction(kind: str, quantity: int, price_is_zero: bool, has_customer: bool) -> bool:
    """Lines at no price and for nobody are counts: found goods (+) and losses (-). Only they are negative sales.

    >>> is_stock_correction("sale", -14, True, False), is_stock_correction("sale", 2, True, True)
    (True, False)
    """
    return kind == "sale" and price_is_zero and (quantity < 0 or not has_customer)
