"""Why an article costs what it costs, over the API; and who is given which lists."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kontor.companies.models import CustomerGroup
from kontor.kernel.actors import system_actor
from kontor.pricing.operations import PriceRow, set_prices
from kontor.pricing.queries import chain_for, lists_of, scope_of
from tests.api.conftest import by_key

BEGIN = datetime(2030, 3, 1, tzinfo=UTC)


@pytest.mark.covers("R2.4")
def test_a_buyer_is_told_whose_price_it_is_and_what_comes(ana, drill, acme_list):
    rows = [PriceRow(drill.pk, Decimal("80.00"), valid_from=BEGIN)]
    set_prices(actor=system_actor("test"), price_list=acme_list, rows=rows)
    told = by_key(ana).get(f"products/{drill.pk}/price?quantity=2").json()
    assert told["price"] == {"amount": "89.00", "price_base": "1", "min_quantity": "1", "currency": "EUR"}
    assert (told["kind"], told["list_price"]) == ("contract", "99.00")
    assert told["sentence"].startswith("Your contract price; list price €99.00; from 1 Mar 2030")
    assert [one["price"]["amount"] for one in told["changes"]] == ["80.00"]
    assert "Acme contract" not in str(told)


@pytest.mark.covers("R2.4")
def test_a_seller_is_told_every_list_and_why(sal, acme_account, drill, acme_list, public_list):
    address = f"customers/{acme_account.pk}/prices/{drill.pk}"
    told = by_key(sal).get(f"{address}?at=2026-11-22T10:00:00Z").json()
    assert [(one["list_id"], one["why"], one["counts"]) for one in told["steps"]] == [
        (acme_list.pk, "first", True),
        (public_list.pk, "later", False),
    ]
    assert told["price"]["amount"] == "89.00"
    assert (told["left_out"], told["changes"]) == ([], [])


def test_explanations_are_for_the_seller_of_the_customer(ana, lev, wim, acme_account, drill):
    address = f"customers/{acme_account.pk}/prices/{drill.pk}"
    assert by_key(ana).get(address).status_code == 403
    assert by_key(wim).get(address).status_code == 403
    assert by_key(lev).get(address).status_code == 404


def test_customers_groups_and_all_are_given_lists(sal, acme_account, acme_list, public_list):
    caller = by_key(sal)
    group = CustomerGroup.objects.create(seller_id=public_list.seller_id, name="Workshops")
    given = {"price_list_ids": [acme_list.pk], "is_closed": True}
    for address in (f"customers/{acme_account.pk}/price-lists", f"customer-groups/{group.pk}/price-lists"):
        assert caller.put(address, given).json() == given
        assert caller.get(address).json() == given
    assert lists_of(chain_for(acme_account.buyer_id)) == [acme_list.pk]
    everybody = {"price_list_ids": [], "is_closed": False, "takes_lowest": True}
    assert caller.put("price-lists/for-all", everybody).json() == everybody
    assert caller.get("price-lists/for-all").json() == everybody


def test_a_rivals_lists_cannot_be_given(sal, acme_account, acme_list, cast):
    foreign = {"price_list_ids": [cast.price_lists["levante"].pk], "is_closed": False}
    answer = by_key(sal).put(f"customers/{acme_account.pk}/price-lists", foreign)
    assert answer.status_code == 404
    assert scope_of(seller_id=acme_account.seller_id, account_id=acme_account.pk)[1] == [acme_list]
