"""Promotions of the demo. Those that run need a code, so that sums in it are what they were without them."""

from datetime import timedelta
from decimal import Decimal

from kontor.catalog.models import Category
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.promotions.operations import CodesWanted, PromotionFacts, make_codes, save_promotion


def add_promotions(admin: Actor) -> None:
    """One with a code for a first order, one with single codes and a budget, one that is over, one that is planned."""
    now = clock.now()

    shelf = Category.objects.exclude(parent=None).order_by("path").first()
    if shelf is None:
        return
    welcome = save_promotion(
        actor=admin,
        facts=PromotionFacts(
            name="Welcome",
            names={"de": "Willkommen"},
            effects=[{"kind": "percent", "percent": "5"}, {"kind": "free_freight"}],
            conditions={"first_order": True},
            needs_code=True,
            is_active=True,
            note="Printed on the first letter to new customers.",
        ),
    )
    make_codes(
        actor=admin, promotion=welcome, wanted=CodesWanted(name="Letter", code="WELCOME-5", uses_limit=None)
    )
    fair = save_promotion(
        actor=admin,
        facts=PromotionFacts(
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
        ),
    )
    make_codes(
        actor=admin, promotion=fair, wanted=CodesWanted(name="Stand in hall 4", count=100, prefix="FAIR")
    )
    save_promotion(
        actor=admin,
        facts=PromotionFacts(
            name="Summer: three for two",
            names={"de": "Sommer: drei für zwei"},
            effects=[{"kind": "cheapest_free", "take": 3, "pay": 2}],
            conditions={"goods": {"categories": [shelf.pk]}},
            is_active=True,
            valid_from=now - timedelta(days=140),
            valid_until=now - timedelta(days=90),
        ),
    )
    save_promotion(
        actor=admin,
        facts=PromotionFacts(
            name="Stock up",
            names={"de": "Vorrat anlegen"},
            effects=[
                {
                    "kind": "tiered",
                    "tiers": [{"start": "20", "percent": "3"}, {"start": "100", "percent": "6"}],
                }
            ],
            conditions={"goods": {"categories": [shelf.pk]}},
            is_active=True,
            valid_from=now + timedelta(days=30),
            valid_until=now + timedelta(days=60),
        ),
    )
