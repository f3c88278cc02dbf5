"""The next price where a contract has too little left, and gifts that are not there."""

from decimal import Decimal

import pytest

from kontor.carts.queries import cart_view
from kontor.carts.reckoning import Reckoned, reckon
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
    found = beyond_ten(acme_account, drill, [acme_list, further])

    assert [line and line.unit_price for line in found.lines] == [costs]
    assert found.passed_over == {0: frozenset({acme_list.pk})}


def test_beyond_two_contracts_neither_counts(
    sal: Membership,
    acme_account: CustomerAccount,
    acme_list: PriceList,
    public_list: PriceList,
    drill: Product,
) -> None:
    second = PriceList.objects.create(seller=acme_list.seller, code="second", name="Second", currency="EUR")
    Price.objects.create(price_list=second, product=drill, amount=91)
    for contract in (acme_list, second):
        contract_of(sal, acme_account, contract, drill)

    found = beyond_ten(acme_account, drill, [acme_list, second, public_list])

    assert [line and line.unit_price for line in found.lines] == [Decimal(99)]
    assert found.passed_over == {0: frozenset({acme_list.pk, second.pk})}


def beyond_ten(account: CustomerAccount, drill: Product, chain: list[PriceList]) -> Reckoned:
    """Eleven drills, at the price of the first list so far."""
    wanted = BasketLine(
        product_id=drill.pk, unit="C62", quantity=Decimal(11), base_quantity=Decimal(11), unit_price=Decimal(89),
        price_base=Decimal(1), net=Decimal(979), tax_category="standard", price_source=f"list:{chain[0].pk}",
    )  # fmt: skip
    basket = Basket(
        seller_id=account.seller_id, buyer_id=account.buyer_id, account_id=account.pk, membership_id=None,
        channel="web", currency="EUR", at=clock.now(), lines=(),
    )  # fmt: skip

    return reckon(basket, [wanted], chain=chain_of([one.pk for one in chain]), chosen={})


def test_a_gift_that_the_lines_themselves_take_is_not_given(
    cast: Cast, ana: Membership, drill: Product
) -> None:
    promotion(cast, {"kind": "gift", "product_id": drill.pk, "quantity": "1"})

    def gifts(quantity: int) -> int:
        cart = cart_of(ana.company, (drill, quantity))
        return len(cart_view(ana.as_actor("page"), cart, chain_for(cart.buyer_id)).gifts)

    assert [gifts(11), gifts(12)] == [1, 0]  # twelve are in stock
