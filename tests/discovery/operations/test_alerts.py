"""Saved searches and watched products: what is found, for whom, once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.discovery.models import Digest, Finding, Rhythm, SavedSearch, Watch
from kontor.discovery.operations import (
    change_search,
    change_watch,
    end_watch,
    look_for_news,
    note_first_listings,
    remove_search,
    save_search,
    watch_product,
)
from kontor.discovery.queries import alerts_of, digest_of
from kontor.inventory.models import StockItem
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import Price
from kontor.search.operations import rebuild_all
from tests.cast import actor
from tests.storefront.trade_pages import browser_of, shown

INSTANT = (Rhythm.INSTANT,)


def sold_out(product: Product) -> None:
    StockItem.objects.filter(product=product).update(on_hand=0)


def found() -> list[tuple[str, str, str]]:
    return list(
        Finding.objects.order_by("id").values_list("digest__membership__user__name", "kind", "product__sku")
    )


@pytest.mark.covers("R3.22")
def test_what_is_back_in_stock_is_told_once_and_the_alert_ends(ana: Membership, drill: Product) -> None:
    sold_out(drill)
    watch_product(actor=actor(ana), product=drill, kind="stock")
    assert look_for_news(rhythms=INSTANT) == 0

    StockItem.objects.filter(product=drill).update(on_hand=3)

    assert look_for_news(rhythms=INSTANT) == 1
    assert look_for_news(rhythms=INSTANT) == 0
    assert found() == [("Ana Brandt", "stock", "DRILL-18V")]
    assert not Watch.objects.exists()


def test_another_price_for_us_is_told_with_both_prices(
    ana: Membership, gil: Membership, drill: Product
) -> None:
    for member in (ana, gil):
        watch_product(actor=actor(member), product=drill, kind="price")

    Price.objects.filter(product=drill, price_list__code="acme-contract").update(amount=Decimal("79.00"))

    assert look_for_news(rhythms=INSTANT) == 1
    assert look_for_news(rhythms=INSTANT) == 0
    finding = Finding.objects.get()
    assert (finding.before, finding.after, finding.currency) == (Decimal("89"), Decimal("79"), "EUR")
    assert finding.digest.membership_id == ana.pk
    assert Watch.objects.count() == 2


@pytest.mark.covers("R3.51")
def test_what_is_new_in_a_saved_search_is_told_and_what_was_there_is_not(
    ana: Membership, bolt: Product, drill: Product
) -> None:
    rebuild_all()
    note_first_listings([bolt.pk])
    with clock.at(clock.now() + timedelta(minutes=1)):
        save_search(actor=actor(ana), name="Tools", query="category=power-tools", rhythm="instant")
        save_search(actor=actor(ana), name="Drills", query="q=drill", rhythm="instant")
        save_search(actor=actor(ana), name="Bolts", query="q=bolt", rhythm="instant")
    with clock.at(clock.now() + timedelta(minutes=2)):
        note_first_listings([drill.pk])
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert look_for_news(rhythms=INSTANT) == 1
        assert look_for_news(rhythms=INSTANT) == 0

    assert [one.search.name for one in Finding.objects.order_by("search__name")] == ["Drills", "Tools"]
    assert Digest.objects.get().by_mail


def test_a_search_that_cannot_be_answered_keeps_no_other_alert_back(
    ana: Membership, drill: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild_all()
    for name, query in (("Broken", "category=tools"), ("Drills", "q=drill")):
        save_search(actor=actor(ana), name=name, query=query, rhythm="instant")
    with clock.at(clock.now() + timedelta(minutes=2)):
        note_first_listings([drill.pk])

    def fails(*_viewer: object, **_asked: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr("kontor.discovery.operations.look.browse", fails)
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert look_for_news(rhythms=INSTANT) == 1
    assert [one.search.name for one in Finding.objects.all()] == ["Drills"]


def test_each_rhythm_is_looked_after_on_its_own_and_nobody_else_is_mailed(
    ana: Membership, drill: Product
) -> None:
    watch_product(actor=actor(ana), product=drill, kind="stock", rhythm="never")

    assert look_for_news(rhythms=INSTANT) == 0
    assert look_for_news(rhythms=(Rhythm.DAILY, Rhythm.NEVER)) == 1
    assert not Digest.objects.get().by_mail


def test_what_a_company_may_not_see_is_not_told(ana: Membership, drill: Product) -> None:
    watch_product(actor=actor(ana), product=drill, kind="stock")
    Product.objects.filter(pk=drill.pk).update(assortments=[99])

    assert look_for_news(rhythms=INSTANT) == 0
    assert Watch.objects.count() == 1


def test_saving_the_same_search_again_renames_it(ana: Membership) -> None:
    save_search(actor=actor(ana), name="Bolts", query="q=bolt")
    again = save_search(actor=actor(ana), name="All bolts", query="q=bolt", rhythm="instant")

    assert SavedSearch.objects.get() == again
    assert (again.name, again.rhythm) == ("All bolts", "instant")


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [(" ", "q=x", "incomplete"), ("x" * 121, "q=x", "incomplete"), ("x", "", "too_long")],
)
def test_a_search_needs_a_name_and_something_to_look_for(
    ana: Membership, name: str, query: str, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        save_search(actor=actor(ana), name=name, query=query)

    assert refusal.value.code == code
    assert not SavedSearch.objects.exists()


def test_alerts_are_a_persons_own(ana: Membership, ben: Membership, sal: Membership, drill: Product) -> None:
    search = save_search(actor=actor(ana), name="Bolts", query="q=bolt")
    watch = watch_product(actor=actor(ana), product=drill, kind="price")
    behalf = actor(sal).behalf_of(ana.company_id, "Acme GmbH")

    for somebody in (actor(ben), actor(sal), behalf):
        with pytest.raises(NotAllowed):
            change_search(actor=somebody, search=search, name="Mine", rhythm="never")
        with pytest.raises(NotAllowed):
            remove_search(actor=somebody, search=search)
        with pytest.raises(NotAllowed):
            change_watch(actor=somebody, watch=watch, rhythm="never")
        with pytest.raises(NotAllowed):
            end_watch(actor=somebody, watch=watch)
    for somebody in (actor(sal), behalf):
        with pytest.raises(NotAllowed):
            watch_product(actor=somebody, product=drill, kind="price")

    assert SavedSearch.objects.get().name == "Bolts"
    change_watch(actor=actor(ana), watch=watch, rhythm="daily")
    end_watch(actor=actor(ana), watch=watch)
    remove_search(actor=actor(ana), search=search)
    assert not Watch.objects.exists()
    assert not SavedSearch.objects.exists()


def model_of(variant: Product) -> Product:
    model = Product.objects.create(
        seller=variant.seller, sku="M", name="Drills", slug="drills", kind="model", status="active",
        category=variant.category, assortments=variant.assortments,
    )  # fmt: skip
    Product.objects.filter(pk=variant.pk).update(variant_of=model)
    return model


@pytest.mark.covers("R3.22")
def test_a_model_costs_what_its_cheapest_variant_does_that_one_may_buy(
    ana: Membership, gil: Membership, bolt: Product, drill: Product
) -> None:
    model = model_of(drill)
    Product.objects.filter(pk=bolt.pk).update(variant_of=model, assortments=[99])
    for member in (ana, gil):
        watch_product(actor=actor(member), product=model, kind="price")
    own = Watch.objects.get(membership=ana)
    assert (own.amount, own.currency) == (Decimal("89"), "EUR")

    Price.objects.filter(product=drill, price_list__code="acme-contract").update(amount=Decimal("79.00"))

    assert look_for_news(rhythms=INSTANT) == 1
    assert look_for_news(rhythms=INSTANT) == 0
    finding = Finding.objects.get()
    assert (finding.product, finding.before, finding.after) == (model, Decimal("89"), Decimal("79"))


@pytest.mark.covers("R0.6")
def test_what_is_no_longer_offered_to_a_company_is_not_named_by_its_alerts(
    ana: Membership, drill: Product
) -> None:
    watch_product(actor=actor(ana), product=drill, kind="stock")
    kept = watch_product(actor=actor(ana), product=drill, kind="price")
    look_for_news(rhythms=INSTANT)
    digest_id = Digest.objects.get().pk
    told = digest_of(digest_id)
    assert told is not None
    assert [one.product for one in told[1]] == [drill]
    assert [one.product for one in alerts_of(actor(ana)).watches] == [drill]

    Product.objects.filter(pk=drill.pk).update(assortments=[99])

    alerts, told = alerts_of(actor(ana)), digest_of(digest_id)
    assert (alerts.watches, alerts.gone, alerts.findings) == ([], [kept], [])
    assert told is not None
    assert told[1] == []
    browser = browser_of(ana)
    html = shown(browser, "/alerts/")
    assert "An article that is no longer offered to you" in html
    assert not any(word in html for word in (drill.sku, drill.name, drill.slug, f"/products/{drill.pk}"))
    browser.post(f"/alerts/watches/{kept.pk}/end/")
    ended = shown(browser, "/alerts/")
    assert "This alert has ended." in ended
    assert drill.name not in ended
    assert not Watch.objects.exists()
