"""The own assortment at own prices, as a file."""

from typing import Annotated, Literal

from django.http import FileResponse, StreamingHttpResponse
from ninja import Query, Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import reads
from kontor.exchange import folder
from kontor.kernel.refusal import NotAllowed
from kontor.publishing.pricefiles import FORMS, PriceFile, kept_run, write_prices
from kontor.search.queries import viewer_for

router = Router(tags=["Catalog"])
Form = Literal["csv", "xlsx", "jsonl"]


@router.get(
    "price-file",
    response={200: None},
    operation_id="getPriceFile",
    summary="Own assortment with own prices and stock, as a file",
)
@reads(media="text/csv", refuses=("not_allowed",))
def price_file(
    request: ApiRequest,
    form: Annotated[Form, Query()] = "csv",
    seller_id: Annotated[int | None, Query(ge=1)] = None,
    fresh: Annotated[bool, Query()] = False,
) -> StreamingHttpResponse:
    """All articles that the company may order, with its own part numbers, prices with breaks, units, availability and
    lead time. `form` csv, xlsx or jsonl. Where a file is made every night, that one is sent, with an ETag; `fresh` has
    one made now."""
    actor = request.actor
    if actor.buying_company_id is None:
        raise NotAllowed("not_allowed", "")
    seller_id = actor.company_id if actor.acting_for_id else seller_id
    viewer = viewer_for(actor.buying_company_id)
    kept = None if fresh or seller_id else kept_run(viewer, form)
    if kept is not None and (path := folder.fetched(kept.file)).exists():
        response: StreamingHttpResponse = FileResponse(path.open("rb"), content_type=FORMS[form].media_type)
        response.headers["ETag"] = f'"{kept.digest[:32]}"'
    else:
        pieces = write_prices(PriceFile(form=form, viewer=viewer, seller_id=seller_id))
        response = StreamingHttpResponse(pieces, content_type=FORMS[form].media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="prices.{FORMS[form].ending}"'
    return response
