"""Asking the registry of VAT ids, and keeping what it says."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from kontor.companies.models import Company, CustomerAccount
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.taxes.jobs import NoAnswer, check_vat_id, send_for_proofs
from kontor.taxes.models import Policy, VatCheck
from kontor.taxes.operations import HandProof, ask_registry, keep_proof_by_hand
from kontor.taxes.registry import Answer, Vies, registry
from tests.taxes.proofs import proven
from tests.taxes.vies import vies

FRENCH, HANSA = "FR40303265045", "DE314159262"
LOOPBACK = ("127.0.0.1", "127.0.0.0/8")


def asks(stand_in, **facts):
    return Vies(stand_in.url, LOOPBACK, **facts).look_up(FRENCH, asker=HANSA)


@pytest.fixture
def french(acme):
    Company.objects.filter(pk=acme.pk).update(vat_id=FRENCH, country="FR")
    return acme


@pytest.fixture
def chosen(monkeypatch):
    """This installation asks a registry on this machine."""
    with vies(known={FRENCH: ("ACME SARL", "1 Rue de Lyon")}) as stand_in:
        config = settings.CONFIG.model_copy(update={"vat_registry": stand_in.url, "private_hosts": LOOPBACK})
        monkeypatch.setattr(settings, "CONFIG", config)
        yield stand_in


def test_a_valid_id_comes_with_the_number_of_the_request_name_and_address():
    with vies(known={FRENCH: ("ACME  SARL", "1 Rue de Lyon\n69001 LYON")}) as stand_in:
        assert asks(stand_in) == Answer("valid", "WAPI0001", "ACME SARL", "1 Rue de Lyon 69001 LYON")
    assert stand_in.asked == [
        {
            "countryCode": "FR",
            "vatNumber": "40303265045",
            "requesterMemberStateCode": "DE",
            "requesterNumber": "314159262",
        }
    ]


def test_an_id_that_nobody_has_is_not_valid():
    with vies() as stand_in:
        assert asks(stand_in) == Answer("invalid", "WAPI0001")
    with vies(failing="INVALID_INPUT") as stand_in:
        assert asks(stand_in).outcome == "invalid"


@pytest.mark.parametrize(
    "trouble",
    [
        {"failing": "MS_UNAVAILABLE"},
        {"failing": "GLOBAL_MAX_CONCURRENT_REQ"},
        {"raw": b"<html>maintenance</html>"},
        {"raw": b"[]"},
        {"raw": b"null"},
        {"raw": b'{"valid": "true", "countryCode": "FR", "vatNumber": "40303265045"}'},
        {"raw": b'{"valid": true, "countryCode": "FR", "vatNumber": "1"}'},
        {"raw": b"x" * 200_000},
        {"delay": 2.0},
    ],
    ids=[
        "member state away",
        "too many",
        "a page",
        "a list",
        "nothing",
        "a word",
        "another id",
        "endless",
        "slow",
    ],
)
def test_whatever_is_not_certain_is_no_answer(trouble):
    with vies(known={FRENCH: ("ACME", "Lyon")}, **trouble) as stand_in:
        assert asks(stand_in, seconds=1).outcome == "unreachable"


def test_a_registry_that_is_not_there_is_no_answer():
    assert Vies("http://127.0.0.1:9", LOOPBACK).look_up(FRENCH, asker="").outcome == "unreachable"
    assert Vies("http://127.0.0.1:9").look_up(FRENCH, asker="").outcome == "unreachable"


def test_nobody_is_asked_unless_the_operator_says_whom():
    assert registry() is None


def test_the_worker_asks_for_the_seller_and_keeps_the_proof(chosen, french, hansa):
    check_vat_id(hansa.pk, french.pk, "Fin Hauser")

    kept = VatCheck.objects.get()
    assert (kept.vat_id, kept.asker_vat_id, kept.outcome, kept.reference) == (
        FRENCH,
        HANSA,
        "valid",
        "WAPI0001",
    )
    assert (kept.name, kept.address, kept.asked_by, kept.registry) == (
        "ACME SARL", "1 Rue de Lyon", "Fin Hauser", "vies",
    )  # fmt: skip


def test_no_answer_is_written_down_and_asked_again(chosen, french, hansa):
    chosen.failing = "MS_UNAVAILABLE"
    with pytest.raises(NoAnswer):
        check_vat_id(hansa.pk, french.pk, "Kontor")
    assert VatCheck.objects.get().detail == "MS_UNAVAILABLE"


def test_a_proof_is_never_changed(french, hansa):
    proven(french, hansa)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        VatCheck.objects.update(outcome="invalid")


def jobs() -> list[int]:
    found = ProcrastinateJob.objects.filter(task_name="check_vat_id")
    return [one.args["buyer_id"] for one in found.order_by("id")]


def test_at_night_all_are_asked_whose_proof_is_missing_or_old(chosen, french, globex, hansa):
    with clock.at(clock.now() - timedelta(days=26)):
        proven(globex, hansa)
    assert send_for_proofs() == 2
    assert sorted(jobs()) == sorted([french.pk, globex.pk])

    proven(french, hansa)
    proven(globex, hansa)
    assert send_for_proofs() == 0


def test_a_seller_who_trusts_the_form_has_nobody_asked(chosen, french, hansa):
    Policy.objects.create(seller=hansa, evidence="form")
    assert send_for_proofs() == 0


def test_finance_has_a_customer_asked_now(chosen, french, fin, acme_account):
    ask_registry(actor=fin.as_actor("page"), account=CustomerAccount.objects.get(pk=acme_account.pk))
    assert jobs() == [french.pk]


def test_without_a_registry_the_proof_is_entered_by_hand(french, fin, acme_account):
    account, actor = CustomerAccount.objects.get(pk=acme_account.pk), fin.as_actor("page")
    with pytest.raises(Refused) as problem:
        ask_registry(actor=actor, account=account)
    assert (problem.value.code, jobs()) == ("no_registry", [])
    with pytest.raises(Refused, match="number of the request"):
        keep_proof_by_hand(actor=actor, account=account, proof=HandProof(is_valid=True, reference=" "))
    assert not VatCheck.objects.exists()

    kept = keep_proof_by_hand(
        actor=actor, account=account, proof=HandProof(is_valid=True, reference="WAPI77")
    )
    assert (kept.registry, kept.asked_by, kept.outcome) == ("by hand", "Fin Hauser", "valid")


def test_only_the_sellers_own_finance_keeps_proofs(french, sal, lev, ana, acme_account):
    account = CustomerAccount.objects.get(pk=acme_account.pk)
    for person in (sal, lev, ana):
        with pytest.raises(NotAllowed):
            keep_proof_by_hand(
                actor=person.as_actor("page"), account=account, proof=HandProof(is_valid=True, reference="X")
            )
    assert not VatCheck.objects.exists()
