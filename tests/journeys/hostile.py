"""A customer whose names are as long, as foreign and as evil as the fields allow, with one of everything."""

from decimal import Decimal

from django.db.models import Sum

from kontor.catalog.models import Category, Product, SalesUnit
from kontor.companies.models import Address, Company, CustomerAccount, Membership, User
from kontor.inventory.models import StockItem, StockMovement
from kontor.pricing.models import Price
from tests.assembly import Cast
from tests.proof.two_trades import Trade, carts, company, goods, orders, quotes, shipments, talk

EVIL = "<script>document.title='taken'</script>"
ARABIC = "شركة الخليج للتجارة"


def long(length: int) -> str:
    """A name that evil, foreign and without a place to break in turn fill up to `length` characters."""
    return f"{EVIL} {ARABIC} ".ljust(length, "W")[:length]


def product_of(cast: Cast) -> Product:
    hansa = cast.companies["hansa"]
    product = Product.objects.create(
        seller=hansa, sku="W" * 40, name=long(250), slug="hostile", summary=long(400), description=long(2000),
        brand=long(100), manufacturer_part_number="W" * 60, status="active",
        category=Category.objects.get(path="power-tools"),
    )  # fmt: skip
    SalesUnit.objects.create(product=product, unit=product.base_unit)
    Price.objects.create(
        price_list=cast.price_lists["public"], product=product, min_quantity=1, amount=Decimal("89.123456"),
        price_base=1,
    )  # fmt: skip
    shelf = StockItem.objects.create(product=product, warehouse=cast.warehouses["ham"], on_hand=5000)
    StockMovement.objects.create(
        stock_item=shelf, kind="receipt", quantity=5000, reference=long(60), actor_name="Test"
    )
    return product


def people_of(buyer: Company) -> tuple[Membership, Membership]:
    """An administrator, and a buyer who may order for nothing without asking."""
    users = [
        User.objects.create(email=f"{word}@{'w' * 60}.example", name=long(150), password="!")
        for word in ("admin", "buyer")
    ]
    admin = Membership.objects.create(company=buyer, user=users[0], roles=["admin"], job_title=long(100))
    return admin, Membership.objects.create(company=buyer, user=users[1], roles=["buyer"], order_limit=0)


def hostile_customer(cast: Cast) -> Trade:
    """With carts, requests, offers, orders, shipments, an invoice, a return, messages and mails."""
    buyer = Company.objects.create(
        legal_name=long(200),
        slug="hostile",
        status="active",
        country="DE",
        invoice_email="books@hostile.example",
    )
    Address.objects.create(
        company=buyer, label=long(60), recipient=long(200), street=long(200), postal_code="W" * 20, city=long(120),
        country="DE", is_billing=True, is_default_delivery=True,
    )  # fmt: skip
    CustomerAccount.objects.create(
        seller=cast.companies["hansa"],
        buyer=buyer,
        customer_number="W" * 20,
        payment_term=cast.term,
        status="active",
    )
    admin, limited = people_of(buyer)
    trade = Trade(EVIL[:24], "HOSTILE", admin, limited, cast.people["store_admin"], product_of(cast))
    for step in (company, goods):
        step(trade)
    for shelf in StockItem.objects.filter(product=trade.product):
        shelf.on_hand = shelf.movements.aggregate(sum=Sum("quantity"))["sum"]
        shelf.save()
    for step in (carts, quotes, orders, shipments, talk):
        step(trade)
    return trade
