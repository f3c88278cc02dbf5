"""What a seller charges beside its goods, and the indices that surcharges follow."""

from decimal import Decimal
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from kontor.api.articles import ids_of_skus
from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.charges import (
    ChargeIn,
    ChargeOut,
    ContentsIn,
    IndexIn,
    IndexOut,
    IndexValueOut,
    IndexValuesIn,
    StepShape,
    TariffIn,
    TariffOut,
)
from kontor.api.shapes.selling import ChangedOut
from kontor.api.values import maybe_amount, maybe_price, maybe_quantity, price_text, quantity_text
from kontor.catalog.models import Category, Product
from kontor.charges import operations
from kontor.charges.models import Index, IndexValue, Rule, Tariff
from kontor.charges.operations import IndexFacts, RuleFacts, StepFacts, TariffFacts
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.kernel.actors import require
from kontor.kernel.refusal import Refused
from kontor.pricing.permissions import EDIT_PRICES

router = Router(tags=["Charges"])
TARIFF = ("incomplete", "tariff_overlaps")


def _tariff_out(one: Tariff) -> TariffOut:
    steps = [
        StepShape(
            start=quantity_text(step.start),
            amount=maybe_price(step.amount, one.currency),
            percent=maybe_quantity(step.percent),
        )
        for step in one.steps.all()
    ]
    return TariffOut(
        id=one.pk,
        currency=one.currency,
        account_id=one.account_id,
        group_id=one.group_id,
        countries=one.countries,
        postcodes=one.postcodes,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        is_none=one.is_none,
        free_from=maybe_amount(one.free_from, one.currency),
        index_base=price_text(one.index_base, one.currency),
        steps=steps,
    )


def _charge_out(one: Rule) -> ChargeOut:
    names = (
        "kind",
        "name",
        "measure",
        "code",
        "tax_category",
        "is_refundable",
        "index_id",
        "channels",
        "hazards",
        "position",
    )
    told: dict[str, Any] = {name: getattr(one, name) for name in names}
    tariffs = [_tariff_out(tariff) for tariff in one.tariffs.all()]
    return ChargeOut(id=one.pk, per=quantity_text(one.per), tariffs=tariffs, **told)


def _own(request: ApiRequest) -> Any:
    require(request.actor, EDIT_PRICES)
    return Rule.objects.visible_to(request.actor).select_related("index").prefetch_related("tariffs__steps")


def _charge(request: ApiRequest, charge_id: int) -> Rule:
    found: Rule = get_object_or_404(_own(request), pk=charge_id)
    return found


def _facts(request: ApiRequest, body: ChargeIn) -> RuleFacts:
    actor = request.actor
    wrong = {}
    categories = list(Category.objects.filter(path__in=body.category_paths))
    if len(categories) < len(set(body.category_paths)):
        wrong["category_paths"] = _("There is no such category.")
    products = list(Product.objects.visible_to(actor).filter(seller_id=actor.company_id, sku__in=body.skus))
    if len(products) < len(set(body.skus)):
        wrong["skus"] = _("No article with this number is sold here.")
    index = None
    if body.index_id is not None:
        index = Index.objects.visible_to(actor).filter(pk=body.index_id).first()
        if index is None:
            wrong["index_id"] = _("Choose one of your indices.")
    if wrong:
        raise Refused("incomplete", _("The charge was not saved. Correct the marked fields."), wrong)
    given = body.model_dump(exclude={"index_id", "category_paths", "skus", "measure", "per"})
    return RuleFacts(
        **given,
        measure=body.measure or "",
        per=body.per or Decimal(1),
        index=index,
        categories=categories,
        products=products,
    )


@router.get("charges", response=Page[ChargeOut], operation_id="listCharges", summary="Charges")
@needs(EDIT_PRICES)
@reads(refuses=("not_allowed",))
def charges(request: ApiRequest) -> Page[ChargeOut]:
    """The own company's, with their tariffs. Buyers see what comes out of them, in carts and orders."""
    return Page(items=[_charge_out(one) for one in _own(request)], next=None)


@router.post("charges", response={201: ChargeOut}, operation_id="addCharge", summary="Add a charge")
@needs(EDIT_PRICES)
@changes(refuses=("incomplete", "name_taken"))
def add(request: ApiRequest, body: ChargeIn) -> Reply:
    """It charges nothing before it has a tariff."""
    require(request.actor, EDIT_PRICES)
    saved = operations.save_rule(actor=request.actor, facts=_facts(request, body))
    return Reply(body=_charge_out(saved), status=201)


@router.put(
    "charges/{int:charge_id}", response=ChargeOut, operation_id="changeCharge", summary="Change a charge"
)
@needs(EDIT_PRICES)
@changes(refuses=("incomplete", "name_taken", "measure_fixed"))
def change(request: ApiRequest, charge_id: int, body: ChargeIn) -> ChargeOut:
    """What it is measured by stays once it has tariffs."""
    rule = _charge(request, charge_id)
    return _charge_out(operations.save_rule(actor=request.actor, facts=_facts(request, body), rule=rule))


@router.delete(
    "charges/{int:charge_id}", response={204: None}, operation_id="deleteCharge", summary="Delete a charge"
)
@needs(EDIT_PRICES)
@changes(refuses=("not_allowed",))
def delete(request: ApiRequest, charge_id: int) -> None:
    """With its tariffs. Orders and invoices keep what they bear."""
    operations.delete_rule(actor=request.actor, rule=_charge(request, charge_id))


def _tariff_facts(request: ApiRequest, body: TariffIn) -> TariffFacts:
    actor, wrong = request.actor, {}
    account = group = None
    if body.account_id is not None:
        own = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id)
        account = own.filter(pk=body.account_id).first()
        if account is None:
            wrong["account_id"] = _("This is not one of your customers.")
    if body.group_id is not None:
        group = CustomerGroup.objects.visible_to(actor).filter(pk=body.group_id).first()
        if group is None:
            wrong["group_id"] = _("Choose one of your groups.")
    if wrong:
        raise Refused("incomplete", _("The tariff was not saved. Correct the marked fields."), wrong)
    given = body.model_dump(exclude={"account_id", "group_id", "steps", "index_base"})
    steps = [StepFacts(step.start, step.amount, step.percent) for step in body.steps]
    base = body.index_base or Decimal(0)
    return TariffFacts(**given, account=account, group=group, steps=steps, index_base=base)


@router.post(
    "charges/{int:charge_id}/tariffs",
    response={201: TariffOut},
    operation_id="addTariff",
    summary="Add a tariff",
)
@needs(EDIT_PRICES)
@changes(refuses=TARIFF)
def add_tariff(request: ApiRequest, charge_id: int, body: TariffIn) -> Reply:
    """How much, for whom, where and when."""
    rule = _charge(request, charge_id)
    saved = operations.save_tariff(actor=request.actor, rule=rule, facts=_tariff_facts(request, body))
    return Reply(body=_tariff_out(saved), status=201)


@router.put(
    "charges/{int:charge_id}/tariffs/{int:tariff_id}",
    response=TariffOut,
    operation_id="changeTariff",
    summary="Change a tariff",
)
@needs(EDIT_PRICES)
@changes(refuses=TARIFF)
def change_tariff(request: ApiRequest, charge_id: int, tariff_id: int, body: TariffIn) -> TariffOut:
    """Its steps are those given."""
    rule = _charge(request, charge_id)
    tariff = get_object_or_404(rule.tariffs, pk=tariff_id)
    facts = _tariff_facts(request, body)
    return _tariff_out(operations.save_tariff(actor=request.actor, rule=rule, facts=facts, tariff=tariff))


@router.delete(
    "charges/{int:charge_id}/tariffs/{int:tariff_id}",
    response={204: None},
    operation_id="deleteTariff",
    summary="Remove a tariff",
)
@needs(EDIT_PRICES)
@changes(refuses=("not_allowed",))
def delete_tariff(request: ApiRequest, charge_id: int, tariff_id: int) -> None:
    """A wider one that there is counts from now on."""
    tariff = get_object_or_404(_charge(request, charge_id).tariffs, pk=tariff_id)
    operations.delete_tariff(actor=request.actor, tariff=tariff)


def _index_out(one: Index) -> IndexOut:
    return IndexOut(
        id=one.pk,
        code=one.code,
        name=one.name,
        currency=one.currency,
        per=quantity_text(one.per),
        unit=one.unit,
    )


def _index(request: ApiRequest, index_id: int) -> Index:
    require(request.actor, EDIT_PRICES)
    return get_object_or_404(Index.objects.visible_to(request.actor), pk=index_id)


@router.get(
    "price-indices", response=Page[IndexOut], operation_id="listIndices", summary="Indices of surcharges"
)
@needs(EDIT_PRICES)
@reads(refuses=("not_allowed",))
def indices(request: ApiRequest) -> Page[IndexOut]:
    """Quotations of metals and energy that the own surcharges follow."""
    require(request.actor, EDIT_PRICES)
    return Page(items=[_index_out(one) for one in Index.objects.visible_to(request.actor)], next=None)


@router.post("price-indices", response={201: IndexOut}, operation_id="addIndex", summary="Add an index")
@needs(EDIT_PRICES)
@changes(refuses=("incomplete", "code_taken"))
def add_index(request: ApiRequest, body: IndexIn) -> Reply:
    """Its quotation stays once it has values."""
    saved = operations.save_index(actor=request.actor, facts=IndexFacts(**body.model_dump()))
    return Reply(body=_index_out(saved), status=201)


@router.get(
    "price-indices/{int:index_id}/values",
    response=Page[IndexValueOut],
    operation_id="listIndexValues",
    summary="The values of an index",
)
@needs(EDIT_PRICES)
@reads(refuses=("not_allowed", "bad_cursor"))
def values(request: ApiRequest, index_id: int, paging: Annotated[PageAsk, Query()]) -> Page[IndexValueOut]:
    """Those written last first."""
    index = _index(request, index_id)

    def shown(one: IndexValue) -> IndexValueOut:
        return IndexValueOut(day=one.day, value=price_text(one.value, index.currency))

    return page(request, newest_first(index.values.all(), paging, name=f"index:{index_id}"), shown)


@router.post(
    "price-indices/{int:index_id}/values",
    response=ChangedOut,
    operation_id="setIndexValues",
    summary="Write values of an index",
)
@needs(EDIT_PRICES)
@changes(refuses=("wrong_values",))
def set_values(request: ApiRequest, index_id: int, body: IndexValuesIn) -> ChangedOut:
    """What it stands at from each day on; orders that were placed keep their surcharges."""
    rows = [(row.day, row.value) for row in body.rows]
    index = _index(request, index_id)
    return ChangedOut(changed=operations.set_index_values(actor=request.actor, index=index, values=rows))


@router.post(
    "price-indices/{int:index_id}/contents",
    response=ChangedOut,
    operation_id="setIndexContents",
    summary="Write how much of an index is in articles",
)
@needs(EDIT_PRICES)
@changes(refuses=("wrong_values", "unknown_article"))
def set_contents(request: ApiRequest, index_id: int, body: ContentsIn) -> ChangedOut:
    """Kilograms of copper in a metre, say; up to 10,000 articles at once."""
    index = _index(request, index_id)
    named: list[tuple[int | None, str | None]] = [(None, row.sku) for row in body.rows]
    ids = ids_of_skus(request.actor, index.seller_id, named, place="rows")
    found = Product.objects.visible_to(request.actor).in_bulk(ids)
    rows = [(found[pk], row.amount) for pk, row in zip(ids, body.rows, strict=True)]
    return ChangedOut(changed=operations.set_contents(actor=request.actor, index=index, contents=rows))
