"""Mails about messages: the other side is told, never the author's own."""

from django.utils.translation import gettext as _

from kontor.kernel.events import on, this_event
from kontor.messaging.events import MessageWritten
from kontor.messaging.models import Message, Thread
from kontor.notifications.audience import Recipient, people
from kontor.notifications.letters import Letter
from kontor.notifications.links import link
from kontor.notifications.operations import Posting, queue_mail
from kontor.notifications.reactions.sides import sales_reps
from kontor.notifications.topics import BUYER, MESSAGES, SELLER, SELLER_MESSAGES
from kontor.orders.models import Order
from kontor.quotes.models import QuoteRequest

SHOWN = 2000


@on(MessageWritten)
def tell_the_other_side(event: MessageWritten) -> None:
    message = Message.objects.select_related(
        "author__user", "company", "thread__buyer", "thread__seller"
    ).get(pk=event.message_id)
    thread = message.thread
    to_buyer = message.company_id == thread.seller_id
    topic, company_id, side = (
        (MESSAGES, thread.buyer_id, BUYER) if to_buyer else (SELLER_MESSAGES, thread.seller_id, SELLER)
    )

    def write(_to: Recipient) -> Letter:
        names = {"name": message.author_name, "company": str(message.company), "title": thread.subject_title}
        shortened = len(message.body) > SHOWN
        return Letter(
            sender=str(message.company) if to_buyer else "",
            subject=_("%(name)s of %(company)s wrote about %(title)s") % names,
            heading=_("A message about %(title)s") % names,
            words=message.body[:SHOWN] + ("…" if shortened else ""),
            words_by=f"{message.author_name}, {message.company}",
            action=(_("Answer"), _page(thread, side)),
        )

    author = message.author.user.email if message.author else ""
    posting = Posting(topic=topic, about=this_event(), thread=_key(thread), reply_to=author)
    otherwise = ("admin", "buyer") if to_buyer else ("sales", "seller_admin")
    to = people(topic, company_id, concerned=_concerned(thread, to_buyer=to_buyer), otherwise=otherwise)
    queue_mail(posting=posting, to=to, write=write)


def _concerned(thread: Thread, *, to_buyer: bool) -> list[int | None]:
    """Whoever wrote in the thread before, who placed the order or asked for the price, or the customer's rep."""
    writers: list[int | None] = list(
        thread.messages.order_by("pk").values_list("author_id", flat=True).distinct()[:50]
    )
    if not to_buyer:
        return writers + sales_reps(thread.buyer_id, thread.seller_id)
    if thread.subject_type == "order":
        writers += Order.objects.filter(pk=thread.subject_id).values_list("placed_by_id", flat=True)
    elif thread.subject_type == "quote":
        asked = QuoteRequest.objects.filter(pk=thread.subject_id)
        writers += asked.values_list("requested_by_id", flat=True)
    return writers


def _key(thread: Thread) -> str:
    return f"{thread.subject_type}:{thread.subject_id}"


def _page(thread: Thread, side: str) -> str:
    what = {
        "order": "order",
        "quote": "request",
        "request": "request",
        "return": "return",
        "inquiry": "inquiry",
    }.get(thread.subject_type)
    return link(what, thread.subject_id, side=side) if what else link("home", side=side)
