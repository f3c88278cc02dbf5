"""The same question gets the same price everywhere: lists of any shape, companies and visitors, every surface there is.

KONTOR_TEST_WORLDS sets how many worlds are made up.
"""

import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kontor.catalog.models import Category, Product, SalesUnit
from kontor.companies.models import Company, CustomerGroup
from kontor.inventory.models import StockItem
from kontor.pricing.models import Price, PriceAssignment, PriceList, PriceScope
from kontor.search.engine import indexer, reader
from kontor.search.operations import rebuild_all
from tests.assembly import Cast, assemble
from tests.pricing import oracle, shapes
from tests.proof.doorway import undone
from tests.proof.surfaces import Asker, Question
from tests.proof.surfaces_asked import disagreeing, in_own_order

WORLDS = int(os.environ.get("KONTOR_TEST_WORLDS", "6"))
NOW = datetime.now(UTC)
PAID = st.decimals(min_value=50, max_value=500, places=2)
"""So much that no formula comes to 0: a list price of 0 is told as one, and sold by nobody."""
# (unit, holds so many base units, minimum, multiple), the one offered first before the others
UNITS = {
    "P-101": [("C62", 1, 1, 1), ("XBX", 12, 1, 1)],
    "P-102": [("XBX", 12, 2, 1), ("C62", 1, 1, 1)],
    "P-103": [("C62", 1, 5, 5)],
}


def _all_or_none(rows: tuple[oracle.Row, ...]) -> tuple[oracle.Row, ...]:
    """Breaks tell prices: a list has prices of an article, or has it on request."""
    return tuple(one for one in rows if one.amount is not None) or rows


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    made = draw(shapes.lists(NOW, amounts=PAID))
    rows = {sku: [_all_or_none(draw(shapes.rows(NOW, PAID))) for _one in made] for sku in UNITS}
    return {
        "lists": made,
        "rows": rows,
        "given": {whom: draw(st.lists(st.sampled_from(range(len(made))), unique=True, max_size=2))
                  for whom in ("acme", "group", "all")},
        "closed": draw(st.sampled_from(["", "", "acme", "group"])),
        "lowest": draw(st.booleans()),
        "public": draw(st.sampled_from(range(len(made)))),
        "grouped": draw(st.sampled_from([(), ("acme",), ("acme", "globex")])),
        "guests": draw(st.booleans()),
        "quantities": draw(st.sampled_from([[1], [2, 10], [5, 12], [10], [100]])),
    }  # fmt: skip


@pytest.fixture
def node(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index of the node's own, looked at anew at every question."""
    settings.SEARCH_FOLDER = tmp_path / "search"
    many = {name: 10**9 for name in type(settings.CONFIG).model_fields if name.startswith("limit_")}
    settings.CONFIG = settings.CONFIG.model_copy(update=many)
    monkeypatch.setattr(reader, "LOOK_EVERY", -1.0)
    fresh = reader.Node()
    for module in ("browsing", "searching", "suggesting"):
        monkeypatch.setattr(f"kontor.search.queries.{module}.node", fresh)


def goods_of(cast: Cast) -> dict[str, Product]:
    """Three articles on a shelf of their own, in stock."""
    Product.objects.update(status="draft")
    shelf = Category.objects.create(name="Gadgets", slug="gadgets", path="gadgets")
    made = {}
    for number, (sku, units) in enumerate(UNITS.items()):
        made[sku] = Product.objects.create(
            seller=cast.companies["hansa"], sku=sku, name=f"Gizmo {number}", slug=f"gizmo-{number}",
            status="active", category=shelf,
        )  # fmt: skip
        for position, (unit, factor, minimum, multiple) in enumerate(units):
            SalesUnit.objects.create(
                product=made[sku], unit=unit, factor=factor, minimum=minimum, multiple=multiple,
                position=position,
            )  # fmt: skip
        StockItem.objects.create(product=made[sku], warehouse=cast.warehouses["ham"], on_hand=10**6)
    return made


def furnish(cast: Cast, goods: dict[str, Product], world: dict[str, Any]) -> None:
    """Lists with their rows, who is given which, and how each of them counts."""
    hansa = cast.companies["hansa"]
    PriceScope.objects.all().delete()
    PriceList.objects.filter(seller=hansa).delete()
    some = goods["P-101"]
    bare = [
        replace(one, rows=(), is_graduated=False, addend=max(one.addend, Decimal(0)))
        for one in world["lists"]
    ]
    kept = shapes.keep_lists(hansa, some, bare)
    for sku, of_lists in world["rows"].items():
        shapes.keep_rows((kept[number], goods[sku], rows) for number, rows in enumerate(of_lists))
    PriceList.objects.filter(pk=kept[world["public"]].pk).update(is_public=True)
    group = CustomerGroup.objects.create(seller=hansa, name="Workshops")
    for name in world["grouped"]:
        cast.accounts[name].group = group
        cast.accounts[name].save()
    whom: dict[str, Any] = {"acme": {"account": cast.accounts["acme"]}, "group": {"group": group}, "all": {}}
    for name, holder in whom.items():
        scope = PriceScope.objects.create(
            seller=hansa,
            is_closed=name == world["closed"],
            takes_lowest=name == "all" and world["lowest"],
            **holder,
        )
        for position, number in enumerate(world["given"][name]):
            PriceAssignment.objects.create(scope=scope, price_list=kept[number], position=position)
    Company.objects.filter(pk=hansa.pk).update(prices_for_guests=world["guests"])
    rebuild_all()
    indexer.build()


def askers(cast: Cast) -> dict[str, Asker]:
    rep = cast.people["store_admin"]
    return {
        "acme": Asker(cast.people["ana"], rep, cast.accounts["acme"]),
        "globex": Asker(cast.people["gil"], rep, cast.accounts["globex"]),
        "visitor": Asker(),
    }


def questions(goods: dict[str, Product], quantities: list[int]) -> list[tuple[Question, bool, bool]]:
    """With whether it is the smallest quantity of the unit offered first, and whether it is that unit."""
    found = []
    for product in goods.values():
        units = list(SalesUnit.objects.filter(product=product).order_by("position"))
        first = units[0]
        found.append((Question(product, first, first.minimum), True, True))
        for unit in units:
            found += [
                (Question(product, unit, Decimal(quantity)), False, unit is first)
                for quantity in quantities
                if quantity >= unit.minimum and quantity % unit.multiple == 0
            ]
    return found


@settings(
    max_examples=WORLDS,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds())
@pytest.mark.covers("R0.5", "R0.20", "R4.17")
def test_the_same_question_gets_the_same_price_on_every_surface(
    cast: Cast, node: None, world: dict[str, Any]
) -> None:
    wrong = []
    with undone():
        goods = goods_of(cast)
        furnish(cast, goods, world)
        step = max((one.round_to or Decimal(0) for one in world["lists"]), default=Decimal(0))
        for name, asker in askers(cast).items():
            first: dict[int, Question] = {}
            for question, is_first, in_first_unit in questions(goods, world["quantities"]):
                if is_first:
                    first[question.product.pk] = question
                wrong += [
                    f"{name}, {question.quantity} {question.unit.unit} of {question.product.sku}: {one}"
                    for one in disagreeing(asker, question, is_first=is_first, in_first_unit=in_first_unit)
                ]

            def own(
                product_id: int, asker: Asker = asker, first: dict[int, Question] = first
            ) -> Decimal | None:
                price = asker.told(first[product_id])
                return price.amount / price.price_base if price else None

            wrong += [f"{name}, {one}" for one in in_own_order(asker, own, step)]
    assert wrong == [], "\n" + "\n".join(wrong)


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("R0.20")
def test_a_price_that_begins_and_one_that_is_changed_are_seen_everywhere_in_the_next_request(
    transactional_db: None, node: None
) -> None:
    """Nothing is run in between: no job, no event, no search index made anew."""
    cast = assemble()
    goods = goods_of(cast)
    public = cast.price_lists["public"]
    dealers = PriceList.objects.create(
        seller=cast.companies["hansa"], code="dealers", name="Dealers", currency="EUR", basis=public,
        factor=Decimal("0.9"), round_to=Decimal("0.01"),
    )  # fmt: skip
    PriceAssignment.objects.create(
        scope=PriceScope.objects.create(seller=dealers.seller, account=cast.accounts["globex"]),
        price_list=dealers,
    )
    for product in goods.values():
        Price.objects.create(price_list=public, product=product, amount=100)
    rebuild_all()
    indexer.build()
    everybody, product = askers(cast), goods["P-101"]
    question = Question(product, SalesUnit.objects.get(product=product, unit="C62"), Decimal(1))

    def told() -> list[Decimal]:
        wrong, amounts = [], []
        for name, asker in everybody.items():
            with transaction.atomic():
                found = disagreeing(asker, question, is_first=True, in_first_unit=True)
                wrong += [f"{name}: {one}" for one in found]
                price = asker.told(question)
                amounts.append(price.amount if price else Decimal(0))
                transaction.set_rollback(True)
        assert wrong == [], "\n" + "\n".join(wrong)
        return amounts

    assert told() == [Decimal(100), Decimal(90), Decimal(0)]
    others = rows_but(product)
    Price.objects.filter(price_list=public, product=product).update(amount=Decimal("70.50"))
    assert told() == [Decimal("70.5"), Decimal("63.45"), Decimal(0)]
    assert rows_but(product) == others  # neither the derived list's nor anybody's else
    begins = datetime.now(UTC) + timedelta(seconds=1)
    Price.objects.create(price_list=public, product=product, amount=60, valid_from=begins)
    time.sleep(max((begins - datetime.now(UTC)).total_seconds(), 0) + 0.1)
    assert told() == [Decimal(60), Decimal(54), Decimal(0)]


def rows_but(product: Product) -> set[tuple[str, str]]:
    """Where every row of prices, lists and of the search lies, but those of this article: who writes a row moves it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT 'price', ctid::text FROM pricing_price WHERE product_id <> %(id)s
            UNION ALL SELECT 'list', ctid::text FROM pricing_price_list
            UNION ALL SELECT 'given', ctid::text FROM pricing_assignment
            UNION ALL SELECT 'search', ctid::text FROM search_document""",
            {"id": product.pk},
        )
        return set(cursor.fetchall())
