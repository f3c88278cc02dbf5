"""The worker keeps this node's search index current."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kontor.catalog.models import Product
from kontor.companies.models import Company
from kontor.goods.wording import understood
from kontor.search.engine import reader
from kontor.search.engine.port import Question
from kontor.worker.indexing import Indexing

PATIENCE = 30
"""Seconds; on an idle machine it takes half of one."""


def wait_until(done: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_product_is_findable_soon_after_its_transaction_and_gone_as_soon(tmp_path: Path, settings: Any):
    settings.SEARCH_FOLDER = tmp_path / "search"
    node, indexing = reader.Node(), Indexing()
    seller = Company.objects.create(
        legal_name="Seller", slug="seller", is_seller=True, status="active", currency="EUR"
    )

    def found(word: str) -> tuple[int, ...]:
        engine = node.engine()
        return engine.find(Question(understood(word), (0,))).product_ids if engine else ()

    indexing.start()
    try:
        wait_until(node.engine)
        product = Product.objects.create(
            seller=seller, sku="G-1", name="Gearwheel", slug="g", status="active"
        )
        wait_until(lambda: found("gearwheels") == (product.pk,))
        Product.objects.filter(pk=product.pk).update(status="discontinued")
        wait_until(lambda: found("gearwheels") == ())
        assert indexing.facts()["indexed"] >= 2
    finally:
        indexing.stop()
        indexing.join(PATIENCE)
    assert not indexing.is_alive()
