"""A basket that nobody has: what a customer would pay before and after promotions, and why others did not count."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.catalog.models import Product, SalesUnit
from kontor.companies.models import CustomerAccount
from kontor.kernel.money import ZERO, line_net
from kontor.pricing.basket import Basket, BasketLine
from kontor.pricing.queries import Wanted, chain_for, resolve
from kontor.promotions.queries import Asked, Judged, ask, judged
from kontor.promotions.wording import reason_text

MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class Wish:
    """So much of an article in a sales unit ("": its base unit)."""

    sku: str
    quantity: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What to try for a customer. `as_if_active` is a promotion that counts though it is stopped or lacks its code."""

    account: CustomerAccount
    wishes: Sequence[Wish]
    at: datetime
    codes: Sequence[str] = ()
    channel: str = "web"
    as_if_active: int | None = None


@dataclass(frozen=True, slots=True)
class TriedLine:
    """A line of a trial. Without a price, `problem` says why; `names` are the promotions that lower it."""

    wish: Wish
    name: str = ""
    problem: str = ""
    net: Decimal = ZERO
    allowance: Decimal = ZERO
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A promotion that was asked: what it took off, or why it did not count."""

    promotion_id: int
    name: str
    counts: bool
    amount: Decimal
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of it. `gifts` are SKUs with quantities in base units."""

    currency: str
    lines: Sequence[TriedLine]
    said: Sequence[Said] = ()
    gifts: Sequence[tuple[str, Decimal]] = ()
    judged: Judged = field(default_factory=Judged)

    @property
    def before(self) -> Decimal:
        return sum((line.net for line in self.lines), ZERO)

    @property
    def allowance(self) -> Decimal:
        return sum((line.allowance for line in self.lines), ZERO)

    @property
    def after(self) -> Decimal:
        return self.before - self.allowance


def tried(trial: Trial) -> Tried:
    """Price the wishes for the customer at the moment and ask all promotions of the seller; changes nothing."""
    wishes = list(trial.wishes[:MOST_LINES])
    seller_id = trial.account.seller_id
    known = {
        one.sku: one
        for one in Product.objects.filter(seller_id=seller_id, sku__in={wish.sku for wish in wishes})
    }
    factors = {
        (one.product_id, one.unit): one.factor
        for one in SalesUnit.objects.filter(product__in=[one.pk for one in known.values()])
    }
    priced, currency = _priced(trial, wishes, known, factors)
    basket = Basket(
        seller_id=seller_id,
        buyer_id=trial.account.buyer_id,
        account_id=trial.account.pk,
        membership_id=None,
        channel=trial.channel,
        currency=currency,
        at=trial.at,
        lines=[line for line in priced if line is not None],
        codes=trial.codes,
    )
    asked = ask(basket, as_if_active=trial.as_if_active, every=True)
    found = judged(basket, asked)
    return Tried(
        currency=currency,
        lines=_lines(wishes, known, priced, found),
        said=[_said(one, currency) for one in asked],
        gifts=_gifts(found),
        judged=found,
    )


def _priced(
    trial: Trial, wishes: list[Wish], known: dict[str, Product], factors: dict[tuple[int, str], Decimal]
) -> tuple[list[BasketLine | None], str]:
    wanted: dict[int, tuple[Product, Wanted]] = {}
    for place, wish in enumerate(wishes):
        product = known.get(wish.sku)
        unit = wish.unit or (product.base_unit if product else "")
        one = Decimal(1) if product and unit == product.base_unit else None
        factor = factors.get((product.pk, unit), one) if product else None
        if product is not None and factor is not None:
            wanted[place] = product, Wanted(product.pk, wish.quantity * factor, unit=unit)
    prices = resolve(
        chain_for(trial.account.buyer_id, trial.at), [asked for _product, asked in wanted.values()], trial.at
    )
    currency = next((price.currency for price in prices if price), trial.account.seller.currency)
    lines: list[BasketLine | None] = [None] * len(wishes)
    for (place, (product, asked)), price in zip(wanted.items(), prices, strict=True):
        if price is None or price.currency != currency:
            continue
        net = line_net(
            unit_price=price.amount,
            price_base=price.price_base,
            quantity=asked.base_quantity,
            currency=currency,
        )
        lines[place] = BasketLine(
            product_id=product.pk,
            unit=asked.unit,
            quantity=wishes[place].quantity,
            base_quantity=asked.base_quantity,
            unit_price=price.amount,
            price_base=price.price_base,
            net=net,
            tax_category=product.tax_category,
            price_source=f"list:{price.price_list_id}",
        )
    return lines, currency


def _lines(
    wishes: list[Wish], known: dict[str, Product], priced: list[BasketLine | None], found: Judged
) -> list[TriedLine]:
    places = [place for place, line in enumerate(priced) if line is not None]
    off: dict[int, list[tuple[str, Decimal]]] = {}
    for one in found.granted:
        off.setdefault(places[one.line], []).append((one.name, one.amount))
    told = []
    for place, (wish, line) in enumerate(zip(wishes, priced, strict=True)):
        product = known.get(wish.sku)
        name = product.name if product else ""
        if line is None:
            told.append(TriedLine(wish, name, "unknown" if product is None else "unpriced"))
        else:
            given = off.get(place, [])
            amount = sum((one for _name, one in given), ZERO)
            told.append(TriedLine(wish, name, "", line.net, amount, [one for one, _amount in given]))
    return told


def _said(one: Asked, currency: str) -> Said:
    outcome = one.outcome
    reason = reason_text(outcome, currency)
    if outcome.at_floor:
        reason = f"{reason} {_('An article is not lowered below its lowest price.')}"
    return Said(
        outcome.promotion_id,
        one.name,
        outcome.reason == "given",
        outcome.amount,
        reason,
    )


def _gifts(found: Judged) -> list[tuple[str, Decimal]]:
    skus = dict(
        Product.objects.filter(pk__in=[one.product_id for one in found.gifts]).values_list("pk", "sku")
    )
    return [(skus[one.product_id], one.base_quantity) for one in found.gifts if one.product_id in skus]
