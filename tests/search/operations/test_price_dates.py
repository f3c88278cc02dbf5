"""Listings are sorted by prices and lists that begin and end, from the minute on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from kontor.catalog.models import Product
from kontor.kernel import clock
from kontor.kernel.actors import system_actor
from kontor.pricing.models import PriceList
from kontor.pricing.operations import Formula, PriceListFacts, PriceRow, save_price_list, set_prices
from kontor.search.models import UNPRICED, SearchDocument
from kontor.search.operations import follow_price_dates, rebuild_all, refresh_list_prices
from kontor.worker import jobs

SYSTEM = system_actor("test")
NOW = datetime(2030, 2, 28, 12, 0, tzinfo=UTC)
MARCH, APRIL = datetime(2030, 3, 1, tzinfo=UTC), datetime(2030, 4, 1, tzinfo=UTC)


def sorted_by(product: Product) -> Decimal:
    return SearchDocument.objects.get(product=product).list_price


def test_a_dated_price_is_sorted_by_from_its_beginning_to_its_end(
    drill: Product, public_list: PriceList
) -> None:
    rows = [PriceRow(drill.pk, Decimal("80.00"), valid_from=MARCH, valid_until=APRIL)]
    set_prices(actor=SYSTEM, price_list=public_list, rows=rows)
    rebuild_all()
    with clock.at(NOW):
        assert follow_price_dates() is False
    with clock.at(MARCH - timedelta(minutes=1)):
        assert follow_price_dates() is False
        assert sorted_by(drill) == 99
    with clock.at(MARCH):
        jobs.keep_to_price_dates(0)
        assert sorted_by(drill) == 80
        assert follow_price_dates() is False
    with clock.at(APRIL + timedelta(days=3)):  # the worker stood still meanwhile
        assert follow_price_dates() is True
        assert sorted_by(drill) == 99


def test_a_public_list_that_ends_leaves_its_goods_without_a_price(
    drill: Product, public_list: PriceList
) -> None:
    rebuild_all()
    PriceList.objects.filter(pk=public_list.pk).update(valid_until=MARCH)
    with clock.at(NOW):
        follow_price_dates()
    with clock.at(MARCH):
        assert follow_price_dates() is True
        assert sorted_by(drill) == UNPRICED


def test_a_change_of_the_basis_changes_what_a_public_list_derived_from_it_is_sorted_by(
    drill: Product, public_list: PriceList
) -> None:
    facts = PriceListFacts(name="Basis", currency="EUR")
    basis = save_price_list(actor=SYSTEM, facts=facts, seller=public_list.seller)
    public_list.prices.filter(product=drill).delete()
    formula = Formula(basis, Decimal("1.5"))
    facts = PriceListFacts(
        name=public_list.name, code=public_list.code, currency="EUR", is_public=True, formula=formula
    )
    save_price_list(actor=SYSTEM, facts=facts, price_list=public_list)
    rebuild_all()
    set_prices(actor=SYSTEM, price_list=basis, rows=[PriceRow(drill.pk, Decimal("60.00"))])
    refresh_list_prices(basis.pk)
    assert sorted_by(drill) == 90
