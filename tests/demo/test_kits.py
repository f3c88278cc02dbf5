"""The demo's kits are made of its goods, cost less than their parts, and one of them is ordered."""

from decimal import Decimal

from kontor.catalog.models import Medium, Product
from kontor.catalog.queries import contents_of
from kontor.demo.kits import KITS, order_a_kit, put_kits_together
from kontor.inventory.models import StockItem
from kontor.orders.models import Order
from kontor.pricing.models import Price
from tests.orders.trade import broken


def test_three_kits_are_on_sale_below_the_price_of_their_parts(
    hansa, globex, store_admin, drill, ham, public_list
):
    prefixes = sorted({prefix for *_words, inside in KITS for prefix, _count in inside})
    goods = Product.objects.bulk_create(
        Product(
            seller=hansa, sku=f"{one}-111-1", name=one, slug=one.lower(), category=drill.category, status="active"
        )
        for one in prefixes
    )  # fmt: skip
    Price.objects.bulk_create(
        Price(price_list=public_list, product=one, amount=Decimal("10.00"), min_quantity=1) for one in goods
    )
    Medium.objects.bulk_create(Medium(product=one, kind="picture", title="", file="a.webp") for one in goods)
    StockItem.objects.bulk_create(StockItem(product=one, warehouse=ham, on_hand=40) for one in goods)
    admin = store_admin.as_actor("page")

    kits = put_kits_together(actor=admin, lists=[public_list], products=goods)
    order_a_kit(actor=admin, kits=kits, buyer=globex)

    assert [(kit.sku, kit.status) for kit in kits] == [
        ("SET-SHELF", "active"), ("SET-DRILL", "active"), ("SET-SAFE", "active"),
    ]  # fmt: skip
    assert Price.objects.get(product=kits[0]).amount == Decimal("176.70")
    assert len(contents_of([kits[0].pk])[kits[0].pk]) == 5
    assert Medium.objects.filter(product__in=kits).count() == 3
    assert Order.objects.get().lines.get().kind == "kit"
    assert [one for one in broken() if "kit" in one[0]] == []
