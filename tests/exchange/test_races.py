"""Somebody else adds an article while a file with it is on its way, over a database connection of their own."""

from collections.abc import Callable, Iterator

import pytest

from kontor.catalog.models import Product, ProductVersion
from kontor.catalog.operations import ProductFacts, save_product
from kontor.companies.models import Company
from kontor.exchange import folder
from kontor.exchange.bulk import products
from kontor.kernel.models import OutboxEvent
from tests.at_once import at_once, codes
from tests.cast import assemble
from tests.exchange.importing import SYSTEM, imported, outcome, reasons

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
FILE = "sku;name;price\nN-1;New one;1\nN-2;New two;2\nN-3;New three;3\n"


@pytest.fixture
def hansa(transactional_db, tmp_path, monkeypatch) -> Company:
    monkeypatch.setattr(folder, "root", lambda: tmp_path / "exchange")
    return assemble().companies["hansa"]


@pytest.fixture
def adding(monkeypatch, hansa: Company) -> Callable[..., None]:
    """Names the SKUs that are added one after another, each when the import is just about to add its own."""

    def adding(*skus: str) -> None:
        waiting: Iterator[str] = iter(skus)

        def between(*_tables: str) -> None:
            if sku := next(waiting, ""):
                facts = ProductFacts(sku=sku, name="Theirs")
                assert codes(at_once(lambda: save_product(actor=SYSTEM, facts=facts, seller=hansa))) == []

        monkeypatch.setattr(products, "refresh_statistics", between)

    return adding


def names() -> list[tuple[str, str]]:
    return list(Product.objects.filter(sku__startswith="N-").order_by("sku").values_list("sku", "name"))


@pytest.mark.covers("R0.7")
@pytest.mark.parametrize("takes_good_rows", [True, False])
def test_what_somebody_adds_in_between_is_changed_instead(hansa: Company, adding, takes_good_rows):
    adding("N-2")

    run = imported(FILE, hansa, takes_good_rows=takes_good_rows)

    assert (run.status, outcome(run)) == ("done", {"rows": 3, "new": 2, "changed": 1, "prices": 3})
    assert names() == [("N-1", "New one"), ("N-2", "New two"), ("N-3", "New three")]
    assert ProductVersion.objects.filter(product__sku__startswith="N-").count() == 4
    assert OutboxEvent.objects.filter(name__endswith="ProductsChanged").count() == 1


def test_where_it_happens_again_that_row_is_refused_and_the_others_come_in(hansa: Company, adding):
    adding("N-2", "N-3")

    run = imported(FILE, hansa, takes_good_rows=True)

    assert outcome(run) == {"rows": 3, "new": 1, "changed": 1, "wrong": 1, "prices": 2}
    assert reasons(run) == [(4, "", "Somebody else has just added N-3. Import this row again.")]
    assert names() == [("N-1", "New one"), ("N-2", "New two"), ("N-3", "Theirs")]


def test_where_all_rows_were_wanted_a_refused_one_keeps_the_file_out(hansa: Company, adding):
    adding("N-1", "N-3")

    run = imported(FILE, hansa)

    assert (run.status, run.problem) == ("refused", "Some rows are wrong, so nothing was imported.")
    assert names() == [("N-1", "Theirs"), ("N-3", "Theirs")]
