"""`kontor check` on companies, approvals, messages and taxes: silent on good data, loud on bad."""

from datetime import date
from decimal import Decimal

import pytest

from kontor.approvals.operations import request_approval
from kontor.companies.models import CustomerAccount, Membership, PaymentTerm
from kontor.kernel.invariants import check_all
from kontor.messaging.models import Message, Thread
from kontor.messaging.operations import write_message
from kontor.taxes.models import TaxRate
from tests.cast import actor


@pytest.fixture
def busy(cast, ana, acme, hansa):
    write_message(
        actor=actor(ana), subject=("order", 1), title="x", buyer_id=acme.pk, seller_id=hansa.pk, body="Hello"
    )
    request_approval(
        actor=actor(ana), company_id=acme.pk, subject=("order", 1), title="x", reason="over_limit", facts={},
        amount=Decimal(900), currency="EUR",
    )  # fmt: skip


OURS = {
    "a company with people has an administrator",
    "people and keys hold known roles only",
    "a customer's term and representative are the seller's own",
    "an accepted customer is no longer merely registered, and has a number",
    "accounts are held with sellers",
    "approvals are asked for and decided by the company's own people",
    "what was sent back has a reason",
    "messages come from one of the thread's two companies",
    "an answer is owed by the side that did not write last",
    "an active seller's country has a standard rate",
}


def broken() -> set[str]:
    findings = [one for one in check_all() if one.name in OURS]
    assert len(findings) == len(OURS)
    return {one.name for one in findings if one.bad}


def test_the_cast_is_sound(busy):
    assert broken() == set()
    tried = {one.name: one.tried for one in check_all()}
    assert tried["people and keys hold known roles only"] == 12
    assert tried["messages come from one of the thread's two companies"] == 1


def test_each_kind_of_damage_is_found(busy, dora, levante, lev, ana, gil, globex):
    Membership.objects.filter(pk=dora.pk).update(is_active=False)
    assert broken() == {"a company with people has an administrator"}
    Membership.objects.filter(pk=dora.pk).update(is_active=True)

    Membership.objects.filter(pk=ana.pk).update(roles=["wizard"])
    assert broken() == {"people and keys hold known roles only"}
    Membership.objects.filter(pk=ana.pk).update(roles=["buyer"])

    theirs = PaymentTerm.objects.create(seller=levante, code="N1", name="1 day")
    CustomerAccount.objects.filter(buyer=globex).update(payment_term=theirs, customer_number="")
    assert broken() == {
        "a customer's term and representative are the seller's own",
        "an accepted customer is no longer merely registered, and has a number",
    }


def test_damage_in_messages_approvals_and_taxes_is_found(busy, gil, globex, ana, levante):
    Message.objects.update(company=globex)
    Membership.objects.filter(pk=ana.pk).update(company=levante)
    TaxRate.objects.filter(country="ES").update(valid_from=date(2999, 1, 1))
    assert broken() == {
        "messages come from one of the thread's two companies",
        "approvals are asked for and decided by the company's own people",
        "an active seller's country has a standard rate",
    }
    Thread.objects.update(answer_due_from=globex)
    assert "an answer is owed by the side that did not write last" in broken()
