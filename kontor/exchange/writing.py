"""A judged batch into the database: products, then prices and stock of them; or only what it would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from kontor.catalog.models import Product
from kontor.exchange.bulk.products import ProductRow, products_differ, write_products
from kontor.exchange.bulk.stock import (
    StockTuple,
    add_stock,
    set_stock_aside,
    stage_stock,
    stock_differs,
    too_low,
    write_set_aside,
    write_stock,
)
from kontor.exchange.drafts import Draft
from kontor.exchange.models import ImportRun
from kontor.exchange.plan import Plan
from kontor.exchange.report import Counts
from kontor.exchange.surroundings import Known
from kontor.goods.units import counted
from kontor.inventory.models import Warehouse
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.pricing.bulk.plain import PriceTuple, prices_differ, write_prices
from kontor.pricing.models import PriceList

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('exchange_import', %s))"
Good = tuple[Draft, ProductRow | None]


class NothingKept(Exception):
    """Rolls everything back: it was a check, or a row is wrong and all were wanted."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where prices and stock go."""

    price_list: int | None = None
    currency: str = ""
    warehouse: int | None = None


def one_import_at_a_time(seller_id: int) -> None:
    """Imports of one seller wait for each other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [seller_id])


def places_of(seller_id: int, plan: Plan) -> Places:
    """Raises Refused at ``price_list`` or ``warehouse`` for one that is not there."""
    price_list = warehouse = None
    if "price" in plan.groups:
        price_list = PriceList.objects.filter(seller_id=seller_id, code=plan.price_list).first()
        if price_list is None:
            message = _("Choose the price list for the prices.")
            raise Refused("incomplete", message, {"price_list": message})
    if "stock" in plan.groups:
        warehouse = Warehouse.objects.filter(seller_id=seller_id, code=plan.warehouse).first()
        if warehouse is None:
            message = _("Choose the warehouse for the stock.")
            raise Refused("incomplete", message, {"warehouse": message})
    return Places(
        price_list.pk if price_list else None,
        price_list.currency if price_list else "",
        warehouse.pk if warehouse else None,
    )


@dataclass(slots=True)
class Writer:
    """Writes the batches of one run, or with `check` only compares them: that locks nothing.

    Orders wait for stock that is locked. So with `at_once`, all batches in one transaction, what they change of it is
    set aside and written by `finish`, in the order of ids over the whole file; otherwise each batch is written whole.
    """

    actor: Actor
    run: ImportRun
    places: Places
    counts: Counts
    check: bool
    at_once: bool

    def write(self, good: Sequence[Good], there: Mapping[str, Known]) -> list[Good]:
        """The rows that went in. One that the stock refuses gets its problem and keeps the rest out with it."""
        low = self._too_low(good, there)
        taken = [one for one in good if one[0].sku not in low]
        for draft, _row in good:
            if draft.sku in low:
                sentence = _("%(quantity)s are reserved for orders. Release or cancel some of them first.")
                draft.problems.append(("", sentence % {"quantity": low[draft.sku]}))
        ids = {sku: known.id for sku, known in there.items()}
        self._products([row for _draft, row in taken if row is not None], ids)
        new = [one for one in taken if one[0].sku not in there]
        if self.places.price_list is not None:
            self._prices(self.places.price_list, taken, ids)
        if self.places.warehouse is not None:
            self._stock(self.places.warehouse, new, ids, [there[sku].id for sku in low])
        return taken

    def finish(self) -> None:
        """Write what was set aside. Raises Refused when too much of it was reserved since."""
        if self.places.warehouse is None or self.check or not self.at_once:
            return
        low = write_set_aside(self.actor, self.places.warehouse, **self._why())
        if low:
            named = Product.objects.filter(pk__in=low[:5]).order_by("sku").values_list("sku", flat=True)
            sentence = _("Of %(skus)s more was reserved for orders meanwhile. Check the file again.")
            raise Refused("below_reserved", sentence % {"skus": ", ".join(named)})

    def _products(self, rows: Sequence[ProductRow], ids: dict[str, int]) -> None:
        if not rows:
            return
        if self.check:
            new = sum(row.product_id is None for row in rows)
            changed = len(products_differ(self.run.seller_id, rows))
        else:
            written = write_products(self.actor, self.run.seller_id, rows)
            ids |= {row.sku: row.product_id for row in rows if row.product_id is not None}
            new, changed = len(written.new), len(written.changed)
        self.counts.new += new
        self.counts.changed += changed
        self.counts.unchanged += len(rows) - new - changed

    def _prices(self, price_list: int, taken: Sequence[Good], ids: Mapping[str, int]) -> None:
        rows: list[PriceTuple] = [
            (ids[draft.sku], least, amount, draft.price_base)
            for draft, _row in taken
            if draft.sku in ids
            for least, amount in draft.prices.items()
        ]
        if self.check:
            of_new = sum(len(draft.prices) for draft, _row in taken if draft.sku not in ids)
            self.counts.prices += prices_differ(price_list, rows) + of_new
        else:
            self.counts.prices += write_prices(price_list, rows)

    def _stock(self, warehouse: int, new: Sequence[Good], ids: Mapping[str, int], low: Sequence[int]) -> None:
        if self.check:
            of_new = sum(bool(draft.stock) for draft, _row in new)
            self.counts.stock += stock_differs(warehouse) + of_new
            return
        add_stock(_figures(new, ids), without=low)
        if self.at_once:
            self.counts.stock += set_stock_aside(warehouse)
        else:
            self.counts.stock += write_stock(self.actor, warehouse, **self._why())

    def _too_low(self, good: Sequence[Good], there: Mapping[str, Known]) -> dict[str, str]:
        """Of rows that would take away what is promised: how much is, by SKU."""
        if self.places.warehouse is None:
            return {}
        ids = {sku: known.id for sku, known in there.items()}
        stage_stock(_figures([one for one in good if one[0].sku in there], ids))
        reserved = too_low(self.places.warehouse, holds=not self.check and not self.at_once)
        return {
            sku: counted(reserved[known.id], known.base_unit)
            for sku, known in (there.items() if reserved else ())
            if known.id in reserved
        }

    def _why(self) -> dict[str, str]:
        """What stock movements say."""
        reason = _("Import of %(file)s") % {"file": self.run.file_name[:120]}
        return {"reference": f"import:{self.run.pk}", "reason": reason}


def _figures(rows: Sequence[Good], ids: Mapping[str, int]) -> list[StockTuple]:
    return [
        (ids[draft.sku], draft.stock, draft.bin)
        for draft, _row in rows
        if draft.stock is not None or draft.bin is not None
    ]
