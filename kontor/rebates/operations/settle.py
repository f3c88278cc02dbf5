from decimal import Decimal

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own
from kontor.invoicing.operations import BonusNote, issue_bonus_note
from kontor.invoicing.permissions import ISSUE_INVOICES
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Stale
from kontor.rebates.counting import hold
from kontor.rebates.models import Rebate, Settlement, SettlementDocument
from kontor.rebates.settling import Planned, Share, planned


@transaction.atomic
def settle_rebate(*, actor: Actor, rebate: Rebate, expected: Decimal | None = None) -> Settlement:
    """Pay out what is due by a credit note per customer and tax treatment; a correction may take a part back.

    `expected` is the amount that was looked at before. Raises Stale("changed_meanwhile") when it is another one by now,
    Refused("not_due", "nothing_to_settle"), and what `issue_bonus_note` raises.
    """
    require(actor, ISSUE_INVOICES)
    require_own(actor, rebate.seller_id)
    hold(rebate.seller_id)
    rebate.refresh_from_db()
    plan = planned(rebate)
    if expected is not None and expected != plan.amount:
        raise Stale(
            "changed_meanwhile", _("More was invoiced or credited meanwhile. Look at the amounts again.")
        )
    settlement = Settlement.objects.create(
        rebate=rebate, kind=plan.kind, until=plan.until, value=plan.value, quantity=plan.quantity,
        bonus=plan.bonus, amount=plan.amount,
    )  # fmt: skip
    rebate.accruals.filter(settlement=None, day__lte=plan.counts_until).update(settlement=settlement)
    documents = [
        SettlementDocument(
            settlement=settlement,
            account=share.account,
            invoice=issue_bonus_note(actor=actor, note=_note(rebate, settlement, plan, share)),
        )
        for share in plan.shares
    ]
    SettlementDocument.objects.bulk_create(documents)
    if plan.kind == Settlement.Kind.FINAL:
        rebate.state = Rebate.State.SETTLED
        rebate.save(update_fields=["state"])
    changes = {
        "name": rebate.name,
        "kind": plan.kind.value,
        "until": plan.until,
        "amount": plan.amount,
        "currency": rebate.currency,
        "documents": [one.invoice.number for one in documents],
    }
    record(actor, "rebates.settled", ("rebate", rebate.pk), changes=changes)
    return settlement


def _note(rebate: Rebate, settlement: Settlement, plan: Planned, share: Share) -> BonusNote:
    days = {"name": rebate.name, "from": date_format(rebate.begins_on), "until": date_format(plan.until)}
    sentences = {
        Settlement.Kind.ON_ACCOUNT: _("%(name)s: bonus on account for deliveries from %(from)s to %(until)s"),
        Settlement.Kind.FINAL: _("%(name)s: bonus for deliveries from %(from)s to %(until)s"),
        Settlement.Kind.CORRECTION: _("%(name)s: correction of the bonus for deliveries from %(from)s"),
    }
    return BonusNote(
        account=share.account,
        rests_on=share.rests_on,
        parts=share.parts,
        name=_("Bonus: %(name)s") % days,
        reason=sentences[plan.kind] % days,
        reference=f"BONUS-{settlement.pk}",
        takes_back=share.amount < 0,
    )
