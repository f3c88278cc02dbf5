"""What an address asks for, and where old addresses lead."""

from decimal import Decimal

from kontor.catalog.models import Category
from kontor.catalog.operations import CategoryFacts, delete_category, save_category
from kontor.companies.models import Membership
from kontor.discovery.address import asked_again
from kontor.discovery.queries import path_now
from tests.cast import actor

QUERY = (
    "q=hex+bolt&category=fasteners&brand=Elbwerk&brand=Norddraht&in_stock=1&bought=1&a.thread=m8&a.thread=m10"
    "&min.length=20&max.length=42.5&price_max=100"
)


def test_an_address_is_read_and_written_in_one_order() -> None:
    asked = asked_again(QUERY)

    assert asked.words == "hex bolt"
    assert asked.filters.brands == ("Elbwerk", "Norddraht")
    assert asked.filters.attributes == (("thread", ("m10", "m8")),)
    assert asked.filters.ranges == (("length", Decimal("20"), Decimal("42.5")),)
    assert asked.filters.price == (None, Decimal(100))
    assert asked_again(asked.query) == asked
    assert asked_again("brand=Norddraht&q=x&brand=Elbwerk").query == "q=x&brand=Elbwerk&brand=Norddraht"


def test_what_makes_no_sense_is_left_out() -> None:
    asked = asked_again("page=-1&min.length=many&price_min=NaN&a.=x&brand=&sort=%00name&price_max=1e99")

    assert asked.pairs() == []
    assert (asked.page, asked.sort) == (1, "name")


def test_a_renamed_category_is_found_where_it_stood(store_admin: Membership) -> None:
    admin = actor(store_admin)
    fasteners = Category.objects.get(path="fasteners")
    bolts = save_category(actor=admin, facts=CategoryFacts(name="Bolts", parent=fasteners))

    save_category(actor=admin, facts=CategoryFacts(name="Screws and bolts"), category=fasteners)

    assert path_now("fasteners") == "screws-and-bolts"
    assert path_now("fasteners/bolts") == "screws-and-bolts/bolts"
    assert path_now("nowhere") == ""
    delete_category(actor=admin, category=Category.objects.get(pk=bolts.pk))
    assert path_now("fasteners/bolts") == "screws-and-bolts"
