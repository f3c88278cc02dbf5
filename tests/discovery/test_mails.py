"""The mail about what somebody waited for, and the way out of such mails."""

import re

import pytest
from django.test import Client

from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.discovery.models import SavedSearch, Watch
from kontor.discovery.operations import look_for_news, save_search, watch_product
from kontor.inventory.models import StockItem
from kontor.kernel.delivery import deliver_due
from kontor.notifications.models import Mail
from kontor.notifications.operations import set_preference
from kontor.pricing.models import Price
from tests.cast import actor


@pytest.fixture
def found(ana: Membership, bolt: Product, drill: Product) -> None:
    """The drill costs Acme less, the bolt is back in stock."""
    StockItem.objects.filter(product=bolt).update(on_hand=0)
    watch_product(actor=actor(ana), product=drill, kind="price")
    watch_product(actor=actor(ana), product=bolt, kind="stock")
    StockItem.objects.filter(product=bolt).update(on_hand=10)
    Price.objects.filter(product=drill, price_list__code="acme-contract").update(amount="79.00")


def mails() -> list[Mail]:
    deliver_due()
    return list(Mail.objects.filter(topic="alerts"))


@pytest.mark.covers("R3.22")
def test_one_mail_to_one_person_says_all_that_was_found(ana: Membership, found: None) -> None:
    look_for_news(rhythms=("instant",))
    [mail] = mails()

    assert (mail.to, mail.subject) == ("ana@acme.example", "2 articles you waited for")
    assert "Your price: €79.00 per pc, before €89.00 per pc" in mail.text
    assert "Back in stock" in mail.text
    look_for_news(rhythms=("instant",))
    assert len(mails()) == 1


def test_a_price_of_fractions_of_a_cent_is_told_for_a_hundred(ana: Membership, bolt: Product) -> None:
    watch_product(actor=actor(ana), product=bolt, kind="price")
    Price.objects.filter(product=bolt).update(amount="6.73", price_base=100)
    look_for_news(rhythms=("instant",))
    [mail] = mails()

    assert (
        "Your price: €6.73 per 100\N{NO-BREAK SPACE}pc, before €12.50 per 100\N{NO-BREAK SPACE}pc"
        in mail.text
    )


def test_who_declined_mails_about_alerts_gets_none(ana: Membership, found: None) -> None:
    set_preference(actor=actor(ana), topic_name="alerts", by_mail=False)
    look_for_news(rhythms=("instant",))

    assert mails() == []


def test_the_link_in_the_mail_ends_the_mails_without_signing_in_and_keeps_what_was_saved(
    ana: Membership, found: None
) -> None:
    save_search(actor=actor(ana), name="Bolts", query="q=bolt")
    look_for_news(rhythms=("instant",))
    [mail] = mails()
    [path] = re.findall(r"/alerts/end/\S+/", mail.text)[:1]

    assert "ana@acme.example" in Client().get(path).content.decode()
    assert SavedSearch.objects.get().rhythm == "daily"
    assert "no more mails" in Client().post(path).content.decode()
    assert SavedSearch.objects.get().rhythm == "never"
    assert {one.rhythm for one in Watch.objects.all()} == {"never"}
    assert Client().get("/alerts/end/forged:token/").status_code == 404
