import pytest

from kontor.audit.models import Entry
from kontor.catalog.models import Assortment, Category, Product
from kontor.catalog.operations import (
    AssortmentFacts,
    CategoryFacts,
    Holders,
    ProductFacts,
    RuleFacts,
    assign_assortment,
    assign_assortments,
    change_assortment_rules,
    delete_assortment,
    guest_mode_of,
    save_assortment,
    save_category,
    save_product,
    set_guest_mode,
)
from kontor.companies.models import Company, CustomerAccount, CustomerGroup, Membership
from kontor.companies.operations import put_in_group
from kontor.kernel.invariants import check_all
from kontor.kernel.models import OutboxEvent
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.search.queries import viewer_for
from tests.cast import Cast, actor


def seen(member: Membership | None) -> set[str]:
    """The SKUs that a member (None: a visitor) may see."""
    goods = Product.objects.visible_to(actor(member) if member else None)
    return set(goods.values_list("sku", flat=True))


def violations() -> dict[str, int]:
    return {
        finding.name: finding.bad for finding in check_all() if finding.bad and "assortment" in finding.name
    }


@pytest.fixture
def tools(cat: Membership) -> Assortment:
    """Hansa's second assortment: power tools only. The standard with all goods came with it."""
    tools = save_assortment(actor=actor(cat), facts=AssortmentFacts(name="Tools", start="none"))
    rule = RuleFacts(allows=True, category="power-tools")
    change_assortment_rules(actor=actor(cat), assortment=tools, add=[rule])
    return tools


@pytest.mark.covers("R0.6")
def test_the_first_assortment_brings_the_standard_so_nobody_loses_sight_of_anything(
    tools: Assortment, ana: Membership, hansa: Company
):
    standard = Assortment.objects.get(seller=hansa, is_standard=True)

    assert (standard.name, standard.start, tools.is_standard) == ("All goods", "all", False)
    assert seen(ana) == seen(None) == {"BOLT-M8", "DRILL-18V", "ASSEMBLY-H", "LAMP-LED"}
    assert Product.objects.get(sku="BOLT-M8").assortments == [-hansa.pk, standard.pk]
    assert Product.objects.get(sku="DRILL-18V").assortments == [-hansa.pk, *sorted((standard.pk, tools.pk))]
    assert Product.objects.get(sku="LAMP-LED").assortments == [0]
    assert not violations()


def test_a_customers_own_hide_its_groups_and_those_hide_the_standard(
    cat: Membership,
    tools: Assortment,
    ana: Membership,
    gil: Membership,
    acme_account: CustomerAccount,
    sal: Membership,
):
    group = CustomerGroup.objects.create(seller=tools.seller, name="Workshops")
    put_in_group(actor=actor(sal), accounts=[acme_account], group=group)
    bolts = save_assortment(actor=actor(cat), facts=AssortmentFacts(name="Bolts", start="none"))
    change_assortment_rules(actor=actor(cat), assortment=bolts, add=[RuleFacts(allows=True, sku="BOLT-M8")])

    assign_assortment(actor=actor(cat), assortment=tools, holders=Holders(groups=[group]))
    by_group = seen(ana)
    assign_assortments(actor=actor(cat), account=acme_account, assortments=[bolts])
    own = seen(ana)
    assign_assortments(actor=actor(cat), account=acme_account, assortments=[bolts, tools])

    assert by_group == {"DRILL-18V", "LAMP-LED"}
    assert own == {"BOLT-M8", "LAMP-LED"}
    assert seen(ana) == {"BOLT-M8", "DRILL-18V", "LAMP-LED"}
    assert seen(gil) == {"BOLT-M8", "DRILL-18V", "ASSEMBLY-H", "LAMP-LED"}
    assert seen(cat) == {"BOLT-M8", "DRILL-18V", "ASSEMBLY-H", "LAMP-LED"}


def test_a_sales_representative_working_for_a_customer_sees_what_it_sees(
    cat: Membership, tools: Assortment, sal: Membership, acme_account: CustomerAccount
):
    assign_assortments(actor=actor(cat), account=acme_account, assortments=[tools])
    at_acme = actor(sal).behalf_of(acme_account.buyer_id, "Acme")
    goods = Product.objects.visible_to(at_acme)

    assert set(goods.values_list("sku", flat=True)) == {"DRILL-18V", "LAMP-LED"}


def test_the_nearest_rule_wins_and_an_assortment_follows_the_one_it_begins_with(
    cat: Membership, tools: Assortment, cast: Cast
):
    drill = cast.products["drill"]
    own = save_assortment(actor=actor(cat), facts=AssortmentFacts(name="No drills", extends=tools))

    def inside(*rules: RuleFacts) -> bool:
        change_assortment_rules(actor=actor(cat), assortment=own, add=rules, replace=True)
        drill.refresh_from_db()
        return own.pk in drill.assortments

    deny_category, allow_brand = (
        RuleFacts(allows=False, category="power-tools"),
        RuleFacts(allows=True, brand="elbwerk"),
    )
    Product.objects.filter(pk=drill.pk).update(brand="Elbwerk")

    assert inside()
    assert not inside(deny_category)
    assert inside(deny_category, allow_brand)
    assert not inside(deny_category, allow_brand, RuleFacts(allows=False, sku="DRILL-18V"))
    assert not violations()


def test_a_product_that_changes_brand_or_category_moves_and_so_does_a_category(
    cat: Membership, tools: Assortment, cast: Cast
):
    facts = ProductFacts(sku="SAW-1", name="Saw", category=Category.objects.get(path="power-tools"))
    saw = save_product(actor=actor(cat), facts=facts)
    saw.refresh_from_db()
    assert tools.pk in saw.assortments

    fasteners = Category.objects.get(path="fasteners")
    saw = save_product(
        actor=actor(cat), product=saw, facts=ProductFacts(sku="SAW-1", name="Saw", category=fasteners)
    )
    saw.refresh_from_db()
    assert tools.pk not in saw.assortments

    save_category(
        actor=actor(cat),
        category=fasteners,
        facts=CategoryFacts(name="Fasteners", parent=Category.objects.get(path="power-tools")),
    )
    saw.refresh_from_db()
    assert tools.pk in saw.assortments
    assert not violations()


@pytest.mark.covers("R0.6", "R0.10")
@pytest.mark.parametrize(
    ("mode", "visitor", "prices"),
    [("public", 4, True), ("prices_hidden", 4, False), ("sign_in", 1, False)],
)
@pytest.mark.parametrize("with_assortments", [True, False])
def test_visitors_see_goods_and_prices_goods_alone_or_nothing(
    cat: Membership,
    ana: Membership,
    hansa: Company,
    mode: str,
    visitor: int,
    prices: bool,
    with_assortments: bool,
):
    if with_assortments:
        save_assortment(actor=actor(cat), facts=AssortmentFacts(name="Some", start="none"))
    set_guest_mode(actor=actor(cat), mode=mode)

    assert len(seen(None)) == visitor
    assert len(seen(ana)) == len(seen(cat)) == 4
    assert bool(viewer_for(None).chain) is prices
    assert guest_mode_of(hansa.pk) == mode
    assert not violations()
    assert OutboxEvent.objects.filter(name="catalog.AssortmentsChanged").exists()


def test_visitors_can_have_an_assortment_of_their_own(cat: Membership, tools: Assortment, ana: Membership):
    assign_assortment(actor=actor(cat), assortment=tools, holders=Holders(visitors=True))

    assert seen(None) == {"DRILL-18V", "LAMP-LED"}
    assert "BOLT-M8" in seen(ana)


def test_deleting_the_last_gives_everything_back(cat: Membership, tools: Assortment, hansa: Company):
    standard = Assortment.objects.get(seller=hansa, is_standard=True)
    with pytest.raises(Refused) as refusal:
        delete_assortment(actor=actor(cat), assortment=standard)
    delete_assortment(actor=actor(cat), assortment=tools)
    delete_assortment(actor=actor(cat), assortment=standard)

    assert refusal.value.code == "standard_needed"
    assert set(map(tuple, Product.objects.values_list("assortments", flat=True))) == {(0,)}


def test_what_is_assigned_or_extended_stays(
    cat: Membership, tools: Assortment, acme_account: CustomerAccount
):
    child = save_assortment(actor=actor(cat), facts=AssortmentFacts(name="Child", extends=tools))
    with pytest.raises(Refused) as extended:
        delete_assortment(actor=actor(cat), assortment=tools)
    assign_assortments(actor=actor(cat), account=acme_account, assortments=[tools])
    with pytest.raises(Refused) as assigned:
        delete_assortment(actor=actor(cat), assortment=tools)
    with pytest.raises(Refused) as circle:
        save_assortment(
            actor=actor(cat), assortment=tools, facts=AssortmentFacts(name="Tools", extends=child)
        )

    codes = [one.value.code for one in (extended, assigned, circle)]
    assert codes == ["extended", "assigned", "extends_itself"]


def test_an_unknown_article_or_category_is_named_and_nothing_is_changed(cat: Membership, tools: Assortment):
    rules = [RuleFacts(allows=True, sku=sku) for sku in ("BOLT-M8", "NO-1", "LAMP-LED")]
    with pytest.raises(Refused) as refusal:
        change_assortment_rules(actor=actor(cat), assortment=tools, add=rules)

    assert refusal.value.fields == {"rules": "Not known: LAMP-LED, NO-1. Nothing was changed."}
    assert tools.rules.count() == 1


def test_a_rule_about_the_same_takes_the_place_of_the_other(cat: Membership, tools: Assortment):
    def rules(*given: RuleFacts) -> list[tuple[bool, str]]:
        change_assortment_rules(actor=actor(cat), assortment=tools, add=given, replace=True)
        return list(tools.rules.order_by("brand").values_list("allows", "brand"))

    assert rules(RuleFacts(allows=True, brand="Spax")) == [(True, "Spax")]
    assert rules(RuleFacts(allows=False, brand="SPAX")) == [(False, "Spax")]


@pytest.mark.parametrize("who", ["ana", "sal", "lev", "olga"])
def test_others_may_not(who: str, cast: Cast, tools: Assortment, acme_account: CustomerAccount):
    other = actor(cast.people[who])
    before = Entry.objects.count()
    for change in (
        lambda: save_assortment(actor=other, assortment=tools, facts=AssortmentFacts(name="Mine")),
        lambda: change_assortment_rules(actor=other, assortment=tools, replace=True),
        lambda: assign_assortment(actor=other, assortment=tools, holders=Holders(visitors=True)),
        lambda: assign_assortments(actor=other, account=acme_account, assortments=[tools]),
        lambda: delete_assortment(actor=other, assortment=tools),
    ):
        with pytest.raises(NotAllowed):
            change()

    assert (Entry.objects.count(), tools.rules.count(), tools.assignments.count()) == (before, 1, 0)


def test_a_seller_gives_its_assortments_to_its_own_customers_only(
    cat: Membership, lev: Membership, tools: Assortment, acme_account: CustomerAccount
):
    foreign = save_assortment(actor=actor(lev), facts=AssortmentFacts(name="Lamps"))
    with pytest.raises(NotAllowed):
        assign_assortment(actor=actor(lev), assortment=foreign, holders=Holders(accounts=[acme_account]))
    with pytest.raises(NotAllowed):
        assign_assortments(actor=actor(cat), account=acme_account, assortments=[foreign])
    with pytest.raises(NotAllowed):
        save_assortment(actor=actor(lev), facts=AssortmentFacts(name="Theirs", extends=tools))
