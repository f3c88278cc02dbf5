"""A buyer downloads its price file, and lets one be made every night for its own programs."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from kontor.catalog.models import Product
from kontor.catalog.operations import AgreedFacts, AssortmentFacts, agree_quantities, save_assortment
from kontor.companies.models import CustomerAccount, Membership
from kontor.companies.operations import create_api_key
from kontor.exchange import folder
from kontor.inventory.models import StockItem
from kontor.kernel import clock
from kontor.kernel.actors import system_actor
from kontor.pricing.models import Price
from kontor.publishing.models import Schedule
from kontor.publishing.schedules import begin_due, carry_out_schedule
from kontor.web.middleware.limits import Window
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


@pytest.fixture
def nightly(shop: Client, dora: Membership) -> Callable[..., Any]:
    """Acme's file of the night is made; asks for it with a key."""
    assert shop.post("/company/price-file/nightly/", {"form": "jsonl"}).status_code == 303
    Schedule.objects.update(next_at=clock.now())
    begin_due()
    run = Schedule.objects.get().runs.get()
    carry_out_schedule(run.pk)
    run.refresh_from_db()
    assert run.status == "done"
    _key, secret = create_api_key(actor=actor(dora), name="ERP", roles=("buyer",), is_read_only=True)
    headers = {"Authorization": f"Bearer {secret}"}

    def ask(more: str = "", **further: str) -> Any:
        return Client().get(f"/api/v1/price-file?form=jsonl{more}", headers=headers | further)

    return ask


def test_a_nightly_file_lies_at_an_address_for_a_key(shop: Client, nightly):
    assert "Stop" in shop.get("/company/price-file/").content.decode()
    answer = nightly()
    assert (answer.status_code, b"DRILL-18V" in body(answer)) == (200, True)
    assert nightly(**{"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert "ETag" not in nightly("&fresh=true").headers

    StockItem.objects.update(on_hand=F("on_hand") + 1)  # is that of the night
    assert nightly().headers["ETag"] == answer.headers["ETag"]

    assert shop.post("/company/price-file/nightly/", {"stop": "1"}).status_code == 303
    assert not Schedule.objects.exists()


def _withdraw(cast: Cast) -> None:
    Product.objects.filter(sku="DRILL-18V").update(status="discontinued")


def _take_from_the_assortment(cast: Cast) -> None:
    facts = AssortmentFacts(name="Few", start="none", is_standard=True)
    save_assortment(actor=system_actor("test"), seller=cast.companies["hansa"], facts=facts)


def _block(cast: Cast) -> None:
    CustomerAccount.objects.filter(pk=cast.accounts["acme"].pk).update(status="blocked")


def _agree(cast: Cast) -> None:
    agreed = [AgreedFacts(sku="DRILL-18V", multiple=Decimal(5))]
    agree_quantities(actor=system_actor("test"), holder=cast.accounts["acme"], agreed=agreed)


CHANGES = {
    "the price": lambda cast: Price.objects.filter(product__sku="DRILL-18V").update(amount=77),
    "its status": _withdraw,
    "the assortment": _take_from_the_assortment,
    "the account": _block,
    "what was agreed": _agree,
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_nightly_file_is_not_sent_once_something_of_it_has_changed(cast: Cast, nightly, what: str):
    made = body(nightly())
    CHANGES[what](cast)
    answer = nightly()

    assert "ETag" not in answer.headers
    fresh = body(answer)
    assert fresh != made
    assert (b"DRILL-18V" in fresh) == (what not in ("its status", "the assortment"))


def test_too_many_files_in_a_minute_are_told_when_to_go_on(shop: Client, settings, monkeypatch):
    monkeypatch.setattr("kontor.web.middleware.limits.window", Window())
    for _time in range(settings.CONFIG.limit_price_files):
        assert shop.get("/company/price-file/download").status_code == 200
    answer = shop.get("/company/price-file/download")

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert f"Wait {answer.headers['Retry-After']} seconds and try again." in answer.content.decode()
    assert shop.get("/company/price-file/").status_code == 200


def test_visitors_who_try_choices_without_end_wait_a_minute(cast: Cast, settings, monkeypatch):
    monkeypatch.setattr("kontor.web.middleware.limits.window", Window())
    client = Client()
    for _time in range(settings.CONFIG.limit_configurations):
        assert client.get("/configure/1/").status_code == 404
    assert client.get("/configure/1/").status_code == 429
    assert client.get("/").status_code == 200


def test_who_only_looks_has_no_file_made(cast: Cast, cy: Membership):
    client = Client()
    client.force_login(cy.user)
    assert client.post("/company/price-file/nightly/", {"form": "csv"}).status_code == 403
    assert not Schedule.objects.exists()
