"""What is due is paid by credit note, once, at the tax rates of the goods; returns afterwards are corrected."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from kontor.companies.models import CustomerAccount
from kontor.invoicing.models import Invoice
from kontor.kernel import clock
from kontor.kernel.delivery import deliver_due
from kontor.kernel.refusal import NotAllowed, Stale
from kontor.notifications.models import Mail
from kontor.rebates.models import Rebate
from kontor.rebates.operations import settle_rebate
from kontor.rebates.settling import planned
from tests.at_once import at_once, codes
from tests.rebates.trade import SYSTEM, agreed, bonus_of, broken, credit, invoice, noon, ordered
from tests.traces import refused

MARCH, JUNE, NEXT_YEAR = date(2026, 3, 10), date(2026, 6, 10), date(2027, 1, 5)


def settled(rebate, day=NEXT_YEAR, actor=SYSTEM, **facts):
    with clock.at(noon(day)):
        return settle_rebate(actor=actor, rebate=rebate, **facts)


def paper(settlement):
    """Kind, buyer, treatment, total and lines of each document."""
    return [
        (
            one.invoice.kind,
            str(one.invoice.buyer),
            one.invoice.gross_total,
            [(line.tax_rate, line.net) for line in one.invoice.lines.all()],
        )
        for one in settlement.documents.all()
    ]


def test_the_credit_note_is_taxed_as_the_goods_were(acme_account, fin, bolt, drill):
    rebate, lines = agreed(acme_account), ordered(acme_account, [bolt, drill])
    invoice(MARCH, (lines[drill.pk], 1, 8000))
    invoice(MARCH, (lines[bolt.pk], 1, 4000), rate=7)
    settlement = settled(rebate, actor=fin.as_actor("page"), expected=Decimal(240))

    assert (settlement.kind, settlement.bonus, settlement.amount) == ("final", 240, 240)
    # 160.00 at 19 % and 80.00 at 7 %: 30.40 and 5.60 of tax
    assert paper(settlement) == [("credit_note", "Acme GmbH", Decimal("276.00"), [(19, 160), (7, 80)])]
    note = settlement.documents.get().invoice
    assert (note.order_id, note.external_reference) == (None, f"BONUS-{settlement.pk}")
    assert note.reason == "Bonus 1: bonus for deliveries from 1 Jan 2026 to 31 Dec 2026"
    rebate.refresh_from_db()
    assert rebate.state == "settled"
    assert broken() == []


def test_the_customer_is_told_by_mail_with_the_document(acme_account, drill):
    rebate = agreed(acme_account)
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 12_000))
    note = settled(rebate).documents.get().invoice
    deliver_due()

    mail = Mail.objects.get(attachment_kind="invoice", attachment_id=note.pk)
    assert mail.to == "books@buyer.example"
    assert "Bonus 1: bonus for deliveries" in mail.text


def test_each_customer_gets_its_part_and_each_tax_treatment_its_document(acme_account, globex_account, drill):
    rebate = agreed(acme_account, globex_account)
    own, others = ordered(acme_account, [drill])[drill.pk], ordered(globex_account, [drill])[drill.pk]
    invoice(MARCH, (own, 1, 6000))
    invoice(MARCH, (own, 1, 3000), rate=0, treatment="export")
    invoice(MARCH, (others, 1, 1000))
    settlement = settled(rebate)

    assert settlement.amount == 200
    assert paper(settlement) == [
        ("credit_note", "Acme GmbH", Decimal("142.80"), [(19, 120)]),
        ("credit_note", "Acme GmbH", Decimal("60.00"), [(0, 60)]),
        ("credit_note", "Globex AG", Decimal("23.80"), [(19, 20)]),
    ]
    assert broken() == []


def test_on_account_each_quarter_then_the_rest(acme_account, drill):
    rebate = agreed(acme_account, is_quarterly=True)
    line = ordered(acme_account, [drill])[drill.pk]
    with clock.at(noon(MARCH)), refused("not_due"):
        settle_rebate(actor=SYSTEM, rebate=rebate)
    invoice(MARCH, (line, 1, 12_000))
    invoice(date(2026, 4, 2), (line, 1, 9000))
    first = settled(rebate, date(2026, 4, 3))
    with clock.at(noon(date(2026, 4, 4))), refused("not_due"):
        settle_rebate(actor=SYSTEM, rebate=rebate)
    second = settled(rebate, date(2026, 7, 1))
    with clock.at(noon(date(2026, 10, 1))), refused("nothing_to_settle"):
        settle_rebate(actor=SYSTEM, rebate=rebate)
    last = settled(rebate)

    told = [(one.kind, one.until, one.bonus, one.amount) for one in (first, second, last)]
    assert told == [
        ("on_account", date(2026, 3, 31), 240, 240),
        ("on_account", date(2026, 6, 30), 630, 390),
        ("final", date(2026, 12, 31), 630, 0),
    ]
    assert not last.documents.exists()
    assert broken() == []


def test_a_return_after_the_settlement_is_corrected_by_an_invoice(acme_account, drill):
    rebate = agreed(acme_account)
    (line,) = invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 10, 20_000))
    settled(rebate)
    with clock.at(noon(NEXT_YEAR)), refused("nothing_to_settle"):
        settle_rebate(actor=SYSTEM, rebate=rebate)
    credit(date(2027, 2, 1), (line, 1, 2000))
    correction = settled(rebate, date(2027, 2, 2))

    # 3 % of 20,000 were 600; 2 % of 18,000 are 360
    assert (correction.kind, correction.bonus, correction.amount) == ("correction", 360, -240)
    assert paper(correction) == [("invoice", "Acme GmbH", Decimal("285.60"), [(19, 240)])]
    assert correction.documents.get().invoice.due_on == date(2027, 3, 4)
    assert bonus_of(rebate) == 360
    assert broken() == []


def test_what_was_looked_at_is_what_is_settled(acme_account, drill):
    rebate, line = agreed(acme_account), ordered(acme_account, [drill])[drill.pk]
    invoice(MARCH, (line, 1, 12_000))
    with clock.at(noon(NEXT_YEAR)):
        seen = planned(rebate).amount
    invoice(JUNE, (line, 1, 8000))
    with clock.at(noon(NEXT_YEAR)), refused("changed_meanwhile"):
        settle_rebate(actor=SYSTEM, rebate=rebate, expected=seen)


def test_who_may_not_issue_invoices_settles_nothing(acme_account, sal, lev, ana, drill):
    rebate = agreed(acme_account)
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 12_000))
    for who in (sal, lev, ana):
        with clock.at(noon(NEXT_YEAR)), refused("not_allowed") as refusal:
            settle_rebate(actor=who.as_actor("page"), rebate=rebate)
        assert isinstance(refusal.value, NotAllowed)


def test_a_blocked_customer_is_not_settled_with(acme_account, drill):
    rebate = agreed(acme_account)
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 12_000))
    CustomerAccount.objects.filter(pk=acme_account.pk).update(status="blocked")
    with clock.at(noon(NEXT_YEAR)), refused("account_blocked"):
        settle_rebate(actor=SYSTEM, rebate=rebate)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_settle_at_once_one_does(cast):
    account, drill = cast.accounts["acme"], cast.products["drill"]
    rebate = agreed(account)
    invoice(MARCH, (ordered(account, [drill])[drill.pk], 1, 12_000))
    outcomes = at_once(*(partial(settled, Rebate.objects.get(pk=rebate.pk)) for _colleague in range(6)))

    assert codes(outcomes) == ["nothing_to_settle"] * 5
    assert Invoice.objects.filter(kind="credit_note").count() == 1
    assert not any(isinstance(one, Stale) for one in outcomes)
    assert broken() == []
