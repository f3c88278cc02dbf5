from decimal import Decimal

import pytest

from kontor.carts.models import Cart
from kontor.carts.operations.writing import article_for, goods_for
from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.inventory.operations import Receipt, receive_stock
from kontor.kernel.refusal import Refused
from kontor.orders.wares import problems_of, wares_given
from kontor.pricing.models import PriceList
from kontor.pricing.operations import PriceRow, set_prices
from tests.cast import Cast, actor


def test_a_model_is_never_priced_stocked_or_put_into_a_cart(
    cast: Cast, store_admin: Membership, ana: Membership
):
    admin, one = actor(store_admin), Decimal(1)
    hansa = store_admin.company
    model = Product.objects.create(seller=hansa, sku="M", name="M", slug="m", kind="model", status="active")
    public = PriceList.objects.get(seller=hansa, is_public=True)
    with pytest.raises(Refused) as refusal:
        set_prices(actor=admin, price_list=public, rows=[PriceRow(product_id=model.pk, amount=one)])
    assert refusal.value.code == "wrong_prices"
    with pytest.raises(Refused) as refusal:
        receive_stock(actor=admin, warehouse=cast.warehouses["ham"], items=[Receipt(model.pk, one)])
    assert refusal.value.code == "not_stocked"
    cart = Cart.objects.create(buyer=ana.company, seller=hansa, created_by=ana)
    assert (article_for(cart, model.pk), goods_for(cart, [model.pk])) == (None, {})
    wares = wares_given([model.pk], ["C62"], [one], [""])
    assert problems_of(wares, seller_id=hansa.pk, steps=True) == {
        0: "This is a model. Choose one of its variants."
    }
