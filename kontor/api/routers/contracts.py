"""Agreements on prices: contracts and projects, what is committed and used. Sellers keep them, buyers read theirs."""

from typing import Annotated

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from kontor.agreements import operations
from kontor.agreements.models import Agreement, Draw
from kontor.agreements.operations import AgreementFacts, CommitmentRow, Renewal
from kontor.agreements.permissions import SEE_AGREEMENTS
from kontor.agreements.queries import Progress, draws_of, in_state, progress_of
from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.agreements import (
    AgreementIn,
    AgreementOut,
    AgreementUseOut,
    CommitmentOut,
    CommitmentsIn,
    RenewIn,
    State,
    TerminateIn,
)
from kontor.api.values import quantity_text
from kontor.catalog.models import Product
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.kernel.actors import require
from kontor.pricing.models import PriceList
from kontor.pricing.permissions import EDIT_PRICES

router = Router(tags=["Agreements"])
UNKNOWN = -1
"""The id of no article."""


def _agreement(request: ApiRequest, agreement_id: int) -> Agreement:
    require(request.actor, SEE_AGREEMENTS)
    seen = Agreement.objects.visible_to(request.actor).select_related("seller")
    return get_object_or_404(seen, pk=agreement_id)


def _shown(request: ApiRequest, one: Agreement, progress: list[Progress]) -> AgreementOut:
    own = one.seller_id == request.actor.company_id
    return AgreementOut(
        id=one.pk,
        number=one.number,
        kind=one.kind,
        title=one.title,
        state=one.state,
        seller_id=one.seller_id,
        account_id=one.account_id,
        currency=one.currency,
        price_list_id=one.price_list_id if own else None,
        first_day=one.first_day,
        last_day=one.last_day,
        buyer_number=one.buyer_number,
        contact=one.contact,
        terms=one.terms,
        end_note=one.end_note,
        renews_id=one.renews_id if own else None,
        commitments=[_commitment(step) for step in progress],
    )


def _commitment(step: Progress) -> CommitmentOut:
    one = step.commitment
    return CommitmentOut(
        product_id=one.product_id,
        sku=one.product.sku if one.product else None,
        kind=one.kind,
        measure=one.measure,
        committed=quantity_text(one.committed),
        used=quantity_text(step.used),
        left=quantity_text(one.left),
    )


def _one(request: ApiRequest, one: Agreement) -> AgreementOut:
    found = Agreement.objects.visible_to(request.actor).select_related("seller").get(pk=one.pk)
    return _shown(request, found, progress_of(request.actor, [found])[found.pk])


def _facts(request: ApiRequest, body: AgreementIn) -> AgreementFacts:
    actor, named = request.actor, {"account_id", "group_id", "price_list_id"}
    require(actor, EDIT_PRICES)
    return AgreementFacts(
        **body.model_dump(exclude=named),
        account=CustomerAccount.objects.visible_to(actor).filter(pk=body.account_id or 0).first(),
        group=CustomerGroup.objects.visible_to(actor).filter(pk=body.group_id or 0).first(),
        price_list=PriceList.objects.visible_to(actor).filter(pk=body.price_list_id or 0).first(),
    )


@router.get("agreements", response=Page[AgreementOut], operation_id="listAgreements", summary="Agreements")
@needs(SEE_AGREEMENTS)
@reads(refuses=("not_allowed", "bad_cursor"))
def agreements(
    request: ApiRequest, paging: Annotated[PageAsk, Query()], state: State | None = None
) -> Page[AgreementOut]:
    """A seller's own; a buyer's those with its company or with a group it is in, but no drafts. Newest first."""
    require(request.actor, SEE_AGREEMENTS)
    rows = in_state(Agreement.objects.visible_to(request.actor).select_related("seller"), state or "")
    part = newest_first(rows, paging, name=f"agreements:{state}")
    progress = progress_of(request.actor, part.rows)
    return page(request, part, lambda one: _shown(request, one, progress[one.pk]))


@router.get(
    "agreements/{int:agreement_id}",
    response=AgreementOut,
    operation_id="getAgreement",
    summary="An agreement",
)
@needs(SEE_AGREEMENTS)
@reads(refuses=("not_allowed",))
def agreement(request: ApiRequest, agreement_id: int) -> AgreementOut:
    """With what is committed, used and left."""
    return _one(request, _agreement(request, agreement_id))


@router.get(
    "agreements/{int:agreement_id}/use",
    response=Page[AgreementUseOut],
    operation_id="listAgreementUse",
    summary="What orders used of an agreement",
)
@needs(SEE_AGREEMENTS)
@reads(refuses=("not_allowed", "bad_cursor"))
def use(request: ApiRequest, agreement_id: int, paging: Annotated[PageAsk, Query()]) -> Page[AgreementUseOut]:
    """A row per order line and commitment, newest first; a customer sees its own."""
    rows = draws_of(request.actor, _agreement(request, agreement_id))
    return page(request, newest_first(rows, paging, name=f"agreement-use:{agreement_id}"), _drawn)


def _drawn(one: Draw) -> AgreementUseOut:
    return AgreementUseOut(
        order_id=one.order_id,
        order_line_id=one.order_line_id,
        account_id=one.account_id,
        product_id=one.commitment.product_id,
        kind=one.commitment.kind,
        base_quantity=quantity_text(one.base_quantity),
        net=quantity_text(one.net),
        drawn_at=one.drawn_at,
    )


@router.post(
    "agreements", response={201: AgreementOut}, operation_id="addAgreement", summary="Draft an agreement"
)
@needs(EDIT_PRICES)
@changes(refuses=("incomplete", "list_taken"))
def add(request: ApiRequest, body: AgreementIn) -> Reply:
    """Nothing counts until it is put in force. Its price list is its own."""
    made = operations.save_agreement(actor=request.actor, facts=_facts(request, body))
    return Reply(body=_one(request, made), status=201)


@router.put(
    "agreements/{int:agreement_id}",
    response=AgreementOut,
    operation_id="changeAgreement",
    summary="Change an agreement",
)
@needs(EDIT_PRICES)
@changes(refuses=("incomplete", "list_taken", "fixed", "terminated"))
def change(request: ApiRequest, agreement_id: int, body: AgreementIn) -> AgreementOut:
    """In force, only title, end, terms and what the customer calls it change."""
    found = _agreement(request, agreement_id)
    facts = _facts(request, body)
    return _one(request, operations.save_agreement(actor=request.actor, facts=facts, agreement=found))


@router.put(
    "agreements/{int:agreement_id}/commitments",
    response=AgreementOut,
    operation_id="commitAgreement",
    summary="What is sold at most and bought at least",
)
@needs(EDIT_PRICES)
@changes(refuses=("wrong_commitments", "still_used"))
def commit(request: ApiRequest, agreement_id: int, body: CommitmentsIn) -> AgreementOut:
    """All of them at once; what orders used stays counted."""
    found = _agreement(request, agreement_id)
    goods = Product.objects.visible_to(request.actor).filter(seller_id=found.seller_id)
    skus = [one.sku for one in body.commitments if one.sku is not None]
    by_sku = dict(goods.filter(sku__in=skus).values_list("sku", "pk"))
    rows = [
        CommitmentRow(
            one.product_id if one.sku is None else by_sku.get(one.sku, UNKNOWN),
            one.kind,
            one.measure,
            one.committed,
        )
        for one in body.commitments
    ]
    operations.save_commitments(actor=request.actor, agreement=found, rows=rows)
    return _one(request, found)


@router.post(
    "agreements/{int:agreement_id}/activate",
    response=AgreementOut,
    operation_id="activateAgreement",
    summary="Put a draft in force",
)
@needs(EDIT_PRICES)
@changes(refuses=("not_a_draft", "nothing_agreed", "over", "mixed_currencies"))
def activate(request: ApiRequest, agreement_id: int) -> AgreementOut:
    """Its price list is asked first for the customer or group, from its first day on."""
    found = _agreement(request, agreement_id)
    return _one(request, operations.activate_agreement(actor=request.actor, agreement=found))


@router.post(
    "agreements/{int:agreement_id}/terminate",
    response=AgreementOut,
    operation_id="terminateAgreement",
    summary="End an agreement before its time",
)
@needs(EDIT_PRICES)
@changes(refuses=("not_in_force", "note_missing"))
def terminate(request: ApiRequest, agreement_id: int, body: TerminateIn) -> AgreementOut:
    """Its prices end at once; orders that were placed keep theirs. The customer reads the note."""
    found = _agreement(request, agreement_id)
    return _one(request, operations.terminate_agreement(actor=request.actor, agreement=found, note=body.note))


@router.post(
    "agreements/{int:agreement_id}/renew",
    response={201: AgreementOut},
    operation_id="renewAgreement",
    summary="Draft the agreement that follows",
)
@needs(EDIT_PRICES)
@changes(refuses=("still_draft", "renewed_already", "incomplete"))
def renew(request: ApiRequest, agreement_id: int, body: RenewIn) -> Reply:
    """The same prices, changed by a percentage, in a list of their own; the same commitments, nothing used."""
    found = _agreement(request, agreement_id)
    renewal = Renewal(**body.model_dump())
    made = operations.renew_agreement(actor=request.actor, agreement=found, renewal=renewal)
    return Reply(body=_one(request, made), status=201)
