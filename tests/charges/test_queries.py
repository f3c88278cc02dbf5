"""Which charges a basket bears: whose tariff counts, about which goods, in how many statements."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext

from kontor.catalog.models import Category, Hazard, Product
from kontor.charges.models import Content, Index, IndexValue, Rule, Step, Tariff
from kontor.charges.queries import borne_by, charges_of
from kontor.companies.models import Company, CustomerAccount, CustomerGroup
from kontor.pricing.basket import Basket, BasketLine

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def line_of(product: Product, net: str = "100.00", quantity: str = "10", **more: Any) -> BasketLine:
    amount = Decimal(quantity)
    facts: dict[str, Any] = {
        "product_id": product.pk,
        "unit": product.base_unit,
        "quantity": amount,
        "base_quantity": amount,
        "unit_price": Decimal(net) / amount,
        "price_base": Decimal(1),
        "net": Decimal(net),
        "tax_category": product.tax_category,
        "price_source": "list:1",
    }
    return BasketLine(**facts | more)


def basket_of(account: CustomerAccount, *lines: BasketLine, **more: Any) -> Basket:
    facts: dict[str, Any] = {
        "seller_id": account.seller_id,
        "buyer_id": account.buyer_id,
        "account_id": account.pk,
        "membership_id": None,
        "channel": "web",
        "currency": "EUR",
        "at": NOW,
        "lines": lines,
        "delivery_country": "DE",
    }
    return Basket(**facts | more)


def rule(seller: Company, kind: str = "freight", name: str = "Freight", **more: Any) -> Rule:
    code = {"freight": "FC", "allowance": "95"}.get(kind, "ZZZ")
    return Rule.objects.create(seller=seller, kind=kind, name=name, **{"code": code} | more)


def tariff(of: Rule, *steps: tuple[str, str], percent: bool = False, **more: Any) -> Tariff:
    made = Tariff.objects.create(rule=of, **{"currency": "EUR"} | more)
    for start, figure in steps:
        column = "percent" if percent else "amount"
        Step.objects.create(tariff=made, start=Decimal(start), **{column: Decimal(figure)})
    return made


def told(basket: Basket, **asked: Any) -> list[str]:
    return [f"{one.reason} {one.net}" for one in charges_of(basket, **asked)]


def test_a_seller_without_rules_charges_nothing(acme_account: CustomerAccount, drill: Product):
    assert charges_of(basket_of(acme_account, line_of(drill))) == ()


def test_freight_by_value_is_free_from_a_value_and_says_how_much_is_missing(
    hansa: Company, acme_account: CustomerAccount, drill: Product
):
    tariff(rule(hansa), ("0", "9.90"), ("50", "6.90"), free_from=Decimal(150))

    assert told(basket_of(acme_account, line_of(drill, "49.99"))) == ["Freight 9.90"]
    assert told(basket_of(acme_account, line_of(drill, "50.00"))) == ["Freight 6.90"]
    assert told(basket_of(acme_account, line_of(drill, "150.00"))) == []
    assert told(basket_of(acme_account, line_of(drill, "150.00", allowance=Decimal(1)))) == ["Freight 6.90"]
    assert told(basket_of(acme_account, line_of(drill, "50.00")), free_freight=True) == []
    (near,) = borne_by(basket_of(acme_account, line_of(drill, "120.50"))).near
    assert (near.reason, near.missing, near.saved) == ("Freight", Decimal("29.50"), Decimal("6.90"))


def test_the_customer_goes_before_its_group_that_before_all_and_the_named_country_before_the_others(
    hansa: Company, acme_account: CustomerAccount, drill: Product
):
    freight = rule(hansa)
    basket = basket_of(acme_account, line_of(drill))
    abroad = basket_of(acme_account, line_of(drill), delivery_country="CH")
    tariff(freight, ("0", "9"))
    assert told(basket) == told(abroad) == ["Freight 9.00"]
    tariff(freight, ("0", "29"), countries=["AT", "CH"])
    assert (told(basket), told(abroad)) == (["Freight 9.00"], ["Freight 29.00"])
    group = CustomerGroup.objects.create(seller=hansa, name="Dealers")
    tariff(freight, ("0", "5"), group=group)
    assert (told(basket), told(abroad)) == (["Freight 9.00"], ["Freight 29.00"])
    CustomerAccount.objects.filter(pk=acme_account.pk).update(group=group)
    assert told(basket) == told(abroad) == ["Freight 5.00"]
    tariff(freight, account=acme_account, is_none=True)
    assert told(basket) == told(abroad) == []


def test_other_currencies_channels_moments_sellers_and_offers_bear_nothing(
    hansa: Company, levante: Company, acme_account: CustomerAccount, drill: Product
):
    week = timedelta(days=7)
    tariff(rule(hansa, channels=["phone"]), ("0", "9"), valid_from=NOW, valid_until=NOW + week)
    tariff(rule(levante, name="Portes"), ("0", "3"))
    line = line_of(drill)

    assert told(basket_of(acme_account, line, channel="phone")) == ["Freight 9.00"]
    assert told(basket_of(acme_account, line)) == []
    assert told(basket_of(acme_account, line, channel="phone", currency="USD")) == []
    assert told(basket_of(acme_account, line, channel="phone", at=NOW + week)) == []
    assert told(basket_of(acme_account, line, channel="phone", at=NOW - week)) == []
    assert told(basket_of(acme_account, line_of(drill, price_source="offer:3"), channel="phone")) == []


def test_weight_counts_the_goods_that_have_one(
    hansa: Company, acme_account: CustomerAccount, drill: Product, bolt: Product
):
    Product.objects.filter(pk=drill.pk).update(weight_grams=2500)
    Product.objects.filter(pk=bolt.pk).update(weight_grams=None)
    tariff(rule(hansa, measure="weight"), ("0", "5"), ("5", "9"), ("30", "19"))

    both = [line_of(drill, quantity="2"), line_of(bolt, quantity="5000")]
    assert told(basket_of(acme_account, both[0])) == told(basket_of(acme_account, *both)) == ["Freight 9.00"]
    assert told(basket_of(acme_account, line_of(drill, quantity="1"))) == ["Freight 5.00"]
    assert told(basket_of(acme_account, line_of(drill, quantity="12"))) == ["Freight 19.00"]


def test_a_deposit_is_for_each_begun_unit_of_the_goods_that_it_is_about(
    hansa: Company, acme_account: CustomerAccount, drill: Product, bolt: Product
):
    deposit = rule(hansa, "deposit", "Crate", measure="quantity", per=Decimal(24), is_refundable=True)
    deposit.products.add(bolt)
    tariff(deposit, ("0", "3.42"))

    basket = basket_of(acme_account, line_of(drill), line_of(bolt, quantity="25"))
    (found,) = charges_of(basket)
    assert (found.line, found.net, found.is_refundable) == (1, Decimal("6.84"), True)


def test_a_category_counts_for_all_below_it(hansa: Company, acme_account: CustomerAccount, drill: Product):
    above = Category.objects.create(name="Danger", slug="danger", path="danger")
    below = Category.objects.create(name="Acid", slug="acid", path="danger/acid", parent=above)
    beside = Category.objects.create(name="Dangerous", slug="danger-2", path="danger-2")
    hazard = rule(hansa, "hazardous", "Hazardous goods")
    hazard.categories.add(above)
    tariff(hazard, ("0", "15"))
    basket = basket_of(acme_account, line_of(drill))

    found = {}
    for category in (above, below, beside):
        Product.objects.filter(pk=drill.pk).update(category=category)
        found[category.path] = told(basket)
    assert found == {
        "danger": ["Hazardous goods 15.00"],
        "danger/acid": ["Hazardous goods 15.00"],
        "danger-2": [],
    }


def test_metal_costs_what_the_index_is_above_the_base_for_the_content(
    hansa: Company, acme_account: CustomerAccount, drill: Product, bolt: Product
):
    copper = Index.objects.create(seller=hansa, code="cu", name="Copper", currency="EUR", per=Decimal(100))
    surcharge = rule(hansa, "index", "Copper surcharge", measure="content", index=copper)
    tariff(surcharge, index_base=Decimal(150))
    Content.objects.create(index=copper, product=bolt, amount=Decimal("0.0864"))
    basket = basket_of(acme_account, line_of(drill), line_of(bolt, quantity="500"))

    assert told(basket) == []  # the index has no value yet
    IndexValue.objects.create(index=copper, day="2026-04-30", value=Decimal("912.40"))
    IndexValue.objects.create(index=copper, day="2026-05-02", value=Decimal(100))
    assert told(basket) == ["Copper surcharge 329.36"]  # (912.40 - 150) x 0.0864 x 500 / 100 = 329.3568
    assert charges_of(basket)[0].line == 1
    later = basket_of(acme_account, *basket.lines, at=NOW + timedelta(days=1))
    assert told(later) == []  # below the base nothing is given back
    free = basket_of(acme_account, line_of(bolt, "0.00", "500", price_source="free"))
    assert told(free) == []


def test_energy_costs_the_percentage_of_the_step_that_the_index_stands_at(
    hansa: Company, acme_account: CustomerAccount, drill: Product
):
    gas = Index.objects.create(seller=hansa, code="gas", name="Gas", currency="EUR", per=Decimal(1))
    energy = rule(hansa, "index", "Energy", measure="index", index=gas)
    tariff(energy, ("40", "1.5"), ("60", "2.25"), percent=True)
    found = []
    for day, value in enumerate(["39.99", "40", "75"], start=1):
        IndexValue.objects.create(index=gas, day=f"2026-04-{day:02}", value=Decimal(value))
        found.append(told(basket_of(acme_account, line_of(drill, "100.00"))))
    assert found == [[], ["Energy 1.50"], ["Energy 2.25"]]


def test_two_tariffs_that_would_both_count_cannot_be_stored(hansa: Company, acme_account: CustomerAccount):
    freight = rule(hansa)
    tariff(freight, countries=["DE", "AT"])
    tariff(freight)
    tariff(freight, countries=["CH"])
    tariff(freight, countries=["AT"], account=acme_account)
    tariff(freight, countries=["AT"], currency="CHF")
    dated = rule(hansa, name="Dated")
    tariff(dated, valid_until=NOW)
    tariff(dated, valid_from=NOW)
    for again, facts in [
        (freight, {"countries": ["FR", "AT"]}),
        (freight, {}),
        (freight, {"countries": ["AT", "BE"], "account": acme_account}),
        (dated, {"valid_from": NOW - timedelta(hours=1), "valid_until": NOW + timedelta(hours=1)}),
    ]:
        with pytest.raises(IntegrityError, match="charges_one_tariff"), transaction.atomic():
            tariff(again, **facts)


def test_a_basket_of_5000_lines_takes_four_statements(
    hansa: Company,
    acme_account: CustomerAccount,
    drill: Product,
    bolt: Product,
    django_assert_num_queries: Any,
):
    copper = Index.objects.create(seller=hansa, code="cu", name="Copper", currency="EUR", per=Decimal(100))
    IndexValue.objects.create(index=copper, day="2026-04-30", value=Decimal("912.40"))
    Content.objects.create(index=copper, product=bolt, amount=Decimal("0.1"))
    tariff(rule(hansa, measure="weight"), ("0", "5"))
    tariff(rule(hansa, "index", "Copper", measure="content", index=copper), index_base=Decimal(150))
    deposit = rule(hansa, "deposit", "Crate", measure="quantity")
    deposit.products.add(drill)
    tariff(deposit, ("0", "1"))
    lines = [line_of(drill if number % 2 else bolt) for number in range(5000)]

    captured: CaptureQueriesContext
    with django_assert_num_queries(4) as captured:
        found = charges_of(basket_of(acme_account, *lines))
    assert len(captured) == 4
    assert len(found) == 5001
    assert [one.line for one in found[:3]] == [0, 1, 2]
    assert found[-1].line is None


@pytest.mark.covers("R4.16")
def test_the_tariff_of_the_postcode_goes_before_that_of_the_country(
    acme_account: CustomerAccount, drill: Product, hansa: Company
):
    freight = rule(hansa)
    tariff(freight, ("0", "6.90"))
    tariff(freight, ("0", "9.90"), countries=["DE"])
    islands = ["18", "25845-25849", "27498"]
    tariff(freight, ("0", "29.00"), countries=["DE"], postcodes=islands)
    tariff(freight, ("0", "19.00"), countries=["NL"], postcodes=["1012"])

    def costs(postcode: str, country: str = "DE") -> list[str]:
        place = {"delivery_country": country, "delivery_postcode": postcode}
        return told(basket_of(acme_account, line_of(drill), **place))

    for postcode in ("27498", "D-27498", "18000", "18999", "18565", "25845", "25847", "25849", " 27498 "):
        assert costs(postcode) == ["Freight 29.00"], postcode
    for postcode in ("27497", "27499", "17999", "19000", "25844", "25850", "2749", "", "–"):
        assert costs(postcode) == ["Freight 9.90"], postcode
    assert costs("1012 AB", "NL") == ["Freight 19.00"]
    assert costs("1013 AB", "NL") == costs("27498", "FR") == ["Freight 6.90"]


def test_a_group_without_the_postcode_goes_before_everybody_with_it(
    acme_account: CustomerAccount, drill: Product, hansa: Company
):
    freight, group = rule(hansa), CustomerGroup.objects.create(seller=hansa, name="Trade")
    acme_account.group = group
    acme_account.save()
    tariff(freight, ("0", "29.00"), countries=["DE"], postcodes=["27498"])
    tariff(freight, ("0", "5.00"), group=group)
    place = {"delivery_postcode": "27498"}
    assert told(basket_of(acme_account, line_of(drill), **place)) == ["Freight 5.00"]


@pytest.mark.parametrize(
    ("postcodes", "is_one_too_many"),
    [
        (["25849"], True),
        (["258"], True),
        (["25840-25845"], True),
        (["2"], True),
        (["25850", "25844", "3-4"], False),
    ],
)
def test_tariffs_whose_postcodes_meet_cannot_be_stored(
    hansa: Company, postcodes: list[str], is_one_too_many: bool
):
    freight = rule(hansa)
    tariff(freight, ("0", "29.00"), countries=["DE"], postcodes=["25845-25849"])
    tariff(freight, ("0", "9.90"), countries=["DE"])
    tariff(freight, ("0", "49.00"), countries=["AT"], postcodes=["25845-25849"])

    def another() -> None:
        with transaction.atomic():
            tariff(freight, ("0", "39.00"), countries=["DE"], postcodes=postcodes)

    if is_one_too_many:
        with pytest.raises(IntegrityError, match="charges_one_tariff"):
            another()
    else:
        another()


@pytest.mark.covers("R4.16")
def test_a_surcharge_is_about_goods_of_its_hazard_classes(
    acme_account: CustomerAccount, drill: Product, bolt: Product, hansa: Company
):
    surcharge = rule(hansa, "hazardous", "Hazardous", hazards=["6", "3"])
    tariff(surcharge, ("0", "15.00"))
    wanted = basket_of(acme_account, line_of(drill), line_of(bolt))

    assert told(wanted) == []
    for found, charged in (("6.1", True), ("3", True), ("8", False), ("33", False)):
        Hazard.objects.update_or_create(product=bolt, defaults={"hazard_class": found})
        assert told(wanted) == (["Hazardous 15.00"] if charged else []), found
    surcharge.hazards = ["*"]
    surcharge.save()
    assert told(wanted) == ["Hazardous 15.00"]
    Hazard.objects.filter(product=bolt).update(hazard_class="", un_number="1263")
    assert told(wanted) == ["Hazardous 15.00"]
    surcharge.products.add(drill)
    assert told(wanted) == []
