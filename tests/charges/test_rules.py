from decimal import Decimal

from kontor.charges.rules import Goods, Rung, Terms, bear


def test_an_allowance_never_takes_more_than_the_goods_cost():
    terms = Terms(
        rule_id=1, kind="allowance", measure="value", name="Bonus", code="95",
        rungs=[Rung(Decimal(0), Decimal(100), None)],
    )  # fmt: skip
    goods = {0: Goods(net=Decimal(40), base_quantity=Decimal(1), tax_category="standard")}

    (taken,) = bear([terms], goods, "EUR", free_freight=False).charges

    assert (taken.is_allowance, taken.net) == (True, Decimal(40))
