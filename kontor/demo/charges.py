"""What the distributor charges beside its goods: freight, small orders, copper in cables. From today on, so that the
trade before stays as it was."""

from datetime import timedelta
from decimal import Decimal

from kontor.catalog.models import Product
from kontor.charges.operations import (
    IndexFacts,
    RuleFacts,
    StepFacts,
    TariffFacts,
    save_index,
    save_rule,
    save_tariff,
    set_contents,
    set_index_values,
)
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO, decimal_of

COPPER = ("871.20", "884.55", "902.10", "895.75", "912.40", "926.85")
"""EUR per 100 kg, month by month."""
BASE = Decimal(150)
DENSITY = Decimal("0.00896")
"""Kilograms of copper in a metre of one square millimetre."""


def charge_for_more(actor: Actor) -> None:
    """Freight that ends at a value, a surcharge on small orders, copper at its index."""
    today = clock.now()
    freight = save_rule(actor=actor, facts=RuleFacts(kind="freight", name="Freight", position=20))
    for countries, amount, free_from in ((["DE"], "6.90", 150), ([], "24.90", 1500)):
        facts = TariffFacts(
            currency="EUR",
            countries=countries,
            valid_from=today,
            free_from=Decimal(free_from),
            steps=[StepFacts(ZERO, Decimal(amount))],
        )
        save_tariff(actor=actor, rule=freight, facts=facts)
    small = save_rule(
        actor=actor, facts=RuleFacts(kind="small_order", name="Small order surcharge", position=30)
    )
    steps = [StepFacts(ZERO, Decimal("9.50"))]
    facts = TariffFacts(currency="EUR", valid_from=today, free_from=Decimal(50), steps=steps)
    save_tariff(actor=actor, rule=small, facts=facts)
    _copper(actor)


def _copper(actor: Actor) -> None:
    today = clock.now()
    copper = save_index(actor=actor, facts=IndexFacts(name="Copper", currency="EUR"))
    days = [(today - timedelta(days=30 * ago)).date() for ago in reversed(range(len(COPPER)))]
    set_index_values(
        actor=actor,
        index=copper,
        values=[(day, Decimal(text)) for day, text in zip(days, COPPER, strict=True)],
    )
    cables = Product.objects.filter(seller_id=actor.company_id, sku__startswith="CA-").order_by("sku")
    contents = [(one, content) for one in cables if (content := _content(one))]
    if contents:
        set_contents(actor=actor, index=copper, contents=contents)
    surcharge = RuleFacts(kind="index", name="Copper surcharge", index=copper, position=10)
    rule = save_rule(actor=actor, facts=surcharge)
    save_tariff(actor=actor, rule=rule, facts=TariffFacts(currency="EUR", valid_from=today, index_base=BASE))


def _content(cable: Product) -> Decimal | None:
    """Cores times square millimetres, as the attributes tell them."""
    told = [
        decimal_of(str(cable.attributes.get(name, ""))) for name in ("cores-number", "section-mm2-number")
    ]
    return told[0] * told[1] * DENSITY if told[0] and told[1] else None
