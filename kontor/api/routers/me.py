"""Who the caller is: the first request that a new program sends."""

from ninja import Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import reads
from kontor.api.shapes.me import Me
from kontor.api.values import maybe_amount

router = Router(tags=["Account"])


@router.get("me", response=Me, operation_id="getMe", summary="Who I am and what I may do")
@reads()
def me(request: ApiRequest) -> Me:
    """The company, roles and capabilities behind this key or session."""
    actor, known = request.actor, request.identity
    return Me(
        name=actor.name,
        company_id=actor.company_id,
        company=actor.company_name,
        is_seller=actor.is_seller,
        is_buyer=known.is_buyer,
        roles=sorted(known.roles),
        capabilities=sorted(actor.capabilities),
        order_limit=maybe_amount(actor.order_limit, known.currency or "EUR"),
        currency=known.currency or None,
        read_only=bool(request.__dict__.get("bearer") and request.bearer and request.bearer.is_read_only),
        acting_for=actor.acting_for_name or None,
    )
