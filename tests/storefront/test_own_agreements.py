"""The buyer's agreements: what is used and left, the prices, our orders; nobody else's."""

from decimal import Decimal

import pytest
from django.urls import reverse

from kontor.agreements.operations import Drawn, draw, save_agreement, terminate_agreement
from kontor.agreements.operations.save import AgreementFacts
from kontor.companies.models import CustomerGroup
from tests.agreements.made import FIRST, contract_of
from tests.backoffice.test_warehouse import html_of, signed_in


@pytest.fixture
def contract(sal, acme_account, acme_list, drill):
    return contract_of(sal, acme_account, acme_list, drill)


def test_the_buyer_sees_what_is_used_what_is_left_and_until_when(
    ana, contract, acme_account, acme_list, drill
):
    lines = [Drawn(1, acme_list.pk, drill.pk, Decimal(4), Decimal(356))]
    draw(order_id=1, account_id=acme_account.pk, lines=lines)

    html = html_of(signed_in(ana), reverse("storefront:agreements"))

    assert "Frame 2026" in html
    assert "4 of 10 pc · 6 pc left" in html
    assert "€356.00 of €1,000.00 · €644.00 to go" in html
    assert "until 31 Dec 2099" in html


def test_its_prices_can_be_searched_and_taken_out_as_a_file(ana, contract):
    client = signed_in(ana)
    address = reverse("storefront:agreement", args=[contract.pk])

    assert "Cordless drill 18 V" in html_of(client, address + "?q=cordless")
    assert "No price fits." in html_of(client, address + "?q=bolt")
    answer = client.get(reverse("storefront:agreement_csv", args=[contract.pk]))
    assert '"DRILL-18V","Cordless drill 18 V",1,89,1,"C62","EUR"' in b"".join(
        answer.streaming_content
    ).decode("utf-8-sig")


def test_drafts_and_those_of_others_are_not_there(ana, gil, sal, contract, acme_account):
    facts = AgreementFacts(title="In the making", account=acme_account, valid_from=FIRST)
    draft = save_agreement(actor=sal.as_actor("page"), facts=facts)

    assert "In the making" not in html_of(signed_in(ana), reverse("storefront:agreements") + "?state=all")
    assert signed_in(ana).get(reverse("storefront:agreement", args=[draft.pk])).status_code == 404
    for name in ("agreement", "agreement_pdf"):
        assert signed_in(ana).get(reverse(f"storefront:{name}", args=[draft.pk])).status_code == 404
        assert signed_in(gil).get(reverse(f"storefront:{name}", args=[contract.pk])).status_code == 404
    own = signed_in(ana).get(reverse("storefront:agreement_pdf", args=[contract.pk]))
    assert own.content[:5] == b"%PDF-"
    assert "Nothing is in force" in html_of(signed_in(gil), reverse("storefront:agreements"))


def test_viewers_do_not_see_agreements(cy, contract):
    assert signed_in(cy).get(reverse("storefront:agreements")).status_code == 403


def test_a_terminated_one_says_why(ana, sal, contract):
    terminate_agreement(actor=sal.as_actor("page"), agreement=contract, note="Site closed")

    assert "Site closed" in html_of(signed_in(ana), reverse("storefront:agreement", args=[contract.pk]))


def test_of_a_groups_agreement_each_sees_its_own_part(
    ana, gil, hansa, contract, acme_account, globex_account, acme_list, drill
):
    group = CustomerGroup.objects.create(seller=hansa, name="Fitters")
    for account in (acme_account, globex_account):
        account.group = group
        account.save()
    contract.account, contract.group = None, group
    contract.save()
    lines = [Drawn(1, acme_list.pk, drill.pk, Decimal(4), Decimal(356))]
    draw(order_id=1, account_id=acme_account.pk, lines=lines)

    for member, told in ((ana, "4 of 10 pc"), (gil, "0 of 10 pc")):
        html = html_of(signed_in(member), reverse("storefront:agreement", args=[contract.pk]))
        assert told in html
        assert "your part of what the group uses" in html
    assert "Your orders that used it" not in html_of(
        signed_in(gil), reverse("storefront:agreement", args=[contract.pk])
    )


def test_the_product_page_says_what_is_left_at_the_price_and_until_when(ana, gil, contract, drill):
    address = reverse("storefront:product", args=[drill.pk, drill.slug])

    assert "10\xa0pc left at this price; agreed until 31 Dec 2099" in html_of(signed_in(ana), address)
    assert "left at this price" not in html_of(signed_in(gil), address)
