"""Bonus agreements: what is agreed, how far it is, what is settled."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.rebates import (
    GoodsIn,
    PlannedOut,
    RebateIn,
    RebateOut,
    RecountedOut,
    SettleIn,
    SettlementOut,
    ShareOut,
    SharePartOut,
    TierOut,
)
from kontor.api.values import amount_text, maybe_amount, price_text, quantity_text
from kontor.companies.models import CustomerAccount
from kontor.invoicing.permissions import ISSUE_INVOICES
from kontor.kernel.actors import require
from kontor.kernel.capabilities import Capability
from kontor.rebates import operations
from kontor.rebates.models import Rebate, Settlement, SettlementDocument
from kontor.rebates.operations import Goods, RebateFacts
from kontor.rebates.permissions import EDIT_REBATES, SEE_REBATES
from kontor.rebates.queries import Progress, documents_for, progress_of
from kontor.rebates.settling import planned

router = Router(tags=["Bonus agreements"])
SAVES = ("incomplete", "unknown_goods", "name_taken", "contradicts", "settled_in_part", "changed_meanwhile")
PLAIN = (
    "id", "name", "seller_id", "state", "currency", "begins_on", "ends_on", "measure", "unit", "reward",
    "is_graduated", "is_quarterly",
)  # fmt: skip


def _own(request: ApiRequest, rebate_id: int, capability: Capability) -> Rebate:
    require(request.actor, capability)
    return get_object_or_404(Rebate.objects.visible_to(request.actor).select_related("seller"), pk=rebate_id)


def _out(one: Progress) -> RebateOut:
    r, currency = one.rebate, one.rebate.currency
    return RebateOut(
        **{name: getattr(r, "pk" if name == "id" else name) for name in PLAIN},
        seller=str(r.seller),
        tiers=[
            TierOut(
                begins_at=quantity_text(start),
                rate=price_text(rate, currency)
                if r.reward == Rebate.Reward.PER_UNIT
                else quantity_text(rate),
                missing=quantity_text(max(start - one.counted, Decimal(0))),
            )
            for start, rate in r.tiers
        ],
        value=amount_text(one.value, currency),
        quantity=quantity_text(round(one.quantity, 3)),
        bonus=amount_text(one.bonus, currency),
        settled=amount_text(one.settled, currency),
        forecast_bonus=maybe_amount(one.pace_bonus, currency),
    )


def _one(rebate: Rebate) -> RebateOut:
    return _out(progress_of([rebate])[0])


def _facts(request: ApiRequest, body: RebateIn) -> RebateFacts:
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    accounts = own.in_bulk(body.account_ids)
    if len(accounts) < len(set(body.account_ids)):
        raise Http404
    return RebateFacts(
        **body.model_dump(exclude={"account_ids", "tiers", "takes_in", "leaves_out"}),
        accounts=list(accounts.values()),
        tiers=[(tier.begins_at, tier.rate) for tier in body.tiers],
        takes_in=_goods(body.takes_in),
        leaves_out=_goods(body.leaves_out),
    )


def _goods(given: Sequence[GoodsIn]) -> list[Goods]:
    return [Goods(**one.model_dump()) for one in given]


@router.get("rebates", response=Page[RebateOut], operation_id="listRebates", summary="Bonus agreements")
@needs(SEE_REBATES)
@reads(refuses=("not_allowed", "bad_cursor"))
def rebates(request: ApiRequest, paging: Annotated[PageAsk, Query()]) -> Page[RebateOut]:
    """Newest first: a seller's own; of a buyer those in which it takes part. Each with its progress."""
    require(request.actor, SEE_REBATES)
    found = Rebate.objects.visible_to(request.actor).select_related("seller")
    shown = page(request, newest_first(found, paging, name="rebates"), lambda one: one)
    return Page(items=[_out(one) for one in progress_of(shown.items)], next=shown.next)


@router.get(
    "rebates/{int:rebate_id}", response=RebateOut, operation_id="getRebate", summary="One bonus agreement"
)
@needs(SEE_REBATES)
@reads(refuses=("not_allowed",))
def rebate(request: ApiRequest, rebate_id: int) -> RebateOut:
    """With its tiers, and how far it is."""
    return _one(_own(request, rebate_id, SEE_REBATES))


@router.post(
    "rebates", response={201: RebateOut}, operation_id="addRebate", summary="Draft a bonus agreement"
)
@needs(EDIT_REBATES)
@changes(refuses=SAVES)
def add(request: ApiRequest, body: RebateIn) -> Reply:
    """It counts nothing until it is put into force."""
    require(request.actor, EDIT_REBATES)
    saved = operations.save_rebate(actor=request.actor, facts=_facts(request, body))
    return Reply(body=_one(saved), status=201, location=reverse("api:getRebate", args=[saved.pk]))


@router.put(
    "rebates/{int:rebate_id}",
    response=RebateOut,
    operation_id="changeRebate",
    summary="Change a bonus agreement",
)
@needs(EDIT_REBATES)
@changes(refuses=SAVES)
def change(request: ApiRequest, rebate_id: int, body: RebateIn) -> RebateOut:
    """While nothing of it is settled. One in force is counted anew."""
    found, facts = _own(request, rebate_id, EDIT_REBATES), _facts(request, body)
    return _one(operations.save_rebate(actor=request.actor, facts=facts, rebate=found))


@router.delete(
    "rebates/{int:rebate_id}", response={204: None}, operation_id="deleteRebate", summary="Delete a draft"
)
@needs(EDIT_REBATES)
@changes(refuses=("changed_meanwhile",))
def delete(request: ApiRequest, rebate_id: int) -> None:
    """Only a draft."""
    operations.delete_rebate(actor=request.actor, rebate=_own(request, rebate_id, EDIT_REBATES))


@router.post(
    "rebates/{int:rebate_id}/begin",
    response=RebateOut,
    operation_id="beginRebate",
    summary="Put a draft into force",
)
@needs(EDIT_REBATES)
@changes(refuses=("contradicts", "changed_meanwhile"))
def begin(request: ApiRequest, rebate_id: int) -> RebateOut:
    """What was invoiced since its first day counts at once."""
    found = _own(request, rebate_id, EDIT_REBATES)
    return _one(operations.begin_rebate(actor=request.actor, rebate=found))


@router.post(
    "rebates/{int:rebate_id}/end",
    response=RebateOut,
    operation_id="endRebate",
    summary="End an agreement without settling it",
)
@needs(EDIT_REBATES)
@changes(refuses=("settled_in_part", "changed_meanwhile"))
def end(request: ApiRequest, rebate_id: int) -> RebateOut:
    """Nothing is owed by it any more."""
    found = _own(request, rebate_id, EDIT_REBATES)
    return _one(operations.end_rebate(actor=request.actor, rebate=found))


@router.post(
    "rebates/{int:rebate_id}/recount",
    response=RecountedOut,
    operation_id="recountRebate",
    summary="Count an agreement anew",
)
@needs(EDIT_REBATES)
@changes(refuses=("settled_in_part",))
def recount(request: ApiRequest, rebate_id: int) -> RecountedOut:
    """By what goods are today: their categories and brands may have changed since they were invoiced."""
    found = _own(request, rebate_id, EDIT_REBATES)
    return RecountedOut(lines=operations.recount_rebate(actor=request.actor, rebate=found))


@router.get(
    "rebates/{int:rebate_id}/due",
    response=PlannedOut,
    operation_id="previewSettlement",
    summary="The settlement that is due",
)
@needs(ISSUE_INVOICES)
@reads(refuses=("not_allowed", "not_due", "nothing_to_settle"))
def due(request: ApiRequest, rebate_id: int) -> PlannedOut:
    """As it would be now; changes nothing."""
    found = _own(request, rebate_id, ISSUE_INVOICES)
    plan, currency = planned(found), found.currency
    return PlannedOut(
        kind=plan.kind.value,
        until=plan.until,
        bonus=amount_text(plan.bonus, currency),
        paid_before=amount_text(plan.before, currency),
        amount=amount_text(plan.amount, currency),
        shares=[
            ShareOut(
                account_id=share.account.pk,
                buyer=str(share.account.buyer),
                tax_treatment=share.rests_on.tax_treatment,
                document="invoice" if share.amount < 0 else "credit_note",
                parts=[
                    SharePartOut(
                        tax_category=part.tax_category,
                        tax_rate=quantity_text(part.tax_rate),
                        net=amount_text(part.net, currency),
                    )
                    for part in share.parts
                ],
            )
            for share in plan.shares
        ],
    )


@router.get(
    "rebates/{int:rebate_id}/settlements",
    response=Page[SettlementOut],
    operation_id="listSettlements",
    summary="What was settled",
)
@needs(SEE_REBATES)
@reads(refuses=("not_allowed",))
def settlements(request: ApiRequest, rebate_id: int) -> Page[SettlementOut]:
    """In their order, with the documents that the caller may see."""
    found = _own(request, rebate_id, SEE_REBATES)
    documents = documents_for(request.actor, [found])
    rows = found.settlements.all()
    return Page(items=[_settlement_out(found, one, documents) for one in rows], next=None)


def _settlement_out(
    rebate: Rebate, one: Settlement, documents: Sequence[SettlementDocument]
) -> SettlementOut:
    return SettlementOut(
        id=one.pk,
        kind=Settlement.Kind(one.kind).value,
        until=one.until,
        bonus=amount_text(one.bonus, rebate.currency),
        amount=amount_text(one.amount, rebate.currency),
        invoice_ids=[row.invoice_id for row in documents if row.settlement_id == one.pk],
    )


@router.post(
    "rebates/{int:rebate_id}/settlements",
    response={201: SettlementOut},
    operation_id="settleRebate",
    summary="Settle what is due",
)
@needs(ISSUE_INVOICES)
@changes(refuses=("not_due", "nothing_to_settle", "account_blocked", "changed_meanwhile"))
def settle(request: ApiRequest, rebate_id: int, body: SettleIn) -> Reply:
    """Issues a credit note per customer and tax treatment; a correction may be an invoice. Once."""
    found = _own(request, rebate_id, ISSUE_INVOICES)
    expected = Decimal(body.expected) if body.expected is not None else None
    settled = operations.settle_rebate(actor=request.actor, rebate=found, expected=expected)
    return Reply(body=_settlement_out(found, settled, documents_for(request.actor, [found])), status=201)
