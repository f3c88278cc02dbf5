from decimal import Decimal

import pytest

from kontor.audit.models import Entry
from kontor.carts.operations import add_lines, add_to_cart, open_cart
from kontor.carts.queries import cart_view
from kontor.catalog.models import AgreedQuantity, Product
from kontor.catalog.operations import AgreedFacts, agree_quantities
from kontor.companies.models import Company, CustomerAccount, CustomerGroup, Membership
from kontor.companies.operations import put_in_group
from kontor.kernel.invariants import check_all
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.intake import OrderDetails
from kontor.orders.operations import place_order
from kontor.pricing.queries import chain_for
from kontor.search.operations import rebuild_all
from kontor.search.queries import cards_of, lookup_skus, product_detail, viewer_for
from tests.cast import actor

BOLTS = AgreedFacts(sku="BOLT-M8", minimum=Decimal(50), multiple=Decimal(25), maximum=Decimal(500))


@pytest.fixture
def agreed(sal: Membership, acme_account: CustomerAccount) -> None:
    """Acme buys bolts from 50 in steps of 25, at most 500."""
    agree_quantities(actor=actor(sal), holder=acme_account, agreed=[BOLTS])


def rules_of(company: Company | None, product: Product) -> tuple[int, int, int | None, bool]:
    """Minimum, steps, maximum of the unit offered first, and whether they are agreed."""
    detail = product_detail(viewer_for(company.pk if company else None), product.pk)
    assert detail is not None
    unit = detail.units[0]
    most = None if unit.maximum is None else int(unit.maximum)
    return int(unit.minimum), int(unit.multiple), most, unit.is_agreed


@pytest.mark.covers("R0.6", "R0.40")
def test_the_customers_own_count_before_its_groups_and_those_before_the_articles(
    sal: Membership,
    acme_account: CustomerAccount,
    hansa: Company,
    acme: Company,
    globex: Company,
    bolt: Product,
):
    group = CustomerGroup.objects.create(seller=hansa, name="Workshops")
    for_group = AgreedFacts(sku="BOLT-M8", minimum=Decimal(10), multiple=Decimal(5))
    agree_quantities(actor=actor(sal), holder=group, agreed=[for_group])
    assert rules_of(acme, bolt) == (1, 1, None, False)

    put_in_group(actor=actor(sal), accounts=[acme_account], group=group)
    assert rules_of(acme, bolt) == (10, 5, None, True)

    agree_quantities(actor=actor(sal), holder=acme_account, agreed=[BOLTS])
    assert rules_of(acme, bolt) == (50, 25, 500, True)
    assert rules_of(globex, bolt) == rules_of(None, bolt) == (1, 1, None, False)


@pytest.mark.covers("R0.6", "R0.40")
def test_page_card_lookup_cart_paste_and_order_agree(
    agreed: None, ana: Membership, hansa: Company, acme: Company, bolt: Product
):
    rebuild_all()
    viewer, buyer = viewer_for(acme.pk), actor(ana)
    (card,) = cards_of(viewer, [bolt.pk])
    looked_up = lookup_skus(viewer, ["BOLT-M8"])["BOLT-M8"].units[0]
    assert (card.minimum, card.multiple) == (looked_up.minimum, looked_up.multiple) == (50, 25)

    cart = open_cart(actor=buyer, seller=hansa)
    for quantity, code in (("20", "below_minimum"), ("60", "not_a_multiple"), ("525", "above_maximum")):
        with pytest.raises(Refused) as refusal:
            add_to_cart(actor=buyer, cart=cart, product_id=bolt.pk, quantity=quantity, unit="C62")
        assert refusal.value.code == code
        report = add_lines(actor=buyer, cart=cart, text_or_rows=f"BOLT-M8 {quantity}")
        assert [one.code for one in report.rejected] == [code]
    add_to_cart(actor=buyer, cart=cart, product_id=bolt.pk, quantity="75", unit="C62")

    (line,) = cart_view(buyer, cart, chain_for(acme.pk)).lines
    assert (line.problem, line.agreed) == (
        None,
        "Your agreement: at least 50 pieces, in steps of 25 pieces, at most 500 pieces",
    )


def test_what_is_agreed_later_counts_for_an_open_cart_and_its_order(
    sal: Membership,
    ana: Membership,
    hansa: Company,
    acme: Company,
    acme_account: CustomerAccount,
    bolt: Product,
):
    buyer = actor(ana)
    cart = open_cart(actor=buyer, seller=hansa)
    add_to_cart(actor=buyer, cart=cart, product_id=bolt.pk, quantity="60", unit="C62")
    agree_quantities(actor=actor(sal), holder=acme_account, agreed=[BOLTS])

    (line,) = cart_view(buyer, cart, chain_for(acme.pk)).lines
    assert (line.problem, line.message) == (
        "not_a_multiple",
        "This is sold in steps of 25 pieces. The next possible quantity is 75 pieces.",
    )
    with pytest.raises(Refused) as refusal:
        place_order(actor=buyer, cart=cart, details=OrderDetails(po_number="A-1"))
    assert refusal.value.fields["lines/0/quantity"] == line.message


def test_each_saving_is_all_that_is_agreed(agreed: None, sal: Membership, acme_account: CustomerAccount):
    drills = AgreedFacts(sku="DRILL-18V", minimum=Decimal(2), multiple=Decimal(2))
    assert agree_quantities(actor=actor(sal), holder=acme_account, agreed=[drills]) == 1

    rows = AgreedQuantity.objects.values_list("product__sku", "unit", "minimum")
    assert list(rows) == [("DRILL-18V", "C62", Decimal(2))]
    trail = Entry.objects.filter(verb="catalog.quantities_agreed", about_type="account")
    assert trail.count() == 2
    assert not [one.name for one in check_all() if one.bad and "agreed" in one.name]


WRONG = [
    (AgreedFacts(sku="NO-SUCH"), "sku"),
    (AgreedFacts(sku="LAMP-LED"), "sku"),
    (AgreedFacts(sku="DRILL-18V", unit="XPX"), "unit"),
    (AgreedFacts(sku="DRILL-18V", minimum=Decimal("2.5")), "minimum"),
    (AgreedFacts(sku="DRILL-18V", multiple=Decimal(0)), "multiple"),
    (AgreedFacts(sku="DRILL-18V", minimum=Decimal(30), multiple=Decimal(25), maximum=Decimal(40)), "maximum"),
]


@pytest.mark.parametrize(("facts", "field"), WRONG)
def test_what_cannot_be_is_refused_at_its_field_and_the_rest_stays(
    agreed: None, sal: Membership, acme_account: CustomerAccount, facts: AgreedFacts, field: str
):
    with pytest.raises(Refused) as refusal:
        agree_quantities(actor=actor(sal), holder=acme_account, agreed=[BOLTS, facts])

    assert (refusal.value.code, list(refusal.value.fields)) == ("incomplete", [f"agreed/1/{field}"])
    assert AgreedQuantity.objects.get().minimum == 50


def test_only_the_sellers_people_who_may_agree_quantities(
    sal: Membership, ana: Membership, cat: Membership, lev: Membership, acme_account: CustomerAccount
):
    for member in (ana, cat, lev):
        with pytest.raises(NotAllowed):
            agree_quantities(actor=actor(member), holder=acme_account, agreed=[BOLTS])

    assert not AgreedQuantity.objects.exists()
