from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from kontor.kernel.clock import read_moment
from kontor.pricing.bulk.prices import PRICE_COLUMNS

ROWS = """
SELECT p.sku, l.code, trim_scale(x.min_quantity)::text, trim_scale(x.amount)::text, trim_scale(x.price_base)::text,
    x.unit, x.valid_from, x.valid_until, l.currency, CASE WHEN l.is_graduated THEN 'true' ELSE 'false' END, y.timezone
FROM pricing_price x
JOIN pricing_price_list l ON l.id = x.price_list_id
JOIN companies_company y ON y.id = l.seller_id
JOIN catalog_product p ON p.id = x.product_id
WHERE l.seller_id = %(seller)s AND (%(list)s = '' OR l.code = %(list)s)
ORDER BY l.code, p.sku, x.min_quantity, x.unit, x.valid_from NULLS FIRST
"""
ON_REQUEST = "on request"


def price_cells(seller_id: int, price_list: str = "") -> Iterator[dict[str, str]]:
    """The prices of a seller's lists, or of one, in the columns of a file; moments in the seller's time zone."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(ROWS, {"seller": seller_id, "list": price_list})
        for sku, code, least, amount, base, unit, begins, ends, currency, graduated, timezone in cursor:
            zone = ZoneInfo(timezone)
            cells = (
                sku, code, least, ON_REQUEST if amount is None else amount, base, unit, moment_text(begins, zone),
                moment_text(ends, zone), currency, graduated,
            )  # fmt: skip
            yield dict(zip(PRICE_COLUMNS, cells, strict=True))


def moment_text(moment: datetime | None, zone: ZoneInfo) -> str:
    """To the minute in this zone; with offset and seconds where it would be read back as another moment.

    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> moment_text(datetime.fromisoformat("2026-10-25T00:30Z"), berlin)
    '2026-10-25 02:30'
    >>> moment_text(datetime.fromisoformat("2026-10-25T01:30Z"), berlin)
    '2026-10-25T02:30:00+01:00'
    """
    if moment is None:
        return ""
    local = moment.astimezone(zone)
    text = f"{local:%Y-%m-%d %H:%M}"
    return text if read_moment(text, zone) == moment else local.isoformat()
