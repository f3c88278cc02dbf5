"""The offer editor on the negotiation page: begin a version, save it, send it. Two people on one draft: one is told."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kontor.backoffice.requests import DETAIL, negotiation, request_of
from kontor.backoffice.seat import at_own_desk
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.quotes.models import Offer, OfferLine, QuoteRequest
from kontor.quotes.operations import OfferContent, OfferedLine, save_offer, send_offer, start_offer
from kontor.quotes.permissions import ANSWER_QUOTES
from kontor.quotes.rules import MAX_LEAD_DAYS
from kontor.web.access import needs
from kontor.web.asked import day_of, key_of
from kontor.web.dates import date_text
from kontor.web.forms import rows_of
from kontor.web.identity import PersonRequest
from kontor.web.numbers import as_input, number_from
from kontor.web.pages import is_htmx, leave_to, page, refused
from kontor.web.toasts import Toast

Fields = Mapping[str, str]


@needs(ANSWER_QUOTES)
@require_POST
def offer_start(request: PersonRequest, request_id: int) -> HttpResponse:
    """POST /office/requests/7/offers/ -> the draft of the next version; whoever began one gets the same."""
    found = request_of(request, request_id)
    start_offer(actor=at_own_desk(request), request=found)
    return leave_to(request, reverse("backoffice:request", args=[request_id]) + "#offer")


def _draft(request: PersonRequest, request_id: int, version: int) -> Offer:
    own = Offer.objects.visible_to(at_own_desk(request)).filter(
        request_id=request_id, request__seller_id=request.actor.company_id
    )
    return get_object_or_404(own.select_related("request__seller", "request__buyer"), version=version)


@needs(ANSWER_QUOTES)
@require_POST
def offer_save(request: PersonRequest, request_id: int, version: int) -> HttpResponse:
    """POST /office/requests/7/offers/2/save/ -> the draft as typed; prices may still be missing."""
    return _written(request, _draft(request, request_id, version), send=False)


@needs(ANSWER_QUOTES)
@require_POST
def offer_send(request: PersonRequest, request_id: int, version: int) -> HttpResponse:
    """POST /office/requests/7/offers/2/send/ -> saved as typed and sent; from then on it binds and never changes."""
    return _written(request, _draft(request, request_id, version), send=True)


def _written(request: PersonRequest, offer: Offer, *, send: bool) -> HttpResponse:
    actor, row = at_own_desk(request), offer.request
    revision = key_of(request.POST.get("revision", "")) or 0
    try:
        with transaction.atomic():
            content = content_of(request.POST, row)
            offer = save_offer(actor=actor, offer=offer, content=content, revision=revision)
            if send:
                offer = send_offer(actor=actor, offer=offer, revision=offer.revision)
    except NotAllowed:
        raise
    except Stale as refusal:
        values = negotiation(request, row.pk)
        lost = differences(request.POST, values["draft"], row) if values["draft"] else []
        values |= {"refusal": refusal, "lost": lost}
        return page(request, DETAIL, block="negotiation", status=409, **values)
    except Refused as refusal:
        values = negotiation(request, row.pk) | {"typed": request.POST}
        return refused(request, DETAIL, refusal, block="negotiation", **values)
    address = reverse("backoffice:request", args=[row.pk])
    if not send:
        saved = Toast(message=_("Draft saved. The customer does not see it."))
        if is_htmx(request):
            values = negotiation(request, row.pk)
            return page(request, DETAIL, block="negotiation", toast=saved, **values)
        return leave_to(request, address + "#offer", toast=saved)
    toast = Toast(
        message=_("Version %(version)s of the offer is sent.") % {"version": offer.version},
        told=_("%(company)s was told; it is valid until %(day)s.")
        % {"company": row.buyer, "day": date_text(offer.valid_until)},
    )
    return leave_to(request, address, toast=toast)


def content_of(form: QueryDict, row: QuoteRequest) -> OfferContent:
    """The draft as somebody typed it. Raises Refused at `valid_until` or ``lines/<position>/lead_days``."""
    lines, wrong = [], {}
    for key, fields in rows_of(form, "lines").items():
        position = key_of(key)
        if position is None or fields.get("offered") != "1":
            continue
        days = fields.get("lead_days", "").strip()
        lead_days = key_of(days) if days else None
        if days and (lead_days is None or lead_days > MAX_LEAD_DAYS):
            wrong[f"lines/{key}/lead_days"] = _("Enter the working days as a number up to 999.")
        lines.append(
            OfferedLine(
                position=position,
                unit_price=_typed(fields.get("unit_price", "")),
                quantity=_typed(fields.get("quantity", "")),
                lead_days=lead_days,
                note=fields.get("note", ""),
            )
        )
    day = form.get("valid_until", "").strip()
    last = day_of(day)
    if day and last is None:
        wrong["valid_until"] = _("Enter a day, such as 2026-05-31.")
    if wrong:
        raise Refused(
            "invalid_entries", _("Some entries are not right. Correct the marked ones and send again."), wrong
        )
    zone = ZoneInfo(row.seller.timezone)
    return OfferContent(
        lines=lines,
        valid_until=datetime.combine(last, time(23, 59, 59), tzinfo=zone) if last else None,
        conditions=form.get("conditions", ""),
        message=form.get("message", ""),
    )


def _typed(text: str) -> Any:
    """A number as the reader's language writes it, nothing as None; what is no number is refused at its field."""
    if not text.strip():
        return None
    found = number_from(text)
    return text if found is None else found


def differences(form: QueryDict, draft: Offer, row: QuoteRequest) -> list[tuple[str, str, str]]:
    """Where what was typed differs from what the colleague saved: (field, typed, saved). One query."""
    rows = rows_of(form, "lines")
    saved = draft.lines.select_related("product", "configuration").in_bulk(field_name="id")
    found: list[tuple[str, str, str]] = []
    for line in sorted(saved.values(), key=lambda one: one.position):
        fields = rows.get(str(line.position), {})
        for name, label in (
            ("unit_price", _("Price")),
            ("quantity", _("Quantity")),
            ("lead_days", _("Days")),
            ("note", _("Note")),
        ):
            typed, theirs = fields.get(name, "").strip(), _as_typed(line, name)
            if typed != theirs and _typed(typed) != _typed(theirs):
                found.append((f"{line.sku}: {label}", typed or "–", theirs or "–"))
    until = (
        draft.valid_until.astimezone(ZoneInfo(row.seller.timezone)).date().isoformat()
        if draft.valid_until
        else ""
    )
    for name, label, theirs in (
        ("valid_until", _("Valid until"), until),
        ("conditions", _("Conditions"), draft.conditions),
        ("message", _("Message"), draft.message),
    ):
        typed = form.get(name, "").strip()
        if typed.replace("\r\n", "\n") != theirs:
            found.append((label, typed or "–", theirs or "–"))
    return found


def _as_typed(line: OfferLine, name: str) -> str:
    value = getattr(line, name)
    return "" if value is None else value if isinstance(value, str) else as_input(value)


urlpatterns = [
    path("requests/<int:request_id>/offers/", offer_start, name="offer_start"),
    path("requests/<int:request_id>/offers/<int:version>/save/", offer_save, name="offer_save"),
    path("requests/<int:request_id>/offers/<int:version>/send/", offer_send, name="offer_send"),
]
