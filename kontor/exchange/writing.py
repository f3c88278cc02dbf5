"""A judged batch into the database: products, then prices and stock of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from kontor.exchange.bulk.prices import PriceTuple, write_prices
from kontor.exchange.bulk.products import ProductRow, write_products
from kontor.exchange.bulk.stock import StockTuple, hold_stock, write_stock
from kontor.exchange.drafts import Draft
from kontor.exchange.models import ImportRun
from kontor.exchange.plan import Plan
from kontor.exchange.report import Counts
from kontor.exchange.surroundings import Known
from kontor.goods.units import counted
from kontor.inventory.models import Warehouse
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.pricing.models import PriceList

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('exchange_import', %s))"
Good = tuple[Draft, ProductRow | None]


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


def write_batch(
    actor: Actor,
    run: ImportRun,
    places: Places,
    good: Sequence[Good],
    there: Mapping[str, Known],
    counts: Counts,
) -> list[Good]:
    """Write it; the rows that went in. A row that the stock refuses gets its problem and keeps the rest out with it."""
    low = _too_low(places, good, there)
    taken = [one for one in good if one[0].sku not in low]
    for draft, _row in good:
        if draft.sku in low:
            sentence = _("%(quantity)s are reserved for orders. Release or cancel some of them first.")
            draft.problems.append(("", sentence % {"quantity": low[draft.sku]}))
    ids = {sku: known.id for sku, known in there.items()}
    rows = [row for _draft, row in taken if row is not None]
    if rows:
        written = write_products(actor, run.seller_id, rows)
        ids |= {row.sku: row.product_id for row in rows if row.product_id is not None}
        counts.new += len(written.new)
        counts.changed += len(written.changed)
        counts.unchanged += len(rows) - len(written.new) - len(written.changed)
    if places.price_list is not None:
        counts.prices += write_prices(places.price_list, _prices(taken, ids))
    if places.warehouse is not None:
        reference, reason = f"import:{run.pk}", _("Import of %(file)s") % {"file": run.file_name[:120]}
        counts.stock += write_stock(
            actor, places.warehouse, _stock(taken, ids), reference=reference, reason=reason
        )
    return taken


def _prices(taken: Sequence[Good], ids: Mapping[str, int]) -> list[PriceTuple]:
    return [
        (ids[draft.sku], least, amount, draft.price_base)
        for draft, _row in taken
        for least, amount in draft.prices.items()
    ]


def _stock(taken: Sequence[Good], ids: Mapping[str, int]) -> list[StockTuple]:
    return [
        (ids[draft.sku], draft.stock, draft.bin)
        for draft, _row in taken
        if draft.stock is not None or draft.bin is not None
    ]


def _too_low(places: Places, good: Sequence[Good], there: Mapping[str, Known]) -> dict[str, str]:
    """Of rows that would take away what is promised: how much is, by SKU. Locks what has reservations."""
    if places.warehouse is None:
        return {}
    wanted = {
        there[draft.sku].id: draft for draft, _row in good if draft.stock is not None and draft.sku in there
    }
    reserved = hold_stock(
        places.warehouse, {pk: draft.stock for pk, draft in wanted.items() if draft.stock is not None}
    )
    return {wanted[pk].sku: counted(held, there[wanted[pk].sku].base_unit) for pk, held in reserved.items()}
