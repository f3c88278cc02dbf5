"""The editor of options: three tables, contradictions named, versions brought back."""

import pytest
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import Product, ProductVersion
from kontor.catalog.operations import restore_version, save_options
from kontor.catalog.queries import options_of
from kontor.companies.models import Membership
from kontor.goods.options import Options, Rule
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from tests.backoffice.test_warehouse import html_of, signed_in
from tests.cast import actor
from tests.catalog.configurable import OPTIONS, desk

FORM = {
    "groups/0/code": "top", "groups/0/name": "Top", "groups/0/name-de": "Platte", "groups/0/least": "1", "groups/0/most": "1",
    "choices/0/group": "top", "choices/0/code": "oak", "choices/0/name": "Oak", "choices/0/effect": "", "choices/0/effect_in": "EUR",
    "choices/1/group": "top", "choices/1/code": "WAL", "choices/1/name": "Walnut", "choices/1/effect": "12.5",
    "choices/1/effect_in": "%", "choices/1/lead_days": "3", "choices/1/is_default": "1",
}  # fmt: skip


@pytest.fixture
def product(store_admin: Membership) -> Product:
    return desk(actor(store_admin))


@pytest.fixture
def office(store_admin: Membership) -> Client:
    return signed_in(store_admin)


@pytest.fixture
def address(product: Product) -> str:
    return reverse("backoffice:product_options", args=[product.pk])


def options(product: Product) -> Options:
    return options_of([product.pk])[product.pk]


@pytest.mark.covers("R0.7", "R3.17")
def test_what_is_typed_is_saved_and_shown_again(office, product, address):
    product.refresh_from_db()
    answer = office.post(address, FORM | {"revision": str(product.revision)})
    assert answer.status_code == 303, answer.content.decode()
    (group,) = options(product).groups
    assert (group.names, [one.code for one in group.choices]) == ({"de": "Platte"}, ["OAK", "WAL"])
    walnut = group.choices[1]
    assert (str(walnut.percent), walnut.currency, walnut.lead_days, walnut.is_default) == (
        "12.5",
        "",
        3,
        True,
    )
    html = html_of(office, address)
    assert 'value="WAL"' in html
    assert 'value="12.5"' in html


def test_problems_stand_at_their_cells_and_nothing_is_saved(office, product, address):
    wrong = {
        "choices/1/code": "oak",
        "choices/1/effect": "a lot",
        "choices/2/group": "leg",
        "choices/2/code": "X",
    }
    html = office.post(address, FORM | wrong | {"revision": "0"}).content.decode()
    assert "“a lot” is not a number." in html
    assert "Enter the code of one of the groups above." in html
    product.refresh_from_db()
    html = office.post(
        address, FORM | {"choices/1/code": "oak", "revision": str(product.revision)}
    ).content.decode()
    assert "Enter 1 to 8 capital letters and digits that no other choice has." in html
    assert options(product) == OPTIONS


def test_rules_that_contradict_each_other_are_named(store_admin, product):
    for rules, told in (
        ((Rule("WAL", "requires", "120"), *OPTIONS.rules), "These could never be chosen: Walnut."),
        ((Rule("OAK", "requires", "EL"), Rule("WAL", "requires", "EL"), Rule("EL", "excludes", "160"), *OPTIONS.rules),
         "Nothing could ever be chosen of: Top."),
        ((Rule("OAK", "excludes", "120"),), "What is chosen at first does not go together."),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            save_options(
                actor=actor(store_admin), product=product, options=Options(groups=OPTIONS.groups, rules=rules)
            )
        assert refusal.value.code == "contradictory"
        assert told in refusal.value.message
    assert options(product) == OPTIONS


def test_others_and_stale_pages_change_nothing(office, product, address, ana, lev, store_admin):
    for somebody in (ana, lev):
        with pytest.raises(NotAllowed):
            save_options(actor=actor(somebody), product=product, options=Options())
    with pytest.raises(Stale):
        save_options(actor=actor(store_admin), product=product, options=Options(), revision=1)
    assert options(product) == OPTIONS


def test_an_earlier_version_brings_its_options_back(store_admin, product):
    first = ProductVersion.objects.filter(product=product, facts__options__isnull=False).latest("revision")
    fewer = Options(groups=OPTIONS.groups[:1])
    product.refresh_from_db()
    save_options(actor=actor(store_admin), product=product, options=fewer)
    assert options(product) == fewer
    restore_version(actor=actor(store_admin), product=product, version=first)
    assert options(product) == OPTIONS


def test_a_configurable_product_goes_on_sale_with_its_options_only(store_admin, product):
    assert product.status == "active"
    with pytest.raises(Refused) as refusal:
        save_options(actor=actor(store_admin), product=Product.objects.get(sku="BOLT-M8"), options=OPTIONS)
    assert refusal.value.code == "not_configurable"
