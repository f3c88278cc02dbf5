"""Taxes: what goods may be, rates, where the own company is registered, how it deals with evidence."""

from typing import Annotated

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.selling import ChangedOut
from kontor.api.shapes.taxes import (
    TaxCategoryOut,
    TaxPolicyIn,
    TaxPolicyOut,
    TaxRateOut,
    TaxRatesIn,
    TaxRegistrationIn,
    TaxRegistrationOut,
)
from kontor.api.values import quantity_text
from kontor.companies.ownership import own_company_id
from kontor.kernel.actors import require
from kontor.kernel.refusal import Refused
from kontor.taxes import operations
from kontor.taxes.models import Policy, Registration, TaxRate
from kontor.taxes.operations import PolicyFacts, RateFacts, RegistrationFacts
from kontor.taxes.operations.rates import RATED, rate_of
from kontor.taxes.permissions import EDIT_RATES, MANAGE_TAXES
from kontor.taxes.queries import policy_of
from kontor.taxes.wording import category_names

router = Router(tags=["Taxes"])
REGISTRATION = ("registration_wrong", "registered_already")


@router.get(
    "tax-categories",
    response=Page[TaxCategoryOut],
    operation_id="listTaxCategories",
    summary="Tax categories",
)
@reads()
def categories(request: ApiRequest) -> Page[TaxCategoryOut]:
    """What goods may be, with names in the reader's language."""
    items = [
        TaxCategoryOut(code=code, name=name, has_rate=code in RATED)
        for code, name in category_names().items()
    ]
    return Page(items=items, next=None)


def _registration_out(one: Registration) -> TaxRegistrationOut:
    plain = ("country", "region", "number", "scheme", "valid_from", "valid_until")
    return TaxRegistrationOut(id=one.pk, **{name: getattr(one, name) for name in plain})


def _registration(request: ApiRequest, registration_id: int) -> Registration:
    require(request.actor, MANAGE_TAXES)
    return get_object_or_404(Registration.objects.visible_to(request.actor), pk=registration_id)


@router.get(
    "tax-registrations",
    response=Page[TaxRegistrationOut],
    operation_id="listTaxRegistrations",
    summary="Where the own company is registered for tax",
)
@needs(MANAGE_TAXES)
@reads(refuses=("not_allowed",))
def registrations(request: ApiRequest) -> Page[TaxRegistrationOut]:
    """Beside its own VAT id."""
    require(request.actor, MANAGE_TAXES)
    rows = Registration.objects.visible_to(request.actor)
    return Page(items=[_registration_out(one) for one in rows], next=None)


@router.post(
    "tax-registrations",
    response={201: TaxRegistrationOut},
    operation_id="addTaxRegistration",
    summary="Add a registration",
)
@needs(MANAGE_TAXES)
@changes(refuses=REGISTRATION)
def add_registration(request: ApiRequest, body: TaxRegistrationIn) -> Reply:
    """Counts for orders from its first day on."""
    facts = RegistrationFacts(**body.model_dump())
    saved = operations.save_registration(actor=request.actor, facts=facts)
    return Reply(body=_registration_out(saved), status=201)


@router.put(
    "tax-registrations/{int:registration_id}",
    response=TaxRegistrationOut,
    operation_id="changeTaxRegistration",
    summary="Change a registration",
)
@needs(MANAGE_TAXES)
@changes(refuses=REGISTRATION)
def change_registration(
    request: ApiRequest, registration_id: int, body: TaxRegistrationIn
) -> TaxRegistrationOut:
    """One that is over is ended by its last day."""
    found = _registration(request, registration_id)
    facts = RegistrationFacts(**body.model_dump())
    saved = operations.save_registration(actor=request.actor, facts=facts, registration=found)
    return _registration_out(saved)


@router.delete(
    "tax-registrations/{int:registration_id}",
    response={204: None},
    operation_id="removeTaxRegistration",
    summary="Remove a registration that was entered by mistake",
)
@needs(MANAGE_TAXES)
@changes(refuses=("not_allowed",))
def remove_registration(request: ApiRequest, registration_id: int) -> None:
    """Orders that exist stay as they are."""
    found = _registration(request, registration_id)
    operations.remove_registration(actor=request.actor, registration=found)


def _policy_out(one: Policy) -> TaxPolicyOut:
    return TaxPolicyOut(**{name: getattr(one, name) for name in TaxPolicyOut.model_fields})


@router.get(
    "tax-policy", response=TaxPolicyOut, operation_id="getTaxPolicy", summary="How evidence is dealt with"
)
@needs(MANAGE_TAXES)
@reads(refuses=("not_allowed",))
def policy(request: ApiRequest) -> TaxPolicyOut:
    """The own company's, or the defaults."""
    require(request.actor, MANAGE_TAXES)
    return _policy_out(policy_of(own_company_id(request.actor)))


@router.put(
    "tax-policy", response=TaxPolicyOut, operation_id="setTaxPolicy", summary="Say how evidence is dealt with"
)
@needs(MANAGE_TAXES)
@changes(refuses=("policy_wrong",))
def set_policy(request: ApiRequest, body: TaxPolicyIn) -> TaxPolicyOut:
    """Orders and invoices from now on follow it."""
    facts = PolicyFacts(**body.model_dump())
    return _policy_out(operations.save_policy(actor=request.actor, facts=facts))


def _rate_out(one: TaxRate) -> TaxRateOut:
    plain = ("country", "region", "city", "postal_prefix", "name", "category", "valid_from", "source")
    return TaxRateOut(id=one.pk, rate=quantity_text(one.rate), **{name: getattr(one, name) for name in plain})


@router.get("tax-rates", response=Page[TaxRateOut], operation_id="listTaxRates", summary="Tax rates")
@needs(EDIT_RATES)
@reads(refuses=("not_allowed", "bad_cursor"))
def rates(
    request: ApiRequest,
    paging: Annotated[PageAsk, Query()],
    country: Annotated[str, Query(max_length=2)] = "",
) -> Page[TaxRateOut]:
    """Those written last first. For the operator, whose rates are those of all sellers."""
    require(request.actor, EDIT_RATES)
    rows = TaxRate.objects.filter(country=country) if country else TaxRate.objects.all()
    return page(request, newest_first(rows, paging, name="tax-rates"), _rate_out)


@router.post("tax-rates", response=ChangedOut, operation_id="setTaxRates", summary="Write tax rates")
@needs(EDIT_RATES)
@changes(refuses=("rates_wrong",))
def set_rates(request: ApiRequest, body: TaxRatesIn) -> ChangedOut:
    """All or none; orders that were placed keep their rates."""
    require(request.actor, EDIT_RATES)
    rows: list[RateFacts] = []
    wrong: dict[str, str] = {}
    for at, given in enumerate(body.rows):
        texts = {name: str(value) for name, value in given.model_dump().items()}
        row = rate_of(texts, request.actor.name)
        if isinstance(row, str):
            wrong[f"rows/{at}"] = row
        else:
            rows.append(row)
    if wrong:
        raise Refused("rates_wrong", _("Some rates are wrong. Nothing was saved."), wrong)
    return ChangedOut(changed=operations.save_rates(actor=request.actor, rows=rows))


@router.post(
    "tax-rates/shipped",
    response=ChangedOut,
    operation_id="takeShippedTaxRates",
    summary="Add the rates that come with Kontor",
)
@needs(EDIT_RATES)
@changes(refuses=("not_allowed",))
def take_shipped(request: ApiRequest) -> ChangedOut:
    """What is there already stays as it is."""
    return ChangedOut(changed=operations.take_shipped_rates(actor=request.actor))


@router.delete(
    "tax-rates/{int:rate_id}", response={204: None}, operation_id="removeTaxRate", summary="Remove a tax rate"
)
@needs(EDIT_RATES)
@changes(refuses=("not_allowed",))
def remove_rate(request: ApiRequest, rate_id: int) -> None:
    """What stood before it counts again."""
    require(request.actor, EDIT_RATES)
    operations.remove_rate(actor=request.actor, rate=get_object_or_404(TaxRate, pk=rate_id))
