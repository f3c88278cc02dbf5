"""Mails about alerts: what somebody waited for is there. Nobody but that person is told."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.discovery.events import DigestMade
from kontor.discovery.links import end_token
from kontor.discovery.models import Digest, Finding
from kontor.discovery.queries import digest_of
from kontor.kernel.events import on, this_event
from kontor.notifications.audience import Recipient, people
from kontor.notifications.letters import Letter, LetterLine, unit_price
from kontor.notifications.links import link
from kontor.notifications.operations import Posting, queue_mail
from kontor.notifications.topics import ALERTS

MOST_LINES = 30


@on(DigestMade)
def tell_what_was_found(event: DigestMade) -> None:
    found = digest_of(event.digest_id)
    if found is None or not found[1]:
        return
    digest, findings = found

    def write(_to: Recipient) -> Letter:
        return _letter(digest, findings)

    membership = digest.membership
    to = [
        one
        for one in people(ALERTS, membership.company_id, concerned=[membership.pk])
        if one.user_id == membership.user_id
    ]
    queue_mail(posting=Posting(topic=ALERTS, about=this_event(), thread="alerts"), to=to, write=write)


def _letter(digest: Digest, findings: list[Finding]) -> Letter:
    first, count = findings[0], len(findings)
    names = {"name": first.product.name, "count": count}
    subject = {
        Finding.Kind.NEW: _("New: %(name)s"),
        Finding.Kind.STOCK: _("Back in stock: %(name)s"),
        Finding.Kind.PRICE: _("Another price: %(name)s"),
    }[Finding.Kind(first.kind)] % names
    if count > 1:
        text = ngettext("%(count)s article you waited for", "%(count)s articles you waited for", count)
        subject = text % names
    rest = count - MOST_LINES
    more = [_("%(count)s more stand on the page.") % {"count": rest}] if rest > 0 else []
    end = _("No more of these mails: %(link)s") % {
        "link": link("alerts_end", end_token(digest.membership_id))
    }
    return Letter(
        subject=subject,
        heading=_("What you wanted to be told"),
        lines=[_line(one) for one in findings[:MOST_LINES]],
        action=(
            _("See it"),
            link("product", first.product_id, first.product.slug) if count == 1 else link("alerts"),
        ),
        closing=[*more, end],
    )


def _line(one: Finding) -> LetterLine:
    product = one.product
    if one.kind == Finding.Kind.PRICE:
        before, after = (
            unit_price(amount * one.told_base, one.currency, Decimal(one.told_base), product.base_unit)
            if amount is not None
            else _("on request")
            for amount in (one.before, one.after)
        )
        detail = _("Your price: %(after)s, before %(before)s") % {"after": after, "before": before}
    elif one.kind == Finding.Kind.STOCK:
        detail = _("Back in stock")
    else:
        detail = _("New in “%(search)s”") % {"search": one.search.name if one.search else ""}
    return LetterLine(name=product.name, sku=product.sku, detail=detail)
