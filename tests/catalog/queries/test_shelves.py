import pytest

from kontor.catalog.models import Category, Product
from kontor.catalog.operations import CategoryFacts, save_category
from kontor.catalog.queries import catalog_revision, category_tree, product_by_sku, products_of_seller
from kontor.companies.models import Company, Membership
from tests.cast import Cast, actor


def test_the_tree_counts_what_is_on_sale_in_and_below_each_category(cast: Cast, cat: Membership):
    tools = Category.objects.get(path="power-tools")
    save_category(actor=actor(cat), facts=CategoryFacts(name="Drills", parent=tools))
    Product.objects.filter(sku="DRILL-18V").update(category=Category.objects.get(path="power-tools/drills"))

    tree = category_tree(None, catalog_revision() + 1)
    assert [(node.path, node.products) for root in tree.roots for node in root.walk()] == [
        ("fasteners", 1), ("power-tools", 2), ("power-tools/drills", 1),
    ]  # fmt: skip
    assert [node.name for node in tree.trail("power-tools/drills")] == ["Power tools", "Drills"]
    assert tree.trail("no/such") == []


def test_the_tree_is_read_once_per_revision(cast: Cast, django_assert_num_queries):
    revision = category_tree(None).revision
    with django_assert_num_queries(1):
        category_tree(None)
    with django_assert_num_queries(0):
        category_tree(None, revision)

    Category.objects.create(name="New", slug="new", path="new")
    assert "new" in category_tree(None).by_path


def test_drafts_are_found_by_their_seller_alone(cast: Cast, hansa: Company, cat: Membership, ana: Membership):
    Product.objects.filter(sku="DRILL-18V").update(status="draft")

    assert product_by_sku(actor(cat), hansa.pk, "DRILL-18V") is not None
    for other in (actor(ana), None):
        assert product_by_sku(other, hansa.pk, "DRILL-18V") is None
    assert product_by_sku(None, hansa.pk, "BOLT-M8") is not None


@pytest.mark.parametrize(
    ("asked", "skus"),
    [
        ({}, ["ASSEMBLY-H", "BOLT-M8", "DRILL-18V"]),
        ({"search": "drill elbwerk"}, ["DRILL-18V"]),
        ({"search": "4006381333931"}, ["BOLT-M8"]),
        ({"search": "lamp"}, []),
        ({"status": "draft"}, []),
    ],
)
def test_the_grid_shows_the_sellers_own_products(cast: Cast, cat: Membership, asked, skus):
    rows = products_of_seller(actor(cat), **asked).order_by("sku")

    assert [one.sku for one in rows] == skus


def test_the_grid_narrows_to_a_category_and_what_is_below(cast: Cast, cat: Membership):
    tools = Category.objects.get(path="power-tools")

    assert [one.sku for one in products_of_seller(actor(cat), category=tools)] == ["DRILL-18V"]
