"""Prepare an offer: begin a version, save the draft. Two people on one draft: one wins, the other is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.carts.messages import checked_quantity
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.bulk import insert_rows
from kontor.kernel.money import ZERO, line_net
from kontor.kernel.refusal import Refused, Stale
from kontor.kernel.texts import checked_text
from kontor.quotes.models import Offer, OfferLine, QuoteRequest, QuoteRequestLine
from kontor.quotes.operations.listing import Row, list_prices, start_at_list
from kontor.quotes.operations.moving import TEXT_LENGTH, locked
from kontor.quotes.operations.wishes import Price, raise_together, read_price
from kontor.quotes.permissions import require_seller_side
from kontor.quotes.rules import LONGEST_VALIDITY, MAX_LEAD_DAYS

NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedLine:
    """What is offered for the request's line at `position`. None keeps the wished quantity and the price base.

    `unit_price` buys `price_base` base units; None while it is not decided.
    """

    position: int
    unit_price: Price = None
    quantity: Decimal | int | str | None = None
    price_base: Decimal | int | str | None = None
    lead_days: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferContent:
    """All of a draft as its editor leaves it; a line of the request that is not named is not offered."""

    lines: Sequence[OfferedLine]
    valid_until: datetime | None = None
    conditions: str = ""
    message: str = ""


def _insert(offer: Offer, rows: list[Row]) -> None:
    if rows:
        columns: Row = {name: [row[name] for row in rows] for name in rows[0]}
        insert_rows(OfferLine, {"offer_id": offer.pk, **columns})


@transaction.atomic
def start_offer(*, actor: Actor, request: QuoteRequest) -> Offer:
    """The draft of the next version, begun when there is none.

    It starts with the lines of the version before, else with those of the request at the buyer's own list prices. Two
    people who start at once get the same draft. Raises Refused("not_your_turn") when the request is closed.
    """
    require_seller_side(actor, seller_id=request.seller_id)
    request = locked(request)
    draft = Offer.objects.filter(request=request, status=Offer.Status.DRAFT).first()
    if draft is not None:
        return draft
    before = Offer.objects.filter(request=request).order_by("-version").first()
    rows = _copied(before, request)
    draft = Offer.objects.create(
        request=request, version=before.version + 1 if before else 1,
        conditions=before.conditions if before else "", net_total=sum((row["net"] for row in rows), ZERO),
        prepared_by_id=actor.membership_id, prepared_by_name=actor.name[:150],
    )  # fmt: skip
    _insert(draft, rows)
    record(actor, "quotes.offer_started", ("quote", request.pk), changes={"version": draft.version})
    return draft


def _copied(before: Offer | None, request: QuoteRequest) -> list[Row]:
    names = ("position", "product_id", "configuration_id", "unit", "factor", "quantity", "price_base")
    if before is not None:
        return list(before.lines.values(*names, "unit_price", "list_price", "net", "lead_days", "note"))
    asked = {line.position: line for line in request.lines.select_related("configuration")}
    rows: list[Row] = [
        {name: getattr(line, name) for name in names} | {"lead_days": None, "note": ""}
        for line in asked.values()
    ]
    list_prices(request, asked, rows)
    start_at_list(request, rows)
    return rows


@transaction.atomic
def save_offer(*, actor: Actor, offer: Offer, content: OfferContent, revision: int) -> Offer:
    """Save the whole draft that was opened at `revision`; prices may still be missing.

    Raises Refused at ``lines/<position>/…``, `valid_until`, `conditions` or `message`; Stale with the other's name when
    the draft was saved or sent meanwhile.
    """
    require_seller_side(actor, seller_id=offer.request.seller_id)
    request = locked(offer.request)
    rows = _checked(request, content)
    facts = {
        "valid_until": checked_validity(content.valid_until),
        "conditions": checked_text(content.conditions, field="conditions", limit=TEXT_LENGTH),
        "message": checked_text(content.message, field="message", limit=TEXT_LENGTH),
        "net_total": sum((row["net"] for row in rows), ZERO),
        "prepared_by_id": actor.membership_id,
        "prepared_by_name": actor.name[:150],
    }
    drafts = Offer.objects.filter(pk=offer.pk, status=Offer.Status.DRAFT, revision=revision)
    if not drafts.update(revision=F("revision") + 1, **facts):
        raise draft_changed(offer)
    offer.lines.all().delete()
    _insert(offer, rows)
    about = {"version": offer.version, "net_total": facts["net_total"]}
    record(actor, "quotes.offer_saved", ("quote", request.pk), changes=about)
    return Offer.objects.get(pk=offer.pk)


def checked_validity(valid_until: datetime | None) -> datetime | None:
    """The last moment of an offer, to the second. Raises Refused("bad_validity") at `valid_until`."""
    if valid_until is None:
        return None
    message = ""
    if valid_until.tzinfo is None or valid_until <= clock.now():
        message = _("This moment has passed. Choose a day from today on.")
    elif valid_until > clock.now() + LONGEST_VALIDITY:
        message = _("An offer is valid for two years at most. Choose an earlier day.")
    if message:
        raise Refused("bad_validity", message, {"valid_until": message})
    return valid_until.replace(microsecond=0)


def draft_changed(offer: Offer) -> Stale:
    """The refusal for a draft that somebody else saved or sent."""
    fresh = Offer.objects.get(pk=offer.pk)
    name = fresh.prepared_by_name or _("A colleague")
    if fresh.status == Offer.Status.DRAFT:
        message = _(
            "%(name)s saved this draft meanwhile. Yours was not saved: look at theirs, then change it again."
        )
    else:
        message = _("%(name)s has sent this version. Yours was not saved: begin a new version.")
    return Stale("stale", message % {"name": name})


def _checked(request: QuoteRequest, content: OfferContent) -> list[Row]:
    """The lines as rows of the table; every wrong field is named at once."""
    asked = {line.position: line for line in request.lines.select_related("configuration")}
    positions = [line.position for line in content.lines]
    if not positions:
        raise Refused("empty_offer", _("Offer at least one line, or decline the request."))
    if len(set(positions)) < len(positions) or set(positions) - set(asked):
        raise Refused("unknown_line", _("A line belongs to no line of the request. Reload the page."))
    rows: list[Row] = []
    wrong: dict[str, Refused] = {}
    for line in content.lines:
        row, problems = _row(asked[line.position], line, request.currency)
        rows.append(row)
        wrong |= {f"lines/{line.position}/{name}": problem for name, problem in problems.items()}
    raise_together(wrong)
    list_prices(request, asked, rows)
    return rows


def _row(asked: QuoteRequestLine, line: OfferedLine, currency: str) -> tuple[Row, dict[str, Refused]]:
    problems: dict[str, Refused] = {}
    values = {"unit_price": None, "quantity": asked.quantity, "price_base": asked.price_base}
    try:
        values["unit_price"] = read_price(line.unit_price)
    except Refused as refusal:
        problems["unit_price"] = refusal
    for name in ("quantity", "price_base"):
        wished = getattr(line, name)
        try:
            if wished is not None:
                values[name] = checked_quantity(wished, field=name)
        except Refused as refusal:
            problems[name] = refusal
    if line.lead_days is not None and not 0 <= line.lead_days <= MAX_LEAD_DAYS:
        problems["lead_days"] = Refused("bad_lead_days", _("Enter the working days as a number up to 999."))
    note = ""
    try:
        note = checked_text(line.note, field="note", limit=NOTE_LENGTH)
    except Refused as refusal:
        problems["note"] = refusal
    net = ZERO
    price, base = values["unit_price"], values["price_base"]
    if price is not None and not problems:
        quantity = values["quantity"] * asked.factor
        net = line_net(unit_price=price, price_base=base, quantity=quantity, currency=currency)
    row = {
        "position": asked.position, "product_id": asked.product_id, "configuration_id": asked.configuration_id,
        "unit": asked.unit, "factor": asked.factor,
        **values, "net": net, "lead_days": line.lead_days, "note": note,
    }  # fmt: skip
    return row, problems
