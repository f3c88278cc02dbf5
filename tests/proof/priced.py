"""A contract, a price round and a promotion of each trade, for `two_trades`: nobody else may see or change them."""

from decimal import Decimal
from typing import Any

from kontor.pricing.models import PriceAssignment, PriceList, PriceScope
from kontor.pricing.operations import PriceRow, put_into_round, save_round
from kontor.promotions.operations import CodesWanted, PromotionFacts, make_codes, save_promotion
from tests.proof.agreed import agree


def price(trade: Any) -> None:
    """The contract is the buyer's; round and promotion are drafts: they change no price."""
    seller = trade.sells.company
    contract = PriceList.objects.create(
        seller=seller,
        code=f"inside-{trade.seller.lower()}",
        name=trade.inside_seller("prices"),
        currency="EUR",
    )
    trade.put(contract, "list_id", "price_list_id")
    begun = save_round(actor=trade.sells.as_actor("page"), name=trade.inside_seller("round"), starts_at=None)
    rows = [PriceRow(trade.product.pk, Decimal(7))]
    put_into_round(actor=trade.sells.as_actor("page"), price_round=begun, price_list=contract, rows=rows)
    trade.put(begun, "round_id")
    scope, _new = PriceScope.objects.get_or_create(
        account_id=trade.ids["account_id"], defaults={"seller": seller}
    )
    PriceAssignment.objects.create(scope=scope, price_list=contract, position=5)
    agree(trade, contract)
    _promotion(trade)


def _promotion(trade: Any) -> None:
    """One with codes that is not started: it lowers nothing."""
    admin = trade.sells.as_actor("page")
    effects = [{"kind": "percent", "percent": "5"}]
    facts = PromotionFacts(name=trade.inside_seller("promotion"), effects=effects, needs_code=True)
    found = trade.put(save_promotion(actor=admin, facts=facts), "promotion_id")
    wanted = CodesWanted(name=trade.inside_seller("codes"), count=2)
    trade.put(make_codes(actor=admin, promotion=found, wanted=wanted), "batch_id")
