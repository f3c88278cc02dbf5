"""The demo into an empty database."""

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count

from kontor.demo.agreements import agree_with_acme
from kontor.demo.bonuses import agree_on_a_bonus
from kontor.demo.charges import charge_for_more
from kontor.demo.history import DAYS, Historian, leave_open
from kontor.demo.kits import order_a_kit, put_kits_together
from kontor.demo.people import DemoAccount, actor_of, demo_accounts, newcomer, open_platform, welcome_buyers
from kontor.demo.prices import derive_prices
from kontor.demo.promotions import add_promotions
from kontor.demo.rounds import know_costs
from kontor.demo.shelves import stock_shelves
from kontor.demo.taxes import settle_taxes
from kontor.demo.workbench import add_workbench
from kontor.inventory.operations import WarehouseFacts, save_warehouse
from kontor.kernel import clock, events
from kontor.kernel.actors import Actor
from kontor.orders.models import OrderLine
from kontor.pricing.models import PriceList
from kontor.pricing.operations import PriceListFacts, save_price_list
from kontor.search.operations import note_popularity, rebuild_all

__all__ = ["DemoAccount", "demo_accounts", "load_demo"]

SEED = 20261122
LISTS = (
    ("public", "List prices", True, "1.00"),
    ("trade", "Trade customers", False, "0.92"),
    ("acme", "Agreement Acme", False, "0.86"),
    ("globex", "Agreement Globex", False, "0.88"),
)
Report = Callable[..., None]


def load_demo(report: Report) -> None:
    """Make a distributor, its goods, customers and 18 months of trade; `report(what, done, total)` says how far."""
    chance = random.Random(SEED)  # noqa: S311  # the same demo every time, nothing secret
    now = clock.now()
    start = now - timedelta(days=DAYS + 20)
    with clock.at(start), events.muted("notifications", "search"):
        seller = open_platform()
        admin = actor_of("stella@nordwerk.example")
        for position, (code, city) in enumerate((("HAM", "Hamburg"), ("KAS", "Kassel"))):
            save_warehouse(
                actor=admin,
                facts=WarehouseFacts(
                    code=code, name=f"{city} warehouse", city=city, country="DE", position=position
                ),
            )
        lists = _price_lists(admin)
        products = stock_shelves(
            actor=admin,
            seller=seller,
            lists=[(lists[code], Decimal(part)) for code, _name, _public, part in LISTS],
            chance=chance,
            report=report,
        )
        add_workbench(admin, [(lists[code], Decimal(part)) for code, _name, _public, part in LISTS])
        kits = put_kits_together(actor=admin, lists=list(lists.values()), products=products)
        accounts = welcome_buyers(seller, lists)
    settle_taxes(accounts)
    report("Search index")
    rebuild_all()
    historian = Historian(seller, accounts, products, chance)
    historian.live(now, report)
    note_popularity(dict(OrderLine.objects.values_list("product_id").annotate(Count("id"))))
    with clock.at(now - timedelta(days=2)):
        newcomer()
    leave_open(historian)
    order_a_kit(actor=admin, kits=kits, buyer=accounts[1].buyer)
    with events.muted("notifications"):
        agree_with_acme(actor=admin, account=accounts[0], price_list=lists["acme"])
    derive_prices(actor=admin, lists=lists, accounts=accounts, products=products)
    agree_on_a_bonus(actor=admin, account=accounts[0])
    charge_for_more(admin)
    add_promotions(admin)
    know_costs(admin=admin, sales=actor_of("sal@nordwerk.example"), public=lists["public"])
    with connection.cursor() as cursor:
        # The first visitor comes before PostgreSQL would do so by itself; plans made without statistics are slow ones.
        cursor.execute("ANALYZE")


def _price_lists(admin: Actor) -> dict[str, PriceList]:
    return {
        code: save_price_list(
            actor=admin, facts=PriceListFacts(code=code, name=name, currency="EUR", is_public=is_public)
        )
        for code, name, is_public, _part in LISTS
    }
