"""Agreements in the back office: drafted, committed, put in force, renewed, terminated; as files."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from kontor.agreements.models import Agreement, Commitment
from kontor.agreements.operations import Drawn, draw
from kontor.orders import agreement_paper as papers
from kontor.orders.agreement_paper import agreement_paper
from kontor.pricing.models import PriceList
from tests.agreements.made import contract_of
from tests.backoffice.test_warehouse import html_of, signed_in

TYPED = {
    "title": "Harbour hall", "kind": "project", "account": "10001", "price_list": "new",
    "valid_from": "2026-03-01", "valid_until": "2027-02-28", "buyer_number": "BV-7",
}  # fmt: skip


@pytest.fixture
def sales(sal) -> Client:
    return signed_in(sal)


@pytest.fixture
def contract(sal, acme_account, acme_list, drill) -> Agreement:
    return contract_of(sal, acme_account, acme_list, drill)


def at(name, agreement):
    return reverse(f"backoffice:{name}", args=[agreement.pk])


def test_a_draft_has_days_of_the_sellers_zone_and_a_list_of_its_own(sales, acme_account):
    answer = sales.post(reverse("backoffice:agreement_new"), TYPED)

    made = Agreement.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, at("agreement", made))
    assert (made.first_day.isoformat(), made.last_day.isoformat()) == ("2026-03-01", "2027-02-28")
    assert (made.account, made.price_list.name, made.status) == (
        acme_account,
        f"{made.number} Harbour hall",
        "draft",
    )
    html = html_of(sales, at("agreement", made))
    assert "Its price list is empty yet." in html
    assert "BV-7" in html


def test_a_buyer_who_sees_its_agreements_has_no_door_to_the_office(ana, contract):
    for name in ("agreement", "commitments_csv", "agreement_use_csv", "agreement_pdf"):
        assert signed_in(ana).get(at(name, contract)).status_code == 403
    assert signed_in(ana).get(reverse("backoffice:agreements")).status_code == 403


def test_what_is_wrong_stands_at_its_field(sales, cast):
    for wrong, sentence in (
        ({"account": "4711"}, "You have no customer with this number."),
        ({"valid_from": "soon"}, "Enter a day, such as 2026-05-31."),
        ({"valid_until": "2026-01-01"}, "It must end after it begins."),
        ({"title": " "}, "Say what it is about"),
    ):
        answer = sales.post(reverse("backoffice:agreement_new"), TYPED | wrong)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not Agreement.objects.exists()


def test_the_list_finds_by_customer_and_state_and_tells_how_far_each_is(sales, contract, drill):
    html = html_of(sales, reverse("backoffice:agreements") + "?q=acme&state=active")
    assert contract.number in html
    assert "0 of 10 pc" in html
    assert "No agreement fits." in html_of(sales, reverse("backoffice:agreements") + "?state=draft")


def test_commitments_are_a_grid_that_takes_words_of_a_spreadsheet(sales, contract, drill, bolt):
    rows = {
        "commitments/0/sku": "BOLT-M8", "commitments/0/kind": "At least", "commitments/0/measure": "Quantity",
        "commitments/0/committed": "5,000.5", "commitments/1/sku": "", "commitments/1/kind": "at_most",
        "commitments/1/measure": "value", "commitments/1/committed": "100", "commitments/2/sku": "",
    }  # fmt: skip

    assert sales.post(at("commitments_save", contract), rows).status_code == 303

    told = Commitment.objects.order_by("product_id").values_list(
        "product__sku", "kind", "measure", "committed"
    )
    assert set(told) == {
        ("BOLT-M8", "at_least", "quantity", Decimal("5000.5")),
        (None, "at_most", "value", Decimal(100)),
    }


def test_a_wrong_row_is_named_and_what_was_typed_stays(sales, contract):
    rows = {
        "commitments/0/sku": "NO-SUCH",
        "commitments/0/kind": "at_most",
        "commitments/0/committed": "much",
    }

    answer = sales.post(at("commitments_save", contract), rows)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "NO-SUCH is not one of your articles." in html
    assert "“much” is not a number." in html
    assert Commitment.objects.count() == 2


def test_put_in_force_renewed_and_terminated_from_the_page(sales, cast, drill):
    sales.post(reverse("backoffice:agreement_new"), TYPED)
    made = Agreement.objects.get()
    assert sales.post(at("agreement_activate", made)).status_code == 422

    html = html_of(sales, at("agreement", made))
    assert "Put in force" in html
    sales.post(
        reverse("backoffice:price_add", args=[made.price_list_id]), {"sku": "DRILL-18V", "price": "80"}
    )
    assert sales.post(at("agreement_activate", made)).status_code == 303
    renewal = {"valid_from": "2027-03-01", "valid_until": "2028-02-29", "percent": "2.5"}
    assert sales.post(at("agreement_renew", made), renewal).status_code == 303
    second = Agreement.objects.get(renews=made)
    assert second.price_list.prices.get().amount == Decimal("82")
    assert sales.post(at("agreement_terminate", made), {"note": ""}).status_code == 422
    assert sales.post(at("agreement_terminate", made), {"note": "Site closed"}).status_code == 303
    assert "Site closed" in html_of(sales, at("agreement", made))
    assert sales.post(at("agreement_delete", second)).status_code == 303
    assert PriceList.objects.filter(pk=second.price_list_id).exists()


def test_an_empty_draft_is_not_put_in_force_when_its_list_is_none(sales, cast):
    sales.post(reverse("backoffice:agreement_new"), TYPED | {"price_list": ""})
    made = Agreement.objects.get()

    answer = sales.post(at("agreement_activate", made))

    assert answer.status_code == 422
    assert "Nothing is agreed yet." in answer.content.decode()


def test_in_force_its_end_and_words_change_and_nothing_else(sales, contract, globex_account):
    typed = {
        "title": "Frame 2026/27",
        "valid_until": "2027-06-30",
        "buyer_number": "RV-1",
        "account": "10002",
    }

    assert (
        sales.post(
            at("agreement_save", contract), {k: v for k, v in typed.items() if k != "account"}
        ).status_code
        == 303
    )
    assert sales.post(at("agreement_save", contract), typed).status_code == 422

    contract.refresh_from_db()
    assert (contract.title, contract.last_day.isoformat(), contract.buyer_number) == (
        "Frame 2026/27", "2027-06-30", "RV-1",
    )  # fmt: skip


def test_what_is_used_stands_by_order_and_as_files(sales, contract, acme_account, acme_list, drill):
    lines = [Drawn(1, acme_list.pk, drill.pk, Decimal(4), Decimal(356))]
    draw(order_id=1, account_id=acme_account.pk, lines=lines)

    html = html_of(sales, at("agreement", contract))
    assert "4 of 10 pc" in html
    assert "not placed yet" in html
    committed = b"".join(sales.get(at("commitments_csv", contract)).streaming_content).decode("utf-8-sig")
    assert '"DRILL-18V","Cordless drill 18 V","At most","Quantity",10,4,6' in committed
    used = b"".join(sales.get(at("agreement_use_csv", contract)).streaming_content).decode("utf-8-sig")
    assert ',"Acme GmbH","DRILL-18V","At most",4,356.00,"EUR"' in used


def test_the_paper_has_dates_prices_and_what_is_committed(sal, sales, contract, bolt):
    answer = sales.get(at("agreement_pdf", contract))
    paper = agreement_paper(sal.as_actor("page"), contract, "en")

    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert (paper.title, paper.number, paper.intro) == ("Agreement", contract.number, ["Frame 2026"])
    assert paper.recipient == ["Acme GmbH"]
    assert ("Last day", "31 December 2099") in paper.facts
    assert paper.rows == [[["Cordless drill 18 V", "DRILL-18V"], ["1 piece"], ["89.00"]]]
    assert paper.notes[0].lines == [
        "At least: All goods: 1,000.00 EUR",
        "At most: Cordless drill 18 V (DRILL-18V): 10 pieces",
    ]


def test_a_draft_without_prices_is_a_paper_that_says_so(sal, sales, acme_account):
    sales.post(reverse("backoffice:agreement_new"), TYPED)
    made = Agreement.objects.get()

    assert sales.get(at("agreement_pdf", made)).content[:5] == b"%PDF-"
    assert agreement_paper(sal.as_actor("page"), made, "en").title == "Draft of an agreement"


def test_more_prices_than_anybody_prints_are_left_to_their_file(sal, sales, contract, monkeypatch):
    monkeypatch.setattr(papers, "MOST_PRICES", 0)

    assert sales.get(at("agreement_pdf", contract)).content[:5] == b"%PDF-"
    paper = agreement_paper(sal.as_actor("page"), contract, "en")
    assert (list(paper.rows), len(paper.notes[0].lines)) == ([], 2)
    assert (
        paper.intro[1]
        == "The prices are too many for paper. They are in the file of prices of this agreement."
    )
