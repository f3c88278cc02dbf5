from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.companies.models import Company
from kontor.inventory.models import StockItem, Warehouse
from kontor.inventory.permissions import MOVE_STOCK
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseFacts:
    """A warehouse as a form gives it; `country` is ISO 3166 alpha-2, the lowest position is asked first."""

    code: str
    name: str
    country: str
    city: str = ""
    position: int = 0


@transaction.atomic
def save_warehouse(
    *, actor: Actor, facts: WarehouseFacts, warehouse: Warehouse | None = None, seller: Company | None = None
) -> Warehouse:
    """Open a warehouse of the actor's company (the system names the seller), or change one.

    Raises Refused: ``incomplete`` at the fields, ``code_taken`` at ``code``.
    """
    require(actor, MOVE_STOCK)
    if warehouse is None:
        warehouse = Warehouse(seller_id=selling_company_id(actor, seller))
    else:
        require_own(actor, warehouse.seller_id)
    missing = {name: _("This is needed.") for name in ("code", "name") if not getattr(facts, name).strip()}
    if len(facts.country) != 2 or not facts.country.isalpha():
        missing["country"] = _("Choose a country.")
    if missing:
        raise Refused("incomplete", _("The warehouse was not saved. Fill in the marked fields."), missing)
    for name in ("code", "name", "country", "city", "position"):
        setattr(warehouse, name, getattr(facts, name))
    try:
        with transaction.atomic():
            warehouse.save()
    except IntegrityError:
        message = _("Another of your warehouses has this code.")
        raise Refused("code_taken", message, {"code": message}) from None
    record(actor, "inventory.warehouse_saved", ("warehouse", warehouse.pk), changes={"code": warehouse.code})
    return warehouse


@transaction.atomic
def set_bin(*, actor: Actor, stock_item: StockItem, bin: str) -> StockItem:
    """Say where in its warehouse an item lies, up to 20 characters."""
    require(actor, MOVE_STOCK)
    require_own(actor, stock_item.warehouse.seller_id)
    if len(bin) > 20:
        message = _("A bin has at most 20 characters.")
        raise Refused("too_long", message, {"bin": message})
    StockItem.objects.filter(pk=stock_item.pk).update(bin=bin.strip())
    stock_item.bin = bin.strip()
    return stock_item
