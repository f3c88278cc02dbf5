"""Before the first invoice: the wholesaler, its prices, its goods, its customers; and the goods receipts of each month.

The file says nothing of purchasing, so at the start of a month the warehouse receives what that month will need.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db import connection, transaction

from kontor.catalog.models import Category, Product
from kontor.catalog.operations import CategoryFacts, ProductFacts, save_category, save_product, set_status
from kontor.companies.models import Company, CustomerAccount, PaymentTerm, User
from kontor.companies.operations import (
    AddressFacts,
    Contact,
    Registration,
    accept_customer,
    open_store,
    register_company,
)
from kontor.inventory.models import Warehouse
from kontor.inventory.operations import Receipt, WarehouseFacts, receive_stock, save_warehouse
from kontor.kernel import clock, events
from kontor.kernel.actors import Actor, system_actor
from kontor.replay.models import Run
from kontor.replay.rules import COUNTRIES, MONTH_OF, ZONE, is_goods, sku_of
from kontor.taxes.models import TaxRate

COUNTER = "Counter sales"
SHELF = "giftware"
MUTED = ("notifications", "search")
"""Reactions that a replayed year must not set off: nobody wants a mail of 2011, and the index is built once."""

# The standard rate of the United Kingdom over the time of the file.
RATES = (("17.5", date(2010, 1, 1)), ("20", date(2011, 1, 4)))

GOODS = """
SELECT upper(trim(stock_code)), mode() WITHIN GROUP (ORDER BY description) FILTER (WHERE description <> '')
FROM replay_line WHERE run_id = %s GROUP BY 1 ORDER BY 1
"""
CUSTOMERS = """
SELECT customer, (array_agg(country ORDER BY line_number))[1], min(invoiced_at)
FROM replay_line WHERE run_id = %s GROUP BY 1 ORDER BY 1
"""
NEEDED = f"""
SELECT p.id, sum(abs(l.quantity)) FROM replay_line l
JOIN catalog_product p ON p.seller_id = %s AND p.sku = upper(trim(l.stock_code)) AND p.kind = 'goods'
WHERE l.run_id = %s AND l.outcome = '' AND {MONTH_OF.format(moment="l.invoiced_at")} = %s::date
  AND l.invoice NOT LIKE 'C%%' AND (l.quantity > 0 AND (l.unit_price > 0 OR l.customer <> '') OR l.quantity < 0)
GROUP BY 1 ORDER BY 1
"""
RECEIVED = "SELECT EXISTS (SELECT 1 FROM inventory_stock_movement WHERE kind = 'receipt' AND reference = %s)"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class House:
    """What every booking needs to know."""

    seller: Company
    warehouse: Warehouse
    products: dict[str, Product]
    accounts: dict[str, CustomerAccount]


def trader() -> Actor:
    """Who does everything in a replay."""
    return system_actor("Replay", door="import")


def open_house(run: Run, *, say: Say) -> None:
    """Set up seller, goods and customers; what stands already is left alone."""
    with events.muted(*MUTED), clock.at(_first_moment(run)):
        if run.seller_id is None:
            with transaction.atomic():
                run.seller = _seller(run)
                run.save(update_fields=["seller"])
            say("  The wholesaler is open")
        seller = seller_of(run)
        say(f"  {_goods(run, seller):,} new products")
        say(f"  {_customers(run, seller):,} new customers")


def seller_of(run: Run) -> Company:
    """The wholesaler of a run whose house is open."""
    if run.seller is None:
        raise RuntimeError("the house is opened before anything is traded")
    return run.seller


def house_of(run: Run) -> House:
    """The house as rows, loaded once per process."""
    seller = seller_of(run)
    accounts = CustomerAccount.objects.filter(seller=seller).select_related("buyer", "payment_term")
    return House(
        seller=seller,
        warehouse=Warehouse.objects.get(seller=seller),
        products={one.sku: one for one in Product.objects.filter(seller=seller)},
        accounts={one.buyer.registration_number: one for one in accounts},
    )


def receive_month(run: Run, month: date) -> None:
    """Book what the month will ship, once."""
    reference = f"purchase {month:%Y-%m} run {run.pk}"
    with connection.cursor() as cursor:
        cursor.execute(RECEIVED, [reference])
        if (cursor.fetchone() or (False,))[0]:
            return
        cursor.execute(NEEDED, [run.seller_id, run.pk, month])
        items = [
            Receipt(product_id=product, quantity=Decimal(quantity)) for product, quantity in cursor.fetchall()
        ]
    warehouse = Warehouse.objects.get(seller_id=run.seller_id)
    if items:
        with events.muted(*MUTED), clock.at(datetime.combine(month, time(), tzinfo=ZONE)):
            receive_stock(
                actor=trader(),
                warehouse=warehouse,
                items=items,
                reference=reference,
                reason="Goods for the month",
            )


def _first_moment(run: Run) -> datetime:
    first = run.lines.order_by("invoiced_at").values_list("invoiced_at", flat=True)[0]
    return first.astimezone(ZONE).replace(hour=0, minute=0, second=0)


def _seller(run: Run) -> Company:
    for rate, day in RATES:
        TaxRate.objects.get_or_create(
            country="GB", category="standard", valid_from=day, defaults={"rate": Decimal(rate)}
        )
    owner = User.objects.create_user(f"replay-{run.pk}@kontor.invalid", None, name="Replay")
    person = Actor(name="Replay", door="import", user_id=owner.pk)
    membership = register_company(
        actor=person, registration=_registration("Online Retail Ltd", "GB", f"R{run.pk}")
    )
    if membership is None:
        raise RuntimeError("the wholesaler could not be registered")
    seller = open_store(actor=trader(), company=membership.company)
    admin = Actor(name="Replay", door="import", company_id=seller.pk, is_seller=True, is_system=True)
    save_warehouse(actor=admin, facts=WarehouseFacts(code="MAIN", name="Main warehouse", country="GB"))
    return seller


def _registration(name: str, country: str, number: str) -> Registration:
    return Registration(
        legal_name=name,
        country=country,
        currency="GBP",
        registration_number=number,
        timezone=ZONE.key,
        invoice_by="portal",
        contact=Contact(language="en"),
        address=AddressFacts(
            recipient=name, street="Not in the file", city="Not in the file", country=country, postal_code="-"
        ),
    )


def _goods(run: Run, seller: Company) -> int:
    known = set(Product.objects.filter(seller=seller).values_list("sku", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(GOODS, [run.pk])
        rows = [(sku_of(sku), name or sku) for sku, name in cursor.fetchall()]
    missing = [(sku, name) for sku, name in rows if sku not in known]
    actor = Actor(name="Replay", door="import", company_id=seller.pk, is_seller=True, is_system=True)
    shelf = Category.objects.filter(path=SHELF).first()
    shelf = shelf or save_category(actor=actor, facts=CategoryFacts(name="Giftware", slug=SHELF))
    for sku, name in missing:
        kind = Product.Kind.GOODS if is_goods(sku) else Product.Kind.SERVICE
        facts = ProductFacts(sku=sku, name=name, kind=kind, category=shelf)
        with transaction.atomic():
            product = save_product(actor=actor, facts=facts)
            set_status(actor=actor, product=product, status=Product.Status.ACTIVE)
    return len(missing)


def _customers(run: Run, seller: Company) -> int:
    known = set(
        CustomerAccount.objects.filter(seller=seller).values_list("buyer__registration_number", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, [run.pk])
        rows = cursor.fetchall()
    term = PaymentTerm.objects.get(seller=seller, code="N30")
    person = Actor(
        name="Replay", door="import", user_id=User.objects.get(email=f"replay-{run.pk}@kontor.invalid").pk
    )
    done = 0
    for customer, country, first in rows:
        if customer in known:
            continue
        name = f"Customer {customer}" if customer else COUNTER
        with clock.at(first), transaction.atomic():
            membership = register_company(
                actor=person,
                registration=_registration(name, COUNTRIES.get(country, "GB"), customer),
                seller=seller,
            )
            if membership is None:
                raise RuntimeError(f"{name} could not be registered")
            account = CustomerAccount.objects.get(seller=seller, buyer=membership.company)
            accept_customer(actor=trader(), account=account, payment_term=term)
        done += 1
    return done
