"""From draft to in force to terminated; that it has ended is said by the clock."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.agreements.events import AgreementActivated, AgreementTerminated
from kontor.agreements.models import Agreement
from kontor.agreements.operations.save import keep_list_dates
from kontor.audit.trail import record
from kontor.catalog.ownership import require_own
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused
from kontor.pricing.models import PriceList
from kontor.pricing.operations import Given, assign_group_lists, assign_lists
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import scope_of


@transaction.atomic
def activate_agreement(*, actor: Actor, agreement: Agreement) -> Agreement:
    """Put a draft in force: its list gets its dates and is asked first for the customer or group.

    Raises Refused: ``not_a_draft``; ``nothing_agreed`` without prices and commitments; ``over`` when it would have
    ended already; what `assign_lists` raises.
    """
    require(actor, EDIT_PRICES)
    require_own(actor, agreement.seller_id)
    agreement = _held(agreement, Agreement.Status.DRAFT)
    if not _says_something(agreement):
        message = _("Nothing is agreed yet. Enter prices in its list, or say what is bought at least.")
        raise Refused("nothing_agreed", message)
    if agreement.valid_until is not None and agreement.valid_until <= clock.now():
        message = _("Its last day is over. Choose a later one.")
        raise Refused("over", message, {"valid_until": message})
    if agreement.price_list is not None:
        keep_list_dates(actor, agreement)
        _give(actor, agreement, [agreement.price_list])
    agreement.status = Agreement.Status.ACTIVE
    agreement.save(update_fields=["status"])
    record(actor, "agreements.activated", ("agreement", agreement.pk), shared=True)
    publish(AgreementActivated(agreement.pk))
    return agreement


@transaction.atomic
def terminate_agreement(*, actor: Actor, agreement: Agreement, note: str) -> Agreement:
    """End an agreement before its time, with a reason: its list is taken off the customer at once.

    Orders keep their prices, and what they used. Raises Refused: ``not_in_force``; ``note_missing`` at ``note``.
    """
    require(actor, EDIT_PRICES)
    require_own(actor, agreement.seller_id)
    agreement = _held(agreement, Agreement.Status.ACTIVE)
    if not note.strip() or len(note) > 500:
        message = _("Say why, in up to 500 characters. The customer reads it.")
        raise Refused("note_missing", message, {"note": message})
    if agreement.price_list is not None:
        _give(actor, agreement, [])
    agreement.status, agreement.ended_at = Agreement.Status.TERMINATED, clock.now()
    agreement.end_note = note.strip()
    agreement.save(update_fields=["status", "ended_at", "end_note"])
    record(actor, "agreements.terminated", ("agreement", agreement.pk), note=note.strip(), shared=True)
    publish(AgreementTerminated(agreement.pk))
    return agreement


@transaction.atomic
def delete_draft(*, actor: Actor, agreement: Agreement) -> None:
    """Remove a draft; its price list stays. Raises Refused("not_a_draft")."""
    require(actor, EDIT_PRICES)
    require_own(actor, agreement.seller_id)
    agreement = _held(agreement, Agreement.Status.DRAFT)
    pk, number = agreement.pk, agreement.number
    agreement.delete()
    record(actor, "agreements.draft_deleted", ("agreement", pk), changes={"number": number})


def _held(agreement: Agreement, status: str) -> Agreement:
    """The row, held until the transaction ends. Raises Refused when it is in another state."""
    held = (
        Agreement.objects.select_for_update(of=("self",))
        .select_related("seller", "price_list__basis", "account", "group")
        .get(pk=agreement.pk)
    )
    if held.status == status:
        return held
    if status == Agreement.Status.DRAFT:
        raise Refused("not_a_draft", _("This agreement is no draft any more. Load the page again."))
    raise Refused("not_in_force", _("This agreement is not in force. Load the page again."))


def _says_something(agreement: Agreement) -> bool:
    one = agreement.price_list
    has_prices = one is not None and (one.basis_id is not None or one.prices.exists())
    return has_prices or agreement.commitments.exists()


def _give(actor: Actor, agreement: Agreement, first: Sequence[PriceList]) -> None:
    """Ask these lists first, then those that the customer or group has without that of the agreement."""
    scope, lists = scope_of(
        seller_id=agreement.seller_id, account_id=agreement.account_id, group_id=agreement.group_id
    )
    kept = [one for one in lists if one.pk != agreement.price_list_id]
    given = Given(price_lists=[*first, *kept], is_closed=scope.is_closed)
    if agreement.account is not None:
        assign_lists(actor=actor, account=agreement.account, given=given)
    elif agreement.group is not None:
        assign_group_lists(actor=actor, group=agreement.group, given=given)
