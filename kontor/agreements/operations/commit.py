from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.agreements.models import Agreement, Commitment
from kontor.audit.trail import record
from kontor.catalog.models import Product
from kontor.catalog.ownership import require_own
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused
from kontor.pricing.permissions import EDIT_PRICES

MOST = Decimal(10) ** 12
Key = tuple[int | None, str, str]


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """What is sold at most or bought at least of a product, or of all goods (None): base units, or net value."""

    product_id: int | None
    kind: str
    measure: str
    committed: Decimal

    @property
    def key(self) -> Key:
        return self.product_id, self.kind, self.measure


@transaction.atomic
def save_commitments(*, actor: Actor, agreement: Agreement, rows: Sequence[CommitmentRow]) -> int:
    """Write all commitments of an agreement; those not named go. How many there are then.

    What is used stays. Raises Refused("wrong_commitments") with every wrong row at ``commitments/<i>/<field>``, as one
    that commits to less than is used, and Refused("still_used") when one that goes was used.
    """
    require(actor, EDIT_PRICES)
    require_own(actor, agreement.seller_id)
    # The commitments' rows are the queue: orders that draw meanwhile come before or after.
    known = {
        (one.product_id, one.kind, one.measure): one
        for one in Commitment.objects.select_for_update(no_key=True)
        .filter(agreement=agreement)
        .order_by("pk")
    }
    _check(agreement, rows, known)
    wanted = {row.key: row for row in rows}
    gone = [one for key, one in known.items() if key not in wanted]
    if any(one.used for one in gone):
        message = _("What orders have used cannot be taken out. Terminate the agreement instead.")
        raise Refused("still_used", message)
    Commitment.objects.filter(pk__in=[one.pk for one in gone]).delete()
    for key, one in known.items():
        if key in wanted:
            one.committed = wanted[key].committed
    Commitment.objects.bulk_update([one for key, one in known.items() if key in wanted], ["committed"])
    Commitment.objects.bulk_create(
        Commitment(
            agreement=agreement, product_id=product, kind=kind, measure=measure, committed=row.committed
        )
        for (product, kind, measure), row in wanted.items()
        if (product, kind, measure) not in known
    )
    record(actor, "agreements.commitments_saved", ("agreement", agreement.pk), changes={"rows": len(wanted)})
    return len(wanted)


def _check(agreement: Agreement, rows: Sequence[CommitmentRow], known: dict[Key, Commitment]) -> None:
    asked = {row.product_id for row in rows if row.product_id is not None}
    own = Product.objects.filter(pk__in=asked, seller_id=agreement.seller_id).exclude(kind=Product.Kind.MODEL)
    sold, seen = set(own.values_list("pk", flat=True)), set()
    problems: dict[str, str] = {}
    for index, row in enumerate(rows):
        found = _problems(row, agreement)
        if row.product_id is not None and row.product_id not in sold:
            found["sku"] = _("This is not one of your articles.")
        if row.key in seen:
            found["sku"] = _("This stands here twice.")
        before = known.get(row.key)
        if before and row.kind == Commitment.Kind.AT_MOST and row.committed < before.used:
            found["committed"] = _("More than that is used already.")
        seen.add(row.key)
        problems |= {f"commitments/{index}/{name}": sentence for name, sentence in found.items()}
    if problems:
        raise Refused("wrong_commitments", _("Nothing was saved. Correct the marked fields."), problems)


def _problems(row: CommitmentRow, agreement: Agreement) -> dict[str, str]:
    found = {}
    if row.kind not in Commitment.Kind.values:
        found["kind"] = _("Choose at most or at least.")
    elif row.kind == Commitment.Kind.AT_MOST and agreement.price_list_id is None:
        found["kind"] = _(
            "Only what is sold at prices of the agreement has a limit, and it has no price list."
        )
    if row.measure not in Commitment.Measure.values:
        found["measure"] = _("Choose quantity or value.")
    elif row.measure == Commitment.Measure.QUANTITY and row.product_id is None:
        found["measure"] = _(
            "All goods together are counted by value. Name an article to count its quantity."
        )
    if not (
        row.committed.is_finite() and 0 < row.committed < MOST and row.committed == round(row.committed, 3)
    ):
        found["committed"] = _("Enter how much, above 0.")
    return found
