"""What a seller's programs keep up to date: customers, prices, products; and a person's mails."""

import pytest

from kontor.companies.models import Company, CustomerAccount, PaymentTerm
from kontor.pricing.models import Price, PriceAssignment
from tests.api.conftest import Caller, by_key, by_session, pointers
from tests.traces import unchanged


@pytest.fixture
def seller(sal) -> Caller:
    return by_key(sal)


@pytest.fixture
def asking(hansa) -> CustomerAccount:
    company = Company.objects.create(legal_name="Neu GmbH", slug="neu", country="DE")
    return CustomerAccount.objects.create(seller=hansa, buyer=company)


def test_a_customer_is_accepted_with_term_and_prices(seller, asking, n30, acme_list):
    (waiting,) = seller.get("customers?status=requested").json()["items"]
    assert waiting["name"] == "Neu GmbH"

    answer = seller.post(
        f"customers/{asking.pk}/accept", {"payment_term_id": n30.pk, "price_list_ids": [acme_list.pk]}
    )

    assert answer.status_code == 200, answer.content
    assert (answer.json()["status"], answer.json()["payment_term"]["name"]) == ("active", "30 days net")
    assert answer.json()["customer_number"] != ""
    assert PriceAssignment.objects.filter(scope__account=asking).count() == 1
    assert seller.post(f"customers/{asking.pk}/decline", {"reason": "late"}).status_code == 409


def test_foreign_terms_and_lists_cannot_be_given(seller, asking, n30, cast):
    lists = {"payment_term_id": n30.pk, "price_list_ids": [cast.price_lists["levante"].pk]}

    assert seller.post(f"customers/{asking.pk}/accept", lists).status_code == 404
    assert seller.post(f"customers/{asking.pk}/accept", {"payment_term_id": 2**62}).status_code == 404
    asking.refresh_from_db()
    assert asking.status == "requested"


def test_customers_are_the_sellers_own(asking, ana, lev, wim):
    assert by_key(ana).get("customers").status_code == 403
    assert by_key(wim).get("customers").status_code == 403
    assert by_key(lev).get("customers").json()["items"] == []
    assert by_key(lev).get(f"customers/{asking.pk}").status_code == 404
    assert by_key(lev).post(f"customers/{asking.pk}/decline", {"reason": "x"}).status_code == 404


def test_a_customer_is_blocked_and_unblocked(seller, acme_account):
    assert (
        seller.post(f"customers/{acme_account.pk}/block", {"reason": "Unpaid"}).json()["status"] == "blocked"
    )
    assert seller.post(f"customers/{acme_account.pk}/unblock").json()["status"] == "active"


def test_prices_are_written_by_sku_all_or_none(seller, acme_list, bolt):
    rows = [{"sku": "BOLT-M8", "amount": "0.105", "min_quantity": "500"}, {"sku": "LAMP-LED", "amount": "1"}]

    wrong = seller.post(f"price-lists/{acme_list.pk}/prices", {"rows": rows})
    assert pointers(wrong) == {"#/rows/1/sku": "unknown_article"}
    assert not Price.objects.filter(price_list=acme_list, product=bolt).exists()

    assert seller.post(f"price-lists/{acme_list.pk}/prices", {"rows": rows[:1]}).json() == {"changed": 1}
    (row,) = seller.get(f"price-lists/{acme_list.pk}/prices?sku=BOLT-M8").json()["items"]
    assert (row["amount"], row["min_quantity"]) == ("0.105", "500")


@pytest.mark.covers("R0.5", "R3.54")
def test_a_derived_list_and_prices_with_dates_are_kept_by_api(seller, lev, public_list, acme_list, drill):
    formula = {"basis_id": public_list.pk, "factor": "0.9", "round_to": "1", "ending": "-0.05"}
    facts = {"name": "Dealers", "currency": "EUR", "valid_from": "2026-01-01T00:00:00+01:00"}
    made = seller.post("price-lists", facts | {"formula": formula})
    assert made.status_code == 201
    assert made.json()["formula"] == {
        "basis_id": public_list.pk, "factor": "0.90", "addend": "0.00", "round_to": "1.00", "ending": "-0.05",
        "rate_days": 7,
    }  # fmt: skip
    assert made.json()["valid_from"] == "2025-12-31T23:00:00Z"
    foreign = by_key(lev).post("price-lists", facts | {"formula": formula})
    assert pointers(foreign) == {"#/formula/basis_id": "incomplete"}

    spring = {"valid_from": "2026-03-01T00:00:00Z", "valid_until": "2026-04-01T00:00:00Z"}
    rows = [{"sku": "DRILL-18V", "amount": "80"} | spring, {"sku": "BOLT-M8", "amount": None, "unit": "XBX"}]
    address = f"price-lists/{acme_list.pk}/prices"
    assert seller.post(address, {"rows": rows}).json() == {"changed": 2}
    late = {"sku": "DRILL-18V", "amount": "70", "valid_from": "2026-03-20T00:00:00Z"}
    assert pointers(seller.post(address, {"rows": [late]})) == {"#/rows/0/valid_from": "wrong_prices"}
    dated, bolt, _plain = seller.get(address).json()["items"]
    assert (bolt["amount"], bolt["unit"]) == (None, "XBX")
    assert {name: dated[name] for name in spring} == spring


def test_price_lists_are_nobody_elses_business(acme_list, lev, ana):
    assert by_key(ana).get("price-lists").status_code == 403
    assert by_key(lev).get(f"price-lists/{acme_list.pk}/prices").status_code == 404
    rows = {"rows": [{"sku": "BOLT-M8", "amount": "1"}]}
    assert by_key(lev).post(f"price-lists/{acme_list.pk}/prices", rows).status_code == 404


def test_a_product_is_added_put_on_sale_and_changed_by_revision(cat, ana):
    caller = by_key(cat)
    facts = {
        "sku": "NUT-M8",
        "name": "Hex nut M8",
        "category": "fasteners",
        "units": [{"unit": "C62", "factor": "1", "minimum": "50", "multiple": "50"}],
        "specifications": [{"name": "Thread", "value": "M8"}],
    }
    added = caller.post("products", facts)
    assert added.status_code == 201, added.content
    place = added.headers["Location"]
    assert added.json()["status"] == "draft"
    assert by_key(ana).get(place).status_code == 404
    assert caller.post(f"{place}/status", {"status": "active"}).json()["status"] == "active"
    etag = by_key(ana).get(place).headers["ETag"]

    changed = caller.put(place, facts | {"name": "Hex nut M8, zinc"}, If_Match=etag)

    assert changed.json()["name"] == "Hex nut M8, zinc"
    assert caller.put(place, facts, If_Match=etag).status_code == 412
    assert caller.put(place, facts).status_code == 428


def test_products_are_changed_by_their_seller_only(drill, lev, sal, guest, cat):
    place, facts = f"products/{drill.pk}", {"sku": "DRILL-18V", "name": "Mine now"}

    assert by_key(lev).put(place, facts, If_Match="*").status_code == 404
    assert by_key(sal).put(place, facts, If_Match='"1"').status_code == 403
    assert guest.post("products", facts).status_code == 401
    assert by_key(cat).post("products", facts).json()["code"] == "sku_taken"
    drill.refresh_from_db()
    assert drill.name == "Cordless drill 18 V"


def test_a_person_chooses_mails_a_key_does_not(ana):
    person = by_session(ana)

    assert person.put("me/notifications/orders", {"by_mail": False}).json()["by_mail"] is False
    chosen = {one["topic"]: one["by_mail"] for one in person.get("me/notifications").json()["items"]}
    assert chosen["orders"] is False
    assert chosen["shipments"] is None
    assert person.put("me/notifications/access", {"by_mail": False}).json()["code"] == "unknown_topic"
    assert by_key(ana).put("me/notifications/orders", {"by_mail": True}).json()["code"] == "not_a_person"


def test_terms_of_a_customer_are_changed_in_part(sal, acme_account, hansa):
    caller = by_key(sal)
    term = PaymentTerm.objects.create(seller=hansa, code="N60", name="60 days net", net_days=60)
    before = caller.get(f"customers/{acme_account.pk}").json()

    changed = caller.patch(f"customers/{acme_account.pk}", {"payment_term_id": term.pk}).json()
    assert changed == before | {"payment_term": changed["payment_term"]}
    assert changed["payment_term"]["net_days"] == 60
    given = caller.patch(
        f"customers/{acme_account.pk}", {"sales_rep_id": sal.pk, "note": "Call first"}
    ).json()
    assert (given["sales_rep_id"], given["note"], given["payment_term"]["code"]) == (
        sal.pk,
        "Call first",
        "N60",
    )
    assert caller.patch(f"customers/{acme_account.pk}", {"sales_rep_id": None}).json()["sales_rep_id"] is None


def test_terms_of_other_sellers_and_members_are_not_found(sal, lev, levante, acme_account):
    foreign = PaymentTerm.objects.create(seller=levante, code="N60", name="60 days net", net_days=60)
    caller = by_key(sal)
    caller.get("me")  # the key notes the day of its first use
    with unchanged():
        for body in ({"payment_term_id": foreign.pk}, {"sales_rep_id": lev.pk}):
            assert caller.patch(f"customers/{acme_account.pk}", body).status_code == 404
