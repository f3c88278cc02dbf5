"""The mailbox of an installation that sends no mail: a demo shows here what would have been sent.

It is open to everybody, sign-in links included, and therefore exists only outside production and without a mail server.
"""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.html import urlize
from django.views.decorators.http import require_GET
from markupsafe import Markup

from kontor.notifications.models import Mail
from kontor.notifications.queries import mail_detail
from kontor.notifications.queries import mailbox as mails_of_all
from kontor.notifications.topics import topic
from kontor.web.access import public
from kontor.web.identity import KontorRequest
from kontor.web.lists import Pager, address_with
from kontor.web.pages import page

PER_PAGE = 50
SANDBOX = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A mail may style itself inline, as mails must, and do nothing else."""
STATUS_KINDS = {"queued": "waiting", "sent": "done", "failed": "bad", "kept": "neutral"}


def is_open() -> bool:
    """Whether this installation shows its mails to everybody."""
    return not settings.CONFIG.sends_mail and not settings.CONFIG.production


def _found(mail_id: int) -> Mail:
    mail = mail_detail(mail_id) if is_open() else None
    if mail is None:
        raise Http404
    return mail


@public
@require_GET
def mailbox(request: KontorRequest) -> HttpResponse:
    """GET /mailbox/ -> all mails, newest first; ?q= looks in address, name and subject."""
    if not is_open():
        raise Http404
    words = request.GET.get("q", "")[:100].replace("\x00", "")
    before = request.GET.get("before", "")
    is_number = before.isascii() and before.isdigit() and len(before) < 16
    rows = mails_of_all(search=words, limit=PER_PAGE + 1, before=int(before) if is_number else None)
    shown, more = rows[:PER_PAGE], len(rows) > PER_PAGE
    return page(
        request,
        "storefront/mailbox/list.html",
        block="mails",
        mails=shown,
        words=words,
        pager=Pager(
            shown=len(shown),
            previous_url=address_with(request, before=None) if is_number else "",
            next_url=address_with(request, before=str(shown[-1].id)) if more else "",
        ),
    )


@public
@require_GET
def mail(request: KontorRequest, mail_id: int) -> HttpResponse:
    """GET /mailbox/7/ -> one mail as text, its links live."""
    found = _found(mail_id)
    try:
        label = topic(found.topic).label
    except KeyError:
        label = found.topic
    return page(
        request,
        "storefront/mailbox/mail.html",
        mail=found,
        text=Markup(urlize(found.text, nofollow=True, autoescape=True)),  # noqa: S704  # urlize has escaped it
        topic=label,
        kind=STATUS_KINDS.get(found.status, "neutral"),
        status_label=found.get_status_display(),
    )


@public
@require_GET
def mail_html(request: KontorRequest, mail_id: int) -> HttpResponse:
    """GET /mailbox/7/html/ -> the mail as a mail program shows it, shut in by its own policy."""
    response = HttpResponse(_found(mail_id).html)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("mailbox/", mailbox, name="mailbox"),
    path("mailbox/<int:mail_id>/", mail, name="mail"),
    path("mailbox/<int:mail_id>/html/", mail_html, name="mail_html"),
]
