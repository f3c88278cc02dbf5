"""What happened with an order, and what both sides wrote about it."""

from ninja import Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page
from kontor.api.routers.orders import order_of
from kontor.api.shapes.orders import EntryOut, MessageIn, MessageOut
from kontor.messaging.operations import write_message
from kontor.messaging.permissions import WRITE_MESSAGES
from kontor.messaging.queries import thread_of
from kontor.orders.timeline import timeline

router = Router(tags=["Orders"])


@router.get(
    "orders/{int:order_id}/timeline",
    response=Page[EntryOut],
    operation_id="getOrderTimeline",
    summary="What happened with an order",
)
@reads()
def history(request: ApiRequest, order_id: int) -> Page[EntryOut]:
    """The trail and the messages, oldest first, as the caller's side sees them."""
    entries = timeline(order_of(request, order_id), request.actor)
    names = EntryOut.model_fields
    return Page(
        items=[EntryOut(**{name: getattr(one, name) for name in names}) for one in entries], next=None
    )


@router.get(
    "orders/{int:order_id}/messages",
    response=Page[MessageOut],
    operation_id="listOrderMessages",
    summary="Messages about an order",
)
@reads()
def messages(request: ApiRequest, order_id: int) -> Page[MessageOut]:
    """What both sides wrote, oldest first."""
    conversation = thread_of(("order", order_of(request, order_id).pk), request.actor)
    rows = conversation.messages if conversation else []
    items = [
        MessageOut(
            id=one.pk, sent_at=one.sent_at, author=one.author_name, company=str(one.company), body=one.body
        )
        for one in rows
    ]
    return Page(items=items, next=None)


@router.post(
    "orders/{int:order_id}/messages",
    response={201: MessageOut},
    operation_id="writeOrderMessage",
    summary="Write about an order",
)
@needs(WRITE_MESSAGES)
@changes(refuses=("message_empty", "message_too_long"))
def write(request: ApiRequest, order_id: int, body: MessageIn) -> Reply:
    """The other side is told and owes the answer."""
    order = order_of(request, order_id)
    message = write_message(
        actor=request.actor,
        subject=("order", order.pk),
        title=order.number,
        buyer_id=order.buyer_id,
        seller_id=order.seller_id,
        body=body.body,
    )
    out = MessageOut(
        id=message.pk,
        sent_at=message.sent_at,
        author=message.author_name,
        company=request.actor.company_name,
        body=message.body,
    )
    return Reply(body=out, status=201)
