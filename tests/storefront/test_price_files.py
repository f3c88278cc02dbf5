"""A buyer downloads its price file, and lets one be made every night for its own programs."""

import pytest
from django.test import Client

from kontor.companies.models import Membership
from kontor.companies.operations import create_api_key
from kontor.exchange import folder
from kontor.exchange.models import Schedule
from kontor.kernel import clock
from kontor.pricing.models import Price
from kontor.publishing.schedules import begin_due, carry_out_schedule
from tests.cast import Cast, actor

pytestmark = [pytest.mark.django_db, pytest.mark.covers("R0.6", "R0.20")]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "root", lambda: tmp_path / "exchange")


@pytest.fixture
def shop(cast: Cast, ana: Membership) -> Client:
    client = Client()
    client.force_login(ana.user)
    return client


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_file_is_downloaded_in_each_form(shop: Client):
    assert "Make it every night" in shop.get("/company/price-file/").content.decode()
    for form, start in (("csv", b'\xef\xbb\xbf"own_number"'), ("xlsx", b"PK"), ("jsonl", b"{")):
        answer = shop.get(f"/company/price-file/download?form={form}")
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert body(answer).startswith(start)
    assert Client().get("/company/price-file/download").status_code == 302


def test_a_nightly_file_lies_at_an_address_for_a_key_until_the_company_sees_something_else(
    shop: Client, cast: Cast, dora: Membership
):
    assert shop.post("/company/price-file/nightly/", {"form": "jsonl"}).status_code == 303
    schedule = Schedule.objects.get()
    Schedule.objects.update(next_at=clock.now())
    begin_due()
    carry_out_schedule(schedule.runs.get().pk)
    assert schedule.runs.get().status == "done"
    assert "Stop" in shop.get("/company/price-file/").content.decode()

    _key, secret = create_api_key(actor=actor(dora), name="ERP", roles=("buyer",), is_read_only=True)
    client, headers = Client(), {"Authorization": f"Bearer {secret}"}
    answer = client.get("/api/v1/price-file?form=jsonl", headers=headers)
    assert (answer.status_code, answer.headers["ETag"] != "") == (200, True)
    made = body(answer)
    assert b"DRILL-18V" in made
    again = client.get(
        "/api/v1/price-file?form=jsonl", headers=headers | {"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304

    Price.objects.filter(product__sku="DRILL-18V").update(amount=77)
    assert body(client.get("/api/v1/price-file?form=jsonl", headers=headers)) == made
    assert b'"77"' in body(client.get("/api/v1/price-file?form=jsonl&fresh=true", headers=headers))
    cast.accounts["acme"].status = "blocked"
    cast.accounts["acme"].save()
    assert body(client.get("/api/v1/price-file?form=jsonl", headers=headers)) != made

    assert shop.post("/company/price-file/nightly/", {"stop": "1"}).status_code == 303
    assert not Schedule.objects.exists()


def test_who_only_looks_has_no_file_made(cast: Cast, cy: Membership):
    client = Client()
    client.force_login(cy.user)
    assert client.post("/company/price-file/nightly/", {"form": "csv"}).status_code == 403
    assert not Schedule.objects.exists()
