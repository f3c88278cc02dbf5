"""Options of configurable products: read by everybody who sees the product, stated by its seller."""

from django.http import Http404
from django.utils.translation import get_language
from ninja import Router

from kontor.api.doors import EVERYBODY, ApiRequest, PublicRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.preconditions import revision_asked
from kontor.api.routers.products import OWN, own_product
from kontor.api.shapes.options import BlockedOut, OptionsIn, OptionsOut, SelectionIn, SelectionOut
from kontor.catalog.models import Configuration
from kontor.catalog.operations import save_options
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import options_of
from kontor.goods.option_texts import against, problem_text
from kontor.goods.options import Options, code_of, impossible, problems_of, read_options, written
from kontor.search.queries import ProductDetail, product_detail

router = Router(tags=["Catalog"], auth=EVERYBODY)


def _seen(request: PublicRequest, product_id: int) -> tuple[ProductDetail, Options]:
    detail = product_detail(request.identity.viewer, product_id, actor=request.__dict__.get("actor"))
    if detail is None:
        raise Http404
    return detail, options_of([product_id]).get(product_id, Options())


@router.get(
    "products/{int:product_id}/options",
    response=OptionsOut,
    operation_id="getProductOptions",
    summary="What can be chosen of a product",
)
@reads()
def options(request: PublicRequest, product_id: int) -> Reply:
    """Groups, choices and rules, with the product's revision as the version that a change must name."""
    detail, stated = _seen(request, product_id)
    return Reply(body=OptionsOut.model_validate(written(stated)), version=str(detail.revision))


@router.put(
    "products/{int:product_id}/options",
    response=OptionsOut,
    operation_id="setProductOptions",
    summary="State what can be chosen of an own product",
    **OWN,
)
@needs(EDIT_CATALOG)
@changes(refuses=("incomplete", "not_configurable", "contradictory", "too_tangled", "stale"), if_match=True)
def state(request: ApiRequest, product_id: int, body: OptionsIn) -> Reply:
    """All of it at once. Contradictory rules are refused and named; what was ordered stays as it was."""
    own = own_product(request, product_id)
    saved = save_options(
        actor=request.actor,
        product=own,
        options=read_options(body.model_dump()),
        revision=revision_asked(request, own.revision),
    )
    stated = options_of([saved.pk]).get(saved.pk, Options())
    return Reply(body=OptionsOut.model_validate(written(stated)), version=str(saved.revision))


@router.post(
    "products/{int:product_id}/configuration",
    response=SelectionOut,
    operation_id="checkConfiguration",
    summary="What choices come to",
)
@reads()
def check(request: PublicRequest, product_id: int, body: SelectionIn) -> SelectionOut:
    """Changes nothing: whether the choices are whole, what cannot be chosen beside them, and the SKU to order by.

    Ask for the price of that SKU with `queryPrices`.
    """
    detail, stated = _seen(request, product_id)
    chosen = list(dict.fromkeys(code.upper() for code in body.choices))
    language = get_language() or ""
    problems = [problem_text(stated, one, language) for one in problems_of(stated, chosen)]
    blocked = impossible(stated, chosen)
    taken = stated.in_order(chosen)
    grams = detail.weight_grams
    return SelectionOut(
        sku=None if problems or not stated.groups else Configuration.sku(detail.sku, code_of(chosen)),
        problems=problems,
        impossible=[
            BlockedOut(
                code=code, against=others, message=against(stated, stated.group_of[code], others, language)
            )
            for code, others in blocked.items()
        ],
        lead_days=detail.lead_days + sum(one.lead_days for one in taken),
        weight_grams=None if grams is None else grams + sum(one.weight_grams for one in taken),
    )
