"""A company's own prices decide order, filter and bands of hits, against a model that prices every product by itself."""

import random
from decimal import Decimal

import pytest
from django.db import connection

from kontor.catalog.models import AgreedQuantity, Product, SalesUnit
from kontor.companies.models import Company, CustomerAccount
from kontor.pricing.models import Price, PriceAssignment, PriceList, PriceScope
from kontor.search.engine.indexer import Indexer
from kontor.search.operations import rebuild_all
from kontor.search.queries import Filters, Viewer, Window, browse, faceting, find, own_prices, viewer_for
from kontor.search.queries.kept import Kept
from tests.cast import Cast
from tests.search.goods import add

Prices = dict[str, Decimal | None]
RESOLVED = """
SELECT p.sku, (
    SELECT round(r.amount / r.price_base, 6) FROM pricing_resolve(
        %(chain)s::pricing_step[], p.id, COALESCE(u.minimum * u.factor, 1), COALESCE(u.unit, '')) AS r)
FROM catalog_product p LEFT JOIN LATERAL (
    SELECT * FROM catalog_units_for(p.id, %(company)s::bigint) ORDER BY place LIMIT 1) AS u ON true
WHERE p.sku LIKE 'R-%%'
"""
SEEDS = range(2)


@pytest.fixture(params=SEEDS)
def rivets(request: pytest.FixtureRequest, indexer: Indexer, cast: Cast) -> random.Random:
    """Forty rivets: some without a list price, some with breaks, some with own or agreed terms for Acme."""
    chance = random.Random(request.param)
    public = PriceList.objects.get(seller=cast.companies["hansa"], is_public=True)
    account = CustomerAccount.objects.get(buyer=cast.companies["acme"], seller=cast.companies["hansa"])
    for number in range(40):
        product = add(cast, f"R-{number}", f"Rivet {number}")
        if chance.random() < 0.8:
            _price(public, product, chance, 1)
        if chance.random() < 0.3:
            _price(public, product, chance, 10)
        if chance.random() < 0.3:
            _price(cast.price_lists["acme"], product, chance, 1)
        if chance.random() < 0.4:
            SalesUnit.objects.create(product=product, unit="PCE", factor=1, minimum=chance.choice([1, 10]))
            for price_list in (public, cast.price_lists["acme"]):
                if chance.random() < 0.3:
                    _price(price_list, product, chance, 1, "PCE")
            if chance.random() < 0.5:
                AgreedQuantity.objects.create(
                    account=account, product=product, unit="PCE", minimum=10, multiple=1
                )
    rebuild_all()
    indexer.step()
    return chance


def _price(
    price_list: PriceList, product: Product, chance: random.Random, minimum: int, unit: str = ""
) -> None:
    amount, base = Decimal(chance.randint(1, 400)) / 4, chance.choice([1, 1, 3, 100])
    Price.objects.create(
        price_list=price_list,
        product=product,
        amount=amount,
        price_base=base,
        min_quantity=minimum,
        unit=unit,
    )


@pytest.fixture(params=["few hits", "many hits", "list prices", "prices by a formula"])
def viewer(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    cast: Cast,
    acme: Company,
    globex: Company,
) -> Viewer:
    """Acme, with own prices among more or fewer hits than are priced at once; and Globex, which has none, or a list that
    derives from list prices with a few exceptions."""
    monkeypatch.setattr(faceting, "_terms", Kept())
    monkeypatch.setattr(faceting, "_counted", Kept())
    if request.param == "many hits":
        monkeypatch.setattr(own_prices, "MOST_PRICED", 39)
    if request.param == "prices by a formula":
        monkeypatch.setattr(own_prices, "MOST_PRICED", 12)
        _give_dealers_list(cast, globex)
    return viewer_for(acme.pk if request.param in ("few hits", "many hits") else globex.pk)


def _give_dealers_list(cast: Cast, buyer: Company) -> None:
    """List prices by a quarter less and half a euro more, with exceptions."""
    hansa = cast.companies["hansa"]
    public = PriceList.objects.get(seller=hansa, is_public=True)
    dealers = PriceList.objects.create(
        seller=hansa, code="dealers", name="Dealers", currency="EUR", basis=public, factor=Decimal("0.75"),
        addend=Decimal("0.5"),
    )  # fmt: skip
    for number in (2, 3, 5, 7, 11, 13):
        product = Product.objects.get(sku=f"R-{number}")
        Price.objects.create(price_list=dealers, product=product, amount=Decimal(9 * number) / 4)
    scope = PriceScope.objects.create(
        seller=hansa, account=CustomerAccount.objects.get(buyer=buyer, seller=hansa)
    )
    PriceAssignment.objects.create(scope=scope, price_list=dealers)


def _model(viewer: Viewer) -> Prices:
    with connection.cursor() as cursor:
        cursor.execute(RESOLVED, viewer.parameters)
        return dict(cursor.fetchall())


def _read(viewer: Viewer, sort: str, filters: Filters, size: int) -> tuple[list[str], int]:
    """All pages of hits, and the total that the first one tells."""
    pages = [
        find(viewer, "rivet", window=Window(sort=sort, page=page, per_page=size), filters=filters)
        for page in range(1, -(-41 // size) + 1)
    ]
    return [card.sku for page in pages for card in page.cards], pages[0].total


@pytest.mark.covers("R1.26")
@pytest.mark.parametrize("sort", ["price", "-price"])
def test_every_page_is_that_of_the_model(rivets: random.Random, viewer: Viewer, sort: str):
    prices = _model(viewer)
    sign = 1 if sort == "price" else -1
    for bounds in (None, (Decimal(5), Decimal(60)), (None, Decimal(20)), (Decimal(20), None)):
        filters = Filters(price=bounds)
        low, high = bounds or (None, None)
        fitting = {
            sku: price
            for sku, price in prices.items()
            if bounds is None
            or (price is not None and price >= (low or 0) and (high is None or price <= high))
        }
        shown, total = _read(viewer, sort, filters, rivets.choice([7, 24]))
        assert total == len(fitting)
        assert sorted(shown) == sorted(fitting)
        placed = [(fitting[sku] is None, sign * (fitting[sku] or 0)) for sku in shown]
        assert placed == sorted(placed)


def test_bands_count_own_prices_and_a_filter_finds_what_its_band_counts(
    rivets: random.Random, viewer: Viewer
):
    prices = [price for price in _model(viewer).values() if price is not None]
    bands = find(viewer, "rivet").facets.prices
    assert sum(band.count for band in bands) == len(prices)
    for band in bands:
        low, high = band.lowest or Decimal(0), band.highest
        assert band.count == sum(low <= price and (high is None or price < high) for price in prices)


def test_a_shelf_is_sorted_by_own_prices_too(indexer: Indexer, cast: Cast, acme: Company, globex: Company):
    public = PriceList.objects.get(seller=cast.companies["hansa"], is_public=True)
    for number, own in enumerate([30, 20, 10]):
        product = add(cast, f"R-{number}", f"Rivet {number}", category=cast.products["bolt"].category)
        Price.objects.create(price_list=public, product=product, amount=number + 1)
        Price.objects.create(price_list=cast.price_lists["acme"], product=product, amount=own)
    rebuild_all()
    indexer.step()

    def order(company: Company) -> list[str]:
        listing = browse(viewer_for(company.pk), window=Window(sort="price"))
        return [card.sku for card in listing.cards if card.sku.startswith("R-")]

    assert order(acme) == ["R-2", "R-1", "R-0"]
    assert order(globex) == ["R-0", "R-1", "R-2"]


def test_list_prices_decide_where_own_prices_are_too_many_to_tell(
    indexer: Indexer, cast: Cast, acme: Company, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(own_prices, "MOST_OWN", 2)
    monkeypatch.setattr(own_prices, "MOST_PRICED", 2)
    public = PriceList.objects.get(seller=cast.companies["hansa"], is_public=True)
    for number, own in enumerate([30, 20, 10]):
        product = add(cast, f"R-{number}", f"Rivet {number}")
        Price.objects.create(price_list=public, product=product, amount=number + 1)
        Price.objects.create(price_list=cast.price_lists["acme"], product=product, amount=own)
    rebuild_all()
    indexer.step()
    listing = find(viewer_for(acme.pk), "rivet", window=Window(sort="price"))
    assert [card.sku for card in listing.cards] == ["R-0", "R-1", "R-2"]
    assert [card.amount for card in listing.cards] == [30, 20, 10]


def test_who_sees_no_prices_is_told_none_by_order_filter_or_bands(indexer: Indexer, cast: Cast):
    public = PriceList.objects.get(seller=cast.companies["hansa"], is_public=True)
    for number in range(3):
        Price.objects.create(
            price_list=public, product=add(cast, f"R-{number}", f"Rivet {number}"), amount=9 - number
        )
    rebuild_all()
    indexer.step()
    guest = Viewer()
    orders = [find(guest, "rivet", window=Window(sort=sort)).cards for sort in ("price", "-price")]
    assert [[card.sku for card in cards] for cards in orders] == [["R-0", "R-1", "R-2"]] * 2
    assert find(guest, "rivet", filters=Filters(price=(Decimal(8), Decimal(10)))).total == 0
    assert find(guest, "rivet").facets.prices == ()
