"""What the buyer's own price lists ask for the lines of an offer: an offer starts there and is compared with it."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from kontor.kernel.money import UNIT_PRICE_DECIMALS, ZERO, line_net
from kontor.pricing.queries import Wanted, chain_for, resolve
from kontor.quotes.models import QuoteRequest, QuoteRequestLine

Row = dict[str, Any]
"""An offer line by column."""
STEP = Decimal(1).scaleb(-UNIT_PRICE_DECIMALS)


def list_prices(request: QuoteRequest, asked: dict[int, QuoteRequestLine], rows: list[Row]) -> None:
    """Note in each row the list price of its own quantity, per its own price base; None where there is none.

    For the quantity that was asked for it is the price that the buyer saw then, for another one that of this moment,
    with its quantity break. Two statements when quantities differ, else none.
    """
    others = [row for row in rows if asked[row["position"]].quantity != row["quantity"]]
    found = {}
    if others:
        wanted = [
            Wanted(row["product_id"], row["quantity"] * row["factor"], line.chosen, line.unit)
            for row, line in ((row, asked[row["position"]]) for row in others)
        ]
        prices = resolve(chain_for(request.buyer_id), wanted)
        found = {row["position"]: price for row, price in zip(others, prices, strict=True)}
    for row in rows:
        line, price = asked[row["position"]], found.get(row["position"])
        row["list_price"] = None
        if row["position"] not in found:
            row["list_price"] = _per(row["price_base"], line.list_price, line.price_base)
        elif price is not None and price.currency == request.currency:
            row["list_price"] = _per(row["price_base"], price.amount, price.price_base)


def start_at_list(request: QuoteRequest, rows: list[Row]) -> None:
    """Offer each row at its list price; what has none is left for the seller to price."""
    for row in rows:
        row["unit_price"], row["net"] = row["list_price"], ZERO
        if row["unit_price"] is not None:
            row["net"] = line_net(
                unit_price=row["unit_price"],
                price_base=row["price_base"],
                quantity=row["quantity"] * row["factor"],
                currency=request.currency,
            )


def _per(base: Decimal, price: Decimal | None, price_base: Decimal) -> Decimal | None:
    if price is None or base == price_base:
        return price
    return (price * base / price_base).quantize(STEP, ROUND_HALF_UP)
