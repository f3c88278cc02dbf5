from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.staging import refresh_statistics, run
from kontor.pricing.bulk.judged import JUDGED, STAGE, FigureRows
from kontor.pricing.events import PricesChanged
from kontor.pricing.held import is_held
from kontor.pricing.operations import save_round
from kontor.pricing.permissions import EDIT_PRICES

PRICE_COLUMNS = {
    "sku": "text", "price_list": "text", "from_quantity": "numeric", "price": "numeric", "per": "numeric",
    "unit": "text", "valid_from": "timestamptz", "valid_until": "timestamptz", "currency": "text",
    "graduated": "boolean",
}  # fmt: skip
KEY = "product_id, price_list_id, min_quantity, unit, valid_from"
SAME = """k.product_id = t.product_id AND k.price_list_id = t.price_list_id AND k.min_quantity = t.min_quantity
    AND k.unit = t.unit AND k.valid_from IS NOT DISTINCT FROM t.valid_from"""
# One sort serves the search for rows that come twice and the order in which they are written.
JUDGE = f"""
CREATE TEMP TABLE {JUDGED} ON COMMIT DROP AS
WITH told AS (
    SELECT s.line, p.id AS product_id, l.id AS price_list_id, COALESCE(s.from_quantity, 1) AS min_quantity,
        COALESCE(s.unit, '') AS unit, s.price AS amount, s.per, s.valid_from, s.valid_until,
        CASE WHEN p.id IS NULL THEN 'sku' WHEN p.kind = 'model' THEN 'model' WHEN l.id IS NULL THEN 'price_list'
            WHEN s.currency <> l.currency THEN 'currency' WHEN s.graduated <> l.is_graduated THEN 'graduated'
            WHEN s.unit IS NOT NULL AND NOT EXISTS (
                SELECT FROM catalog_sales_unit u WHERE u.product_id = p.id AND u.unit = s.unit) THEN 'unit'
            WHEN s.valid_from IS NULL AND s.valid_until IS NOT NULL THEN 'valid_from'
            WHEN s.valid_until <= s.valid_from THEN 'valid_until'
            WHEN %(held)s AND s.valid_from IS NOT NULL THEN 'held' ELSE '' END AS problem
    FROM {STAGE} s
    LEFT JOIN catalog_product p ON p.seller_id = %(seller)s AND p.sku = s.sku
    LEFT JOIN pricing_price_list l ON l.seller_id = %(seller)s AND l.code = COALESCE(s.price_list, %(list)s)
)
SELECT t.line, t.product_id, t.price_list_id, t.min_quantity, t.unit, t.valid_from, t.amount, f.price_base,
    f.valid_until, k.id AS known,
    (k.amount, k.price_base, k.valid_until) IS DISTINCT FROM (t.amount, f.price_base, f.valid_until) AS differs,
    CASE WHEN t.problem = '' AND row_number() OVER same > 1 THEN 'twice' ELSE t.problem END AS problem,
    CASE WHEN row_number() OVER same > 1 THEN (first_value(t.line) OVER same)::text ELSE '' END AS about
FROM told t
LEFT JOIN pricing_price k ON {SAME}
CROSS JOIN LATERAL (SELECT
    COALESCE(t.per, CASE WHEN NOT %(per)s THEN k.price_base END, 1) AS price_base,
    CASE WHEN %(valid_until)s THEN t.valid_until ELSE k.valid_until END AS valid_until) AS f
WINDOW same AS (PARTITION BY t.product_id, t.price_list_id, t.min_quantity, t.unit, t.valid_from ORDER BY t.line)
"""
# What a good row of the file takes the place of is not compared; a row found wrong puts it back, so this is repeated.
OVERLAPS = f"""
WITH typed AS (
    SELECT line, {KEY}, valid_until FROM {JUDGED} WHERE valid_from IS NOT NULL AND problem = ''
), kept AS (
    SELECT 0 AS line, {KEY}, valid_until FROM pricing_price k
    WHERE valid_from IS NOT NULL AND (product_id, price_list_id) IN (SELECT product_id, price_list_id FROM typed)
        AND NOT EXISTS (SELECT FROM typed t WHERE {SAME})
), found AS (
    SELECT t.line, min(o.valid_from) AS begins
    FROM typed t JOIN (SELECT * FROM typed UNION ALL SELECT * FROM kept) AS o
        ON o.product_id = t.product_id AND o.price_list_id = t.price_list_id AND o.min_quantity = t.min_quantity
        AND o.unit = t.unit AND o.line < t.line
        AND tstzrange(o.valid_from, o.valid_until) && tstzrange(t.valid_from, t.valid_until)
    GROUP BY t.line
)
UPDATE {JUDGED} j SET problem = 'overlap', about = found.begins::text FROM found WHERE j.line = found.line
"""
WRITE = f"""
INSERT INTO pricing_price AS p ({KEY}, amount, price_base, valid_until)
SELECT {KEY}, amount, price_base, valid_until FROM {JUDGED} WHERE problem = '' AND differs ORDER BY {KEY}
ON CONFLICT ({KEY})
DO UPDATE SET amount = EXCLUDED.amount, price_base = EXCLUDED.price_base, valid_until = EXCLUDED.valid_until
"""
HOLD = f"""
INSERT INTO pricing_round_price
    (price_round_id, price_list_id, product_id, min_quantity, unit, amount, price_base, was, was_base)
SELECT %(round)s, j.price_list_id, j.product_id, j.min_quantity, j.unit, j.amount, j.price_base, k.amount, k.price_base
FROM {JUDGED} j LEFT JOIN pricing_price k ON k.id = j.known WHERE j.problem = '' AND j.differs
"""
BY_LIST = f"SELECT price_list_id, count(*) FROM {JUDGED} WHERE problem = '' AND differs GROUP BY 1 ORDER BY 1"


class PriceRows(FigureRows):
    """Prices of one seller's lists; `price_list` is the code of the list where no column names it.

    Where price changes are held for a second person, they become a price round instead.
    """

    columns = PRICE_COLUMNS

    def __init__(self, seller_id: int, price_list: str) -> None:
        self._seller_id, self._price_list = seller_id, price_list
        self._held = False

    def judge(self, actor: Actor, given: Collection[str]) -> None:
        require(actor, EDIT_PRICES)
        self._held = is_held(actor, self._seller_id)
        about: dict[str, Any] = {
            "seller": self._seller_id,
            "held": self._held,
            "list": "" if "price_list" in given else self._price_list,
            "per": "per" in given,
            "valid_until": "valid_until" in given,
        }
        refresh_statistics("pricing_price")
        run(f"ANALYZE {STAGE}", {})
        run(JUDGE, about)
        if "valid_from" in given:
            while run(OVERLAPS, {}):
                pass

    def write(self, actor: Actor, file_name: str) -> int:
        lists = _rows(BY_LIST)
        if self._held and lists:
            begun = save_round(actor=actor, name=file_name[:120], starts_at=None)
            count = run(HOLD, {"round": begun.pk})
            record(actor, "pricing.round_filled", ("price_round", begun.pk), changes={"rows": count})
            return begun.pk
        run(WRITE, {})
        for price_list, count in lists:
            record(actor, "pricing.prices_set", ("price_list", price_list), changes={"rows": count})
            publish(PricesChanged(price_list))
        return 0

    def sentence(self, problem: str, about: str) -> tuple[str, str]:
        match problem:
            case "price_list":
                return "price_list", _("You have no price list of this code.")
            case "currency":
                return "currency", _("The price list is in another currency.")
            case "graduated":
                return "graduated", _(
                    "The price list counts its quantities the other way. Change that on its page."
                )
            case "unit":
                return "unit", _("The article is not sold in this unit.")
            case "valid_from":
                return "valid_from", _("Say from when the price counts.")
            case "valid_until":
                return "valid_until", _("The price must end after it begins.")
            case "held":
                return "valid_from", _(
                    "A second person approves prices, and a price round has one beginning for all."
                )
            case "twice":
                return "", _("The same price stands in line %(line)s already.") % {"line": about}
        begin = date_format(localtime(datetime.fromisoformat(about)), "DATETIME_FORMAT")
        message = _(
            "Another price of this quantity counts from %(begin)s on. End one before the other begins."
        )
        return "valid_from", message % {"begin": begin}


def _rows(sql: str) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
