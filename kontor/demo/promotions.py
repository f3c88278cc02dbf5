"""Promotions of the demo. Those that run need a code, so that sums in it are what they were without them."""

from datetime import timedelta
from decimal import Decimal

from kontor.catalog.models import Category
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.promotions.operations import CodesWanted, PromotionFacts, make_codes, save_promotion

WELCOME = PromotionFacts(
    name="Welcome",
    names={"de": "Willkommen"},
    effects=[{"kind": "percent", "percent": "5"}, {"kind": "free_freight"}],
    conditions={"first_order": True},
    needs_code=True,
    is_active=True,
    note="Printed on the first letter to new customers.",
)
FAIR = PromotionFacts(
    name="Trade fair",
    names={"de": "Messe"},
    currency="EUR",
    effects=[{"kind": "amount", "amount": "25.00"}],
    conditions={"min_value": "250.00"},
    needs_code=True,
    is_active=True,
    limit_company=1,
    budget=Decimal(2500),
    stacking="alone",
)
CODES = (
    (WELCOME, CodesWanted(name="Letter", code="WELCOME-5", uses_limit=None)),
    (FAIR, CodesWanted(name="Stand in hall 4", count=100, prefix="FAIR")),
)
STEPS = [{"start": "20", "percent": "3"}, {"start": "100", "percent": "6"}]


def add_promotions(admin: Actor) -> None:
    """One with a code for a first order, one with single codes and a budget, one that is over, one that is planned."""
    for facts, wanted in CODES:
        make_codes(actor=admin, promotion=save_promotion(actor=admin, facts=facts), wanted=wanted)
    now = clock.now()
    shelf = Category.objects.exclude(parent=None).order_by("path").first()
    goods = {"goods": {"categories": [shelf.pk] if shelf else []}}
    summer = PromotionFacts(
        name="Summer: three for two",
        names={"de": "Sommer: drei für zwei"},
        effects=[{"kind": "cheapest_free", "take": 3, "pay": 2}],
        conditions=goods,
        is_active=True,
        valid_from=now - timedelta(days=140),
        valid_until=now - timedelta(days=90),
    )
    stock_up = PromotionFacts(
        name="Stock up",
        names={"de": "Vorrat anlegen"},
        effects=[{"kind": "tiered", "tiers": STEPS}],
        conditions=goods,
        is_active=True,
        valid_from=now + timedelta(days=30),
        valid_until=now + timedelta(days=60),
    )
    for facts in (summer, stock_up):
        save_promotion(actor=admin, facts=facts)
