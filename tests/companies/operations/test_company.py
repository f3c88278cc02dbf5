"""A company's own data."""

from dataclasses import fields
from typing import Any

import pytest

from kontor.audit.models import Entry
from kontor.companies.models import Company
from kontor.companies.operations import CompanyChanges, TermFacts, change_company, save_payment_term
from kontor.kernel.models import OutboxEvent
from tests.cast import actor
from tests.traces import refused, unchanged


@pytest.mark.covers("R0.13")
def test_dora_changes_what_she_gives_and_nothing_else(dora, acme):
    changed = change_company(
        actor=actor(dora),
        changes=CompanyChanges(
            trade_name=" Acme ", invoice_email="Books@acme.example", po_number_required=True
        ),
    )
    assert (changed.trade_name, changed.invoice_email, changed.po_number_required) == (
        "Acme",
        "books@acme.example",
        True,
    )
    assert (changed.legal_name, changed.vat_id) == ("Acme GmbH", "DE271828180")
    assert Entry.objects.get().changes["trade_name"] == ["", "Acme"]
    assert OutboxEvent.objects.get().name == "companies.CompanyChanged"


def test_what_decides_about_money_and_rights_is_not_a_companys_to_change():
    assert not {one.name for one in fields(CompanyChanges)} & {
        "id", "slug", "status", "country", "currency", "is_buyer", "is_seller", "is_operator", "created_at",
    }  # fmt: skip


def test_the_same_again_writes_nothing(dora):
    with unchanged():
        change_company(actor=actor(dora), changes=CompanyChanges(legal_name="Acme GmbH", invoice_by=None))


@pytest.mark.parametrize("who", ["ana", "ben", "cy", "sal", "wim", "fin", "cat"])
def test_without_the_right_nothing_changes(cast, who):
    with refused("not_allowed"):
        change_company(actor=actor(cast.people[who]), changes=CompanyChanges(phone="1"))


def test_not_on_behalf_of_a_customer(store_admin, acme):
    with refused("not_for_customers"):
        change_company(actor=actor(store_admin).behalf_of(acme.pk, "Acme"), changes=CompanyChanges(phone="1"))


def test_invoices_by_mail_need_an_address(dora, acme):
    Company.objects.filter(pk=acme.pk).update(invoice_by="portal", invoice_email="")
    with refused("invalid_entries", "invoice_email"):
        change_company(actor=actor(dora), changes=CompanyChanges(invoice_by="email"))


def test_another_companys_vat_id_is_refused(dora):
    with refused("vat_id_taken", "vat_id"):
        change_company(actor=actor(dora), changes=CompanyChanges(vat_id="DE136695976"))


def test_a_sellers_bank_and_colour_are_checked(store_admin, dora):
    with refused("invalid_entries", "bank_iban", "bank_bic", "accent"):
        change_company(
            actor=actor(store_admin),
            changes=CompanyChanges(bank_iban="DE89370400440532013001", bank_bic="X", accent="glitter"),
        )
    hansa = change_company(
        actor=actor(store_admin),
        changes=CompanyChanges(
            bank_iban="de89 3704 0044 0532 0130 00", bank_bic="COBADEFFXXX", accent="moss"
        ),
    )
    assert (hansa.bank_iban, hansa.bank_bic, hansa.accent) == (
        "DE89370400440532013000",
        "COBADEFFXXX",
        "moss",
    )
    with refused("invalid_entries", "prices_for_guests"):
        change_company(actor=actor(dora), changes=CompanyChanges(prices_for_guests=True))


def test_every_change_has_its_check(store_admin):
    wrong: Any = "x\x00" * 300
    texts = [
        one.name for one in fields(CompanyChanges) if one.type == "str | None" or one.type == (str | None)
    ]
    assert len(texts) == 14
    with refused("invalid_entries", *texts):
        change_company(actor=actor(store_admin), changes=CompanyChanges(**dict.fromkeys(texts, wrong)))


def test_a_seller_saves_payment_terms(store_admin, hansa, dora, sal):
    term = save_payment_term(
        actor=actor(store_admin), term=TermFacts(code="n60", name="60 days net", net_days=60)
    )
    assert (term.seller_id, term.code, term.net_days) == (hansa.pk, "N60", 60)
    again = save_payment_term(
        actor=actor(store_admin), term=TermFacts(code="N60", name="60 days", net_days=61)
    )
    assert (again.pk, again.net_days) == (term.pk, 61)
    with refused("not_a_seller"):
        save_payment_term(actor=actor(dora), term=TermFacts(code="N1", name="x"))
    with refused("not_allowed"):
        save_payment_term(actor=actor(sal), term=TermFacts(code="N1", name="x"))
    with refused("invalid_entries", "code", "net_days"):
        save_payment_term(actor=actor(store_admin), term=TermFacts(code="", name="x", net_days=-1))
