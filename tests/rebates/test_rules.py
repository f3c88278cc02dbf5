from decimal import Decimal

from kontor.rebates.rules import shared_out


def test_who_has_given_more_back_than_bought_has_no_part_in_a_bonus():
    parts = [(Decimal(-100), Decimal(0)), (Decimal(300), Decimal(0))]

    assert shared_out(Decimal(30), parts, "EUR") == [Decimal(0), Decimal(30)]
