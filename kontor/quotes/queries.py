"""What pages and API read of requests and offers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO, line_net
from kontor.quotes.models import Offer, OfferLine, QuoteRequest, QuoteRequestLine
from kontor.quotes.permissions import ANSWER_QUOTES, REQUEST_QUOTES
from kontor.quotes.rules import Side, moves_from, whose_turn

PAGE = 50
REQUESTS = """
SELECT q.id, q.number, q.status, q.currency, q.requested_at, q.requested_by_name, q.buyer_id,
    COALESCE(NULLIF(b.trade_name, ''), b.legal_name), q.seller_id, COALESCE(NULLIF(s.trade_name, ''), s.legal_name),
    (SELECT count(*) FROM quotes_request_line l WHERE l.request_id = q.id), o.version, o.net_total, o.valid_until
FROM quotes_request q
JOIN companies_company b ON b.id = q.buyer_id
JOIN companies_company s ON s.id = q.seller_id
LEFT JOIN LATERAL (
    SELECT version, net_total, valid_until FROM quotes_offer
    WHERE request_id = q.id AND status <> 'draft' ORDER BY version DESC LIMIT 1
) o ON true
WHERE ((%(asks)s AND q.buyer_id = %(buyer)s AND (%(only_seller)s::bigint IS NULL OR q.seller_id = %(only_seller)s))
    OR (%(answers)s AND q.seller_id = %(seller)s))
    AND (%(statuses)s::text[] IS NULL OR q.status = ANY (%(statuses)s::text[]))
    AND (%(counterpart)s::bigint IS NULL OR %(counterpart)s IN (q.buyer_id, q.seller_id))
    AND (%(words)s = '' OR strpos(lower(q.number), %(words)s) > 0 OR strpos(lower(b.legal_name), %(words)s) > 0
        OR strpos(lower(s.legal_name), %(words)s) > 0)
    AND (%(before)s::bigint IS NULL OR q.id < %(before)s)
ORDER BY q.id DESC LIMIT %(limit)s
"""
HISTORY = """
SELECT DISTINCT ON (l.product_id, l.configuration_id) l.configuration_id, l.product_id, q.number, o.version, o.status,
    o.sent_at, l.quantity, l.unit,
    l.unit_price, l.price_base, q.currency
FROM quotes_offer_line l
JOIN quotes_offer o ON o.id = l.offer_id AND o.status <> 'draft'
JOIN quotes_request q ON q.id = o.request_id
WHERE q.buyer_id = %(buyer)s AND q.seller_id = %(seller)s AND q.id <> %(request)s
    AND l.product_id IN (SELECT product_id FROM quotes_request_line WHERE request_id = %(request)s)
ORDER BY l.product_id, l.configuration_id, o.status = 'accepted' DESC, o.sent_at DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFilters:
    """What a list shows. `side` None: both sides of a company that buys and sells; `turn`: what waits for it."""

    side: Side | None = None
    statuses: tuple[str, ...] = ()
    turn: bool = False
    counterpart_id: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in a list; version, total and validity are those of the newest offer sent."""

    id: int
    number: str
    status: str
    currency: str
    requested_at: datetime
    requested_by_name: str
    buyer_id: int
    buyer_name: str
    seller_id: int
    seller_name: str
    lines: int
    version: int | None
    net_total: Decimal | None
    valid_until: datetime | None

    @property
    def is_expired(self) -> bool:
        """Whether the offer that waits for an answer can only be renewed."""
        return self.status == "offered" and self.valid_until is not None and self.valid_until < clock.now()


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Newest first; `after` goes into the next call as cursor, None at the end."""

    rows: list[RequestRow]
    after: int | None


@dataclass(frozen=True, slots=True)
class PastOffer:
    """What this buyer was last offered for an article in another request; an accepted price goes before a newer one."""

    product_id: int
    number: str
    version: int
    status: str
    sent_at: datetime
    quantity: Decimal
    unit: str
    unit_price: Decimal
    price_base: Decimal
    currency: str


Past = dict[tuple[int, int | None], PastOffer]
"""Past offers by product and configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """A line of the request beside what is offered for it; `offered` is None when the seller leaves it out.

    `list_price`, per `list_base` base units, is the buyer's own price of the offered quantity, or of the wished one
    where nothing is offered; `list_net` is what that quantity costs at it.
    """

    asked: QuoteRequestLine
    offered: OfferLine | None
    list_price: Decimal | None
    list_base: Decimal
    list_net: Decimal | None
    past: PastOffer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDetail:
    """A request with everything its page shows. `offer` is the newest one sent, `draft` only the seller sees.

    `list_total` is what the offered lines cost at the buyer's own prices, without an offer what was asked for.
    """

    request: QuoteRequest
    lines: list[ComparedLine]
    offer: Offer | None
    versions: list[Offer]
    draft: Offer | None
    side: Side
    moves: frozenset[str]
    list_total: Decimal

    @property
    def is_comparable(self) -> bool:
        """Whether something is offered, each of its lines at a price, and each has a list price."""
        given = [line for line in self.lines if line.offered]
        return bool(given) and all(
            line.list_net is not None and line.offered is not None and line.offered.unit_price is not None
            for line in given
        )

    @property
    def is_my_turn(self) -> bool:
        return whose_turn(self.request.status) is self.side


def side_of(actor: Actor, request: QuoteRequest) -> Side:
    """On which side the actor stands; a representative who acts for the customer stands on the buyer's."""
    is_seller = actor.company_id == request.seller_id and not actor.acting_for_id
    return Side.SELLER if is_seller else Side.BUYER


def requests_for(
    actor: Actor, filters: RequestFilters | None = None, cursor: int | None = None, *, limit: int = PAGE
) -> RequestPage:
    """The requests that the actor may see, newest first. One statement."""
    filters = filters or RequestFilters()
    answers = actor.is_seller and not actor.acting_for_id and filters.side is not Side.BUYER
    asks = filters.side is not Side.SELLER
    statuses = list(filters.statuses)
    if filters.turn:
        statuses = ["submitted"] if answers else ["offered"]
        asks = asks and not answers
    parameters = {
        "asks": asks,
        "answers": answers,
        "buyer": actor.buying_company_id,
        "only_seller": actor.company_id if actor.acting_for_id else None,
        "seller": actor.company_id,
        "statuses": statuses or None,
        "counterpart": filters.counterpart_id,
        "words": filters.words.strip().lower(),
        "before": cursor,
        "limit": limit + 1,
    }
    with connection.cursor() as database:
        database.execute(REQUESTS, parameters)
        rows = [RequestRow(*row) for row in database.fetchall()]
    return RequestPage(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


def waiting_for(actor: Actor) -> int:
    """How many requests wait for the actor's company to act: as seller for an offer, as buyer for an answer."""
    if actor.is_seller and not actor.acting_for_id:
        waiting = QuoteRequest.objects.filter(
            seller_id=actor.company_id, status=QuoteRequest.Status.SUBMITTED
        )
        return waiting.count()
    return QuoteRequest.objects.visible_to(actor).filter(status=QuoteRequest.Status.OFFERED).count()


def request_detail(actor: Actor, number: str, *, seller_id: int | None = None) -> RequestDetail | None:
    """A request with its lines, offers and what the actor may do; None when there is none that the actor may see.

    Numbers are unique per seller: `seller_id` is needed where a buyer deals with several. Five statements at most.
    """
    found = QuoteRequest.objects.visible_to(actor).filter(number=number)
    if seller_id is not None:
        found = found.filter(seller_id=seller_id)
    request = found.select_related("buyer", "seller").order_by("-id").first()
    if request is None:
        return None
    side = side_of(actor, request)
    offers = list(request.offers.order_by("-version"))
    sent = [offer for offer in offers if offer.status != Offer.Status.DRAFT]
    draft = next((offer for offer in offers if offer.status == Offer.Status.DRAFT), None)
    draft = draft if side is Side.SELLER else None
    shown = draft or (sent[0] if sent else None)
    lines = _compared(request, shown, _history(request) if side is Side.SELLER else {})
    return RequestDetail(
        request=request, lines=lines, offer=sent[0] if sent else None, versions=sent, draft=draft, side=side,
        moves=_allowed(actor, request, side),
        list_total=sum((line.list_net or ZERO for line in lines if line.offered or shown is None), ZERO),
    )  # fmt: skip


def _allowed(actor: Actor, request: QuoteRequest, side: Side) -> frozenset[str]:
    asks = side is Side.BUYER and not actor.acting_for_id
    return (
        moves_from(request.status, side)
        if actor.may(REQUEST_QUOTES if asks else ANSWER_QUOTES)
        else frozenset()
    )


def _history(request: QuoteRequest) -> Past:
    with connection.cursor() as cursor:
        parameters = {"buyer": request.buyer_id, "seller": request.seller_id, "request": request.pk}
        cursor.execute(HISTORY, parameters)
        return {(row[1], row[0]): PastOffer(*row[1:]) for row in cursor.fetchall()}


def _compared(request: QuoteRequest, shown: Offer | None, past: Past) -> list[ComparedLine]:
    offered = {line.position: line for line in shown.lines.all()} if shown else {}
    compared = []
    for asked in request.lines.select_related("product", "configuration"):
        line = offered.get(asked.position)
        # Offers from before list prices were kept with them know only that of the wish.
        price, base = asked.list_price, asked.price_base
        if line is not None and line.list_price is not None:
            price, base = line.list_price, line.price_base
        list_net = None
        if price is not None:
            quantity = (line or asked).quantity * asked.factor
            list_net = line_net(
                unit_price=price, price_base=base, quantity=quantity, currency=request.currency
            )
        compared.append(
            ComparedLine(
                asked=asked,
                offered=line,
                list_price=price,
                list_base=base,
                list_net=list_net,
                past=past.get((asked.product_id, asked.configuration_id)),
            )
        )
    return compared
