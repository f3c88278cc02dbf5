from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import Product
from kontor.companies.models import Company
from kontor.discovery.models import Inquiry
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.messaging.operations import write_message
from kontor.messaging.permissions import WRITE_MESSAGES
from kontor.messaging.rules import cleaned_body

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks: `title` in a few words (the product's name when it is about one), `body` in sentences."""

    body: str
    title: str = ""
    product: Product | None = None


@transaction.atomic
def ask_seller(*, actor: Actor, seller: Company, question: Question) -> Inquiry:
    """Put a question to a seller; the seller's people are told and answer in the same place.

    Raises NotAllowed; Refused("message_empty", "message_too_long") at `body`, ("incomplete") at `title`.
    """
    require(actor, WRITE_MESSAGES)
    buyer_id = actor.company_id
    if buyer_id is None or actor.acting_for_id is not None or buyer_id == seller.pk:
        raise NotAllowed("not_allowed", _("Only a buying company can ask a seller."))
    product = question.product
    title = " ".join((f"{product.sku} {product.name}" if product else question.title).split())
    if not title:
        message = _("Say in a few words what you are looking for.")
        raise Refused("incomplete", message, {"title": message})
    body = cleaned_body(question.body)
    inquiry = Inquiry.objects.create(
        buyer_id=buyer_id,
        seller=seller,
        product=product,
        title=title[:LONGEST_TITLE],
        asked_by_id=actor.membership_id,
        asked_by_name=actor.name,
        created_at=clock.now(),
    )
    write_message(
        actor=actor,
        subject=("inquiry", inquiry.pk),
        title=inquiry.title,
        buyer_id=buyer_id,
        seller_id=seller.pk,
        body=body,
    )
    changes = {"title": inquiry.title}
    record(actor, "discovery.asked", ("inquiry", inquiry.pk), changes=changes, shared=True)
    return inquiry
