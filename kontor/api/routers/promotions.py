"""A seller's promotions and their codes, and a basket to try them on."""

from typing import Annotated

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.promotions import (
    BatchOut,
    CodeOut,
    CodesIn,
    GiftOut,
    PromotionIn,
    PromotionOut,
    SaidOut,
    TrialIn,
    TriedLineOut,
    TriedOut,
)
from kontor.api.values import amount_text, maybe_amount, quantity_text
from kontor.companies.models import CustomerAccount
from kontor.kernel import clock
from kontor.kernel.actors import require
from kontor.promotions import operations
from kontor.promotions.models import CodeBatch, Coupon, Promotion
from kontor.promotions.operations import CodesWanted, PromotionFacts
from kontor.promotions.overview import promotions_of, shown
from kontor.promotions.permissions import EDIT_PROMOTIONS
from kontor.promotions.trial import Trial, Wish, tried

router = Router(tags=["Promotions"])
PLAIN = (
    "name", "names", "note", "is_active", "valid_from", "valid_until", "priority", "stacking", "currency",
    "conditions", "effects", "below_floor", "needs_code", "limit_total", "limit_company", "limit_person",
)  # fmt: skip
SAVES = ("incomplete", "below_floor", "already_used", "currency_fixed")


def _own(request: ApiRequest, promotion_id: int) -> Promotion:
    require(request.actor, EDIT_PROMOTIONS)
    return get_object_or_404(promotions_of(request.actor), pk=promotion_id)


def _facts(body: PromotionIn) -> PromotionFacts:
    return PromotionFacts(
        **body.model_dump(exclude={"conditions", "effects"}),
        conditions=body.conditions.model_dump(exclude_none=True),
        effects=[effect.model_dump(exclude_none=True) for effect in body.effects],
    )


def _outs(request: ApiRequest, rows: list[Promotion]) -> list[PromotionOut]:
    return [
        PromotionOut(
            id=one.promotion.pk,
            **{name: getattr(one.promotion, name) for name in PLAIN},
            state=one.state,
            text=one.text,
            most=maybe_amount(one.promotion.most, one.promotion.currency),
            budget=maybe_amount(one.promotion.budget, one.promotion.currency),
            uses=one.uses,
            given=amount_text(one.amount, one.promotion.currency),
        )
        for one in shown(request.actor, rows, clock.now())
    ]


def _out(request: ApiRequest, promotion_id: int) -> PromotionOut:
    return _outs(request, [_own(request, promotion_id)])[0]


@router.get("promotions", response=Page[PromotionOut], operation_id="listPromotions", summary="Promotions")
@needs(EDIT_PROMOTIONS)
@reads(refuses=("not_allowed", "bad_cursor"))
def listed(request: ApiRequest, paging: Annotated[PageAsk, Query()]) -> Page[PromotionOut]:
    """The own company's, newest first, with what they do in plain sentences."""
    require(request.actor, EDIT_PROMOTIONS)
    found = newest_first(promotions_of(request.actor), paging, name="promotions")
    by_id = {one.id: one for one in _outs(request, found.rows)}
    return page(request, found, lambda row: by_id[row.pk])


@router.get(
    "promotions/{int:promotion_id}",
    response=PromotionOut,
    operation_id="getPromotion",
    summary="One promotion",
)
@needs(EDIT_PROMOTIONS)
@reads(refuses=("not_allowed",))
def one(request: ApiRequest, promotion_id: int) -> PromotionOut:
    """With its uses that were not given back, and what they came to."""
    return _out(request, promotion_id)


@router.post(
    "promotions", response={201: PromotionOut}, operation_id="addPromotion", summary="Add a promotion"
)
@needs(EDIT_PROMOTIONS)
@changes(refuses=SAVES)
def add(request: ApiRequest, body: PromotionIn) -> Reply:
    """With `is_active` it counts at once, from `valid_from` on."""
    saved = operations.save_promotion(actor=request.actor, facts=_facts(body))
    return Reply(body=_out(request, saved.pk), status=201)


@router.put(
    "promotions/{int:promotion_id}",
    response=PromotionOut,
    operation_id="changePromotion",
    summary="Change a promotion",
)
@needs(EDIT_PROMOTIONS)
@changes(refuses=SAVES)
def change(request: ApiRequest, promotion_id: int, body: PromotionIn) -> PromotionOut:
    """It counts from now on; orders that were placed keep what they got."""
    found, facts = _own(request, promotion_id), _facts(body)
    operations.save_promotion(actor=request.actor, facts=facts, promotion=found)
    return _out(request, promotion_id)


@router.post(
    "promotions/{int:promotion_id}/start",
    response=PromotionOut,
    operation_id="startPromotion",
    summary="Start a promotion",
)
@needs(EDIT_PROMOTIONS)
@changes()
def start(request: ApiRequest, promotion_id: int) -> PromotionOut:
    """Between its dates, if it has any."""
    found = _own(request, promotion_id)
    operations.set_promotion_active(actor=request.actor, promotion=found, is_active=True)
    return _out(request, promotion_id)


@router.post(
    "promotions/{int:promotion_id}/stop",
    response=PromotionOut,
    operation_id="stopPromotion",
    summary="Stop a promotion",
)
@needs(EDIT_PROMOTIONS)
@changes()
def stop(request: ApiRequest, promotion_id: int) -> PromotionOut:
    """At once, for every order that is not yet placed."""
    found = _own(request, promotion_id)
    operations.set_promotion_active(actor=request.actor, promotion=found, is_active=False)
    return _out(request, promotion_id)


@router.delete(
    "promotions/{int:promotion_id}",
    response={204: None},
    operation_id="deletePromotion",
    summary="Delete a promotion",
)
@needs(EDIT_PROMOTIONS)
@changes(refuses=("was_used",))
def delete(request: ApiRequest, promotion_id: int) -> Reply:
    """With its codes, while no order has had it."""
    operations.delete_promotion(actor=request.actor, promotion=_own(request, promotion_id))
    return Reply(status=204)


def _batch_out(one: CodeBatch) -> BatchOut:
    return BatchOut(id=one.pk, name=one.name, count=one.count, made_at=one.made_at, stopped_at=one.stopped_at)


@router.post(
    "promotions/{int:promotion_id}/codes",
    response={201: BatchOut},
    operation_id="makeCodes",
    summary="Make codes",
)
@needs(EDIT_PROMOTIONS)
@changes(refuses=("incomplete", "needs_no_code", "code_taken"))
def make(request: ApiRequest, promotion_id: int, body: CodesIn) -> Reply:
    """Up to 100,000 at once; they are read from the list of codes."""
    found, wanted = _own(request, promotion_id), CodesWanted(**body.model_dump())
    batch = operations.make_codes(actor=request.actor, promotion=found, wanted=wanted)
    return Reply(body=_batch_out(batch), status=201)


@router.get(
    "promotions/{int:promotion_id}/codes",
    response=Page[CodeOut],
    operation_id="listCodes",
    summary="The codes of a promotion",
)
@needs(EDIT_PROMOTIONS)
@reads(refuses=("not_allowed", "bad_cursor"))
def codes(request: ApiRequest, promotion_id: int, paging: Annotated[PageAsk, Query()]) -> Page[CodeOut]:
    """Of all batches, newest first."""
    rows = Coupon.objects.filter(promotion=_own(request, promotion_id))

    def told(one: Coupon) -> CodeOut:
        return CodeOut(code=one.code, batch_id=one.batch_id, uses_limit=one.uses_limit, used=one.used)

    return page(request, newest_first(rows, paging, name=f"codes:{promotion_id}"), told)


@router.post(
    "promotions/codes/{int:batch_id}/stop",
    response=BatchOut,
    operation_id="stopCodes",
    summary="Stop the codes of a batch",
)
@needs(EDIT_PROMOTIONS)
@changes()
def stop_batch(request: ApiRequest, batch_id: int) -> BatchOut:
    """They are accepted no longer; what was ordered with them stays."""
    require(request.actor, EDIT_PROMOTIONS)
    own = Promotion.objects.visible_to(request.actor)
    batches = CodeBatch.objects.select_related("promotion").filter(promotion__in=own)
    batch = get_object_or_404(batches, pk=batch_id)
    operations.stop_codes(actor=request.actor, batch=batch)
    batch.refresh_from_db()
    return _batch_out(batch)


@router.post("promotions/try", response=TriedOut, operation_id="tryPromotions", summary="Try a basket")
@needs(EDIT_PROMOTIONS)
@reads(refuses=("not_allowed",))
def attempt(request: ApiRequest, body: TrialIn) -> TriedOut:
    """What a customer pays before and after promotions, and why others do not count. Nothing is used."""
    require(request.actor, EDIT_PROMOTIONS)
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    account = get_object_or_404(own.select_related("seller"), pk=body.account_id)
    found = tried(
        Trial(
            account=account,
            wishes=[Wish(line.sku, line.quantity, line.unit) for line in body.lines],
            at=body.at or clock.now(),
            codes=body.codes,
            channel=body.channel,
            as_if_active=body.promotion_id,
        )
    )
    currency = found.currency
    return TriedOut(
        currency=currency,
        before=amount_text(found.before, currency),
        allowance=amount_text(found.allowance, currency),
        after=amount_text(found.after, currency),
        frees_freight=found.judged.free_freight is not None,
        lines=[
            TriedLineOut(
                sku=line.wish.sku,
                problem=line.problem,
                net=amount_text(line.net, currency),
                allowance=amount_text(line.allowance, currency),
                promotions=list(line.names),
            )
            for line in found.lines
        ],
        promotions=[
            SaidOut(
                promotion_id=said.promotion_id,
                name=said.name,
                counts=said.counts,
                amount=amount_text(said.amount, currency),
                reason=said.reason,
            )
            for said in found.said
        ],
        gifts=[GiftOut(sku=sku, quantity=quantity_text(quantity)) for sku, quantity in found.gifts],
        refused=dict(found.judged.refused),
        missed=list(found.judged.missed),
    )
