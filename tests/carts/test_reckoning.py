"""The next price where a contract has too little left, and gifts that are not there."""

from decimal import Decimal

import pytest

from kontor.carts.queries import cart_view
from kontor.carts.reckoning import reckon
from kontor.catalog.models import Product
from kontor.companies.models import CustomerAccount, Membership
from kontor.kernel import clock
from kontor.pricing.basket import Basket, BasketLine
from kontor.pricing.models import Price, PriceList
from kontor.pricing.queries import chain_for, chain_of
from tests.agreements.made import contract_of
from tests.assembly import Cast
from tests.orders.trade import cart_of
from tests.promotions.baskets import promotion


@pytest.mark.parametrize(
    ("currency", "amount", "costs"), [("EUR", 95, Decimal(95)), ("EUR", 0, None), ("USD", 70, None)]
)
def test_beyond_a_contract_the_next_price_counts_if_it_is_one(
    sal: Membership,
    acme_account: CustomerAccount,
    acme_list: PriceList,
    drill: Product,
    currency: str,
    amount: int,
    costs: Decimal | None,
) -> None:
    contract_of(sal, acme_account, acme_list, drill)
    seller = acme_list.seller
    further = PriceList.objects.create(seller=seller, code="further", name="Further", currency=currency)
    Price.objects.create(price_list=further, product=drill, amount=amount)
    wanted = BasketLine(
        product_id=drill.pk, unit="C62", quantity=Decimal(11), base_quantity=Decimal(11), unit_price=Decimal(89),
        price_base=Decimal(1), net=Decimal(979), tax_category="standard", price_source=f"list:{acme_list.pk}",
    )  # fmt: skip
    basket = Basket(
        seller_id=seller.pk, buyer_id=acme_account.buyer_id, account_id=acme_account.pk, membership_id=None,
        channel="web", currency="EUR", at=clock.now(), lines=(),
    )  # fmt: skip

    found = reckon(basket, [wanted], chain=chain_of([acme_list.pk, further.pk]), chosen={})

    assert [line and line.unit_price for line in found.lines] == [costs]
    assert found.passed_over == {0: frozenset({acme_list.pk})}


def test_a_gift_that_the_lines_themselves_take_is_not_given(
    cast: Cast, ana: Membership, drill: Product
) -> None:
    promotion(cast, {"kind": "gift", "product_id": drill.pk, "quantity": "1"})

    def gifts(quantity: int) -> int:
        cart = cart_of(ana.company, (drill, quantity))
        return len(cart_view(ana.as_actor("page"), cart, chain_for(cart.buyer_id)).gifts)

    assert [gifts(11), gifts(12)] == [1, 0]  # twelve are in stock
