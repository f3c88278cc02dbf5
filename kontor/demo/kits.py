"""Three kits of the demo's goods, and an order of one that waits for the warehouse."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from kontor.catalog.models import Medium, Product
from kontor.catalog.operations import ComponentFacts, ProductFacts, TextFacts, save_product, set_status
from kontor.companies.models import Company, CustomerAccount
from kontor.inventory.queries import available
from kontor.kernel.actors import Actor
from kontor.orders.intake import EnteredLine, EnteredOrder
from kontor.orders.operations import confirm_order, enter_order
from kontor.pricing.models import PriceList
from kontor.pricing.operations import PriceRow, set_prices
from kontor.pricing.queries import Wanted, chain_of, resolve

CENT = Decimal("0.01")
LESS = Decimal("0.93")
"""A kit costs less than its parts one by one."""
# SKU, name and sentence in English and German, then how many of the first article of which family are inside.
KITS = (
    (
        "SET-SHELF", "Shelf mounting set", "Everything to put a shelf unit on a wall: anchors, screws and tools.",
        "Montageset Regal", "Alles, um ein Regal an die Wand zu bringen: Dübel, Schrauben und Werkzeug.",
        (("SU", 1), ("EA", 8), ("WS", 8), ("SD", 1), ("MT", 1)),
    ),
    (
        "SET-DRILL", "Drilling set", "Cordless drill driver with drill bits, glasses and ear defenders.",
        "Bohrset", "Akkuschrauber mit Bohrern, Schutzbrille und Gehörschutz.",
        (("CD", 1), ("DB", 10), ("EY", 1), ("EP", 1)),
    ),
    (
        "SET-SAFE", "Protective equipment for a newcomer", "Helmet, glasses, ear defenders and two pairs of gloves.",
        "Schutzausrüstung für Einsteiger", "Helm, Brille, Gehörschutz und zwei Paar Handschuhe.",
        (("HE", 1), ("EY", 1), ("EP", 1), ("GL", 2)),
    ),
)  # fmt: skip


def put_kits_together(
    *, actor: Actor, lists: Sequence[PriceList], products: Sequence[Product]
) -> list[Product]:
    """Make the kits of these goods and put them on sale, in each price list below the sum of their parts."""
    first = {product.sku.partition("-")[0]: product for product in reversed(products)}
    kits = []
    for sku, name, said, german, said_in_german, inside in KITS:
        parts = [(first[prefix], Decimal(count)) for prefix, count in inside]
        facts = ProductFacts(
            sku=sku,
            name=name,
            kind=Product.Kind.KIT,
            base_unit="SET",
            category=parts[0][0].category,
            summary=said,
            description=said,
            texts={"de": TextFacts(name=german, summary=said_in_german, description=said_in_german)},
            components=[ComponentFacts(sku=one.sku, quantity=count) for one, count in parts],
        )
        kit = save_product(actor=actor, facts=facts)
        kits.append(set_status(actor=actor, product=kit, status=Product.Status.ACTIVE))
        look = Medium.objects.filter(product=parts[0][0], kind=Medium.Kind.PICTURE)[0]
        look.pk, look.product, look.title = None, kit, name
        look.save(force_insert=True)
        for price_list in lists:
            wanted = [Wanted(one.pk, count) for one, count in parts]
            found = resolve(chain_of([price_list.pk]), wanted)
            net = sum(
                (price.amount / price.price_base * count)
                for price, (_one, count) in zip(found, parts, strict=True)
                if price is not None
            )
            amount = (Decimal(net) * LESS).quantize(CENT, ROUND_HALF_UP)
            rows = [PriceRow(product_id=kit.pk, amount=amount, min_quantity=Decimal(1))]
            set_prices(actor=actor, price_list=price_list, rows=rows)
    return kits


def order_a_kit(*, actor: Actor, kits: Sequence[Product], buyer: Company) -> None:
    """Of one that is in stock, by phone, confirmed: its components wait to be picked."""
    free = available([one.pk for one in kits])
    kit = max(kits, key=lambda one: free[one.pk])
    account = CustomerAccount.objects.get(buyer=buyer, seller=kit.seller_id)
    line = EnteredLine(product_id=kit.pk, quantity=Decimal(2))
    order = enter_order(actor=actor, entered=EnteredOrder(account_id=account.pk, lines=[line]))
    confirm_order(actor=actor, order=order)
