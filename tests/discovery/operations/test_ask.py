"""Questions to a seller, about a product or about what was not found."""

import pytest

from kontor.catalog.models import Product
from kontor.companies.models import Company, Membership
from kontor.discovery.models import Inquiry
from kontor.discovery.operations import Question, ask_seller
from kontor.discovery.queries import inquiries_of
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.messaging.models import Message, Thread
from kontor.messaging.queries import thread_of
from tests.cast import actor


def test_a_question_opens_a_conversation_that_both_sides_read(
    ana: Membership, gil: Membership, sal: Membership, hansa: Company, drill: Product
) -> None:
    question = Question(product=drill, body="Does it come with two batteries?")
    inquiry = ask_seller(actor=actor(ana), seller=hansa, question=question)

    assert inquiry.title == "DRILL-18V Cordless drill 18 V"
    assert list(inquiries_of(actor(sal))) == [inquiry]
    assert not inquiries_of(actor(gil)).exists()
    conversation = thread_of(("inquiry", inquiry.pk), actor(sal))
    assert conversation is not None
    assert [one.body for one in conversation.messages] == ["Does it come with two batteries?"]
    assert conversation.thread.answer_due_from_id == hansa.pk


@pytest.mark.parametrize(("title", "body", "code"), [("", "x", "incomplete"), ("Bolt", " ", "message_empty")])
def test_a_question_says_what_about_and_what(
    ana: Membership, hansa: Company, title: str, body: str, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        ask_seller(actor=actor(ana), seller=hansa, question=Question(title=title, body=body))

    assert refusal.value.code == code
    assert not Inquiry.objects.exists()
    assert not Thread.objects.exists()


def test_viewers_and_representatives_do_not_ask(
    cy: Membership, sal: Membership, acme: Company, hansa: Company
) -> None:
    for somebody in (actor(cy), actor(sal), actor(sal).behalf_of(acme.pk, "Acme GmbH")):
        with pytest.raises(NotAllowed):
            ask_seller(actor=somebody, seller=hansa, question=Question(title="x", body="x"))

    assert not Message.objects.exists()
