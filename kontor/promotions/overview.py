"""Promotions as their seller sees them: state, uses, what they have given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO
from kontor.promotions.models import CodeBatch, Promotion, PromotionUse
from kontor.promotions.references import names_of
from kontor.promotions.sentences import described
from kontor.promotions.terms import conditions_from, effects_from

STATES: dict[str, str | Promise] = {
    "running": _("Running"),
    "planned": _("Planned"),
    "over": _("Over"),
    "used_up": _("Used up"),
    "stopped": _("Stopped"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A promotion with its state, its uses that were not given back, and what it says in plain words."""

    promotion: Promotion
    state: str
    uses: int
    amount: Decimal
    text: str

    @property
    def left(self) -> Decimal | None:
        """What is left of the budget."""
        budget = self.promotion.budget
        return None if budget is None else budget - self.promotion.used_amount


def promotions_of(actor: Actor) -> QuerySet[Promotion]:
    """The seller's own, with `uses_count` and `uses_amount`."""
    counted = PromotionUse.objects.filter(promotion=OuterRef("pk"), given_back_at=None).values("promotion")
    uses = counted.annotate(n=Count("id")).values("n")
    amount = counted.annotate(n=Sum("amount")).values("n")
    return Promotion.objects.visible_to(actor).annotate(
        uses_count=Coalesce(Subquery(uses, output_field=IntegerField()), 0),
        uses_amount=Coalesce(Subquery(amount), ZERO, output_field=DecimalField()),
    )


def in_state(rows: QuerySet[Promotion], state: str, at: datetime) -> QuerySet[Promotion]:
    """Those in a state; "" is all."""
    over = Q(valid_until__lte=at)
    kept = {
        "stopped": Q(is_active=False),
        "over": Q(is_active=True) & over,
        "planned": Q(is_active=True, valid_from__gt=at),
        "running": Q(is_active=True) & ~over & ~Q(valid_from__gt=at),
    }
    return rows.filter(kept[state]) if state in kept else rows


def state_of(promotion: Promotion, at: datetime) -> str:
    """One of STATES."""
    if not promotion.is_active:
        return "stopped"
    if promotion.valid_until is not None and promotion.valid_until <= at:
        return "over"
    if promotion.valid_from is not None and promotion.valid_from > at:
        return "planned"
    no_uses = promotion.limit_total is not None and promotion.used >= promotion.limit_total
    no_money = promotion.budget is not None and promotion.used_amount >= promotion.budget
    return "used_up" if no_uses or no_money else "running"


def shown(
    actor: Actor, rows: Sequence[Promotion], at: datetime, channels: Mapping[str, Any] | None = None
) -> list[Shown]:
    """These rows of `promotions_of` as a page shows them; four statements however many."""
    terms = [(conditions_from(one.conditions), effects_from(one.effects)) for one in rows]
    names = names_of(rows[0].seller_id, terms) if rows else None
    return [
        Shown(
            one,
            state_of(one, at),
            getattr(one, "uses_count", 0),
            getattr(one, "uses_amount", ZERO),
            described(one, names, channels),
        )
        for one in rows
        if names is not None
    ]


def batches_of(promotion: Promotion) -> QuerySet[CodeBatch]:
    """Its batches, the newest first, with `used`: how many uses of their codes were not given back."""
    uses = (
        PromotionUse.objects.filter(coupon__batch=OuterRef("pk"), given_back_at=None)
        .values("coupon__batch")
        .annotate(n=Count("id"))
        .values("n")
    )
    used = Coalesce(Subquery(uses, output_field=IntegerField()), 0)
    return promotion.batches.annotate(used=used).order_by("-id")


def code_rows(batch: CodeBatch) -> Iterable[tuple[str, int | None, int]]:
    """(code, uses allowed, uses) of a batch in the order in which they were made, read bit by bit."""
    uses = Count("uses", filter=Q(uses__given_back_at=None))
    rows = batch.coupons.annotate(times=uses).order_by("id")
    return rows.values_list("code", "uses_limit", "times").iterator(5000)
