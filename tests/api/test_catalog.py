import pytest

from kontor.catalog.models import Product
from kontor.search.operations import rebuild_all
from tests.api.conftest import Caller, by_key, pointers
from tests.orders.trade import placed


@pytest.fixture
def shelves(cast) -> None:
    rebuild_all()


@pytest.fixture
def caller(ana, shelves) -> Caller:
    return by_key(ana)


def test_each_company_reads_its_own_price(caller, gil):
    drill = {one["sku"]: one for one in caller.get("products").json()["items"]}["DRILL-18V"]
    rival = {one["sku"]: one for one in by_key(gil).get("products").json()["items"]}["DRILL-18V"]

    assert (drill["amount"], drill["currency"], drill["available"]) == ("89.00", "EUR", "12")
    assert rival["amount"] == "99.00"


def test_visitors_see_goods_but_prices_only_where_the_seller_shows_them(guest, shelves, hansa):
    def drill() -> dict:
        return guest.get("products/by-sku/DRILL-18V").json()

    assert (drill()["name"], drill()["breaks"]) == ("Cordless drill 18 V", [])
    hansa.prices_for_guests = True
    hansa.save()
    assert [one["amount"] for one in drill()["breaks"]] == ["99.00"]


def test_a_wrong_key_is_not_a_visitor(guest, shelves):
    assert guest.get("products", Authorization="Bearer kontor_x").status_code == 401


def test_a_product_has_breaks_units_and_stock(caller, bolt):
    shown = caller.get(f"products/{bolt.pk}").json()

    assert [(one["min_quantity"], one["amount"], one["price_base"]) for one in shown["breaks"]] == [
        ("1", "12.50", "100"),
        ("1000", "11.00", "100"),
    ]
    assert [(one["unit"], one["factor"]) for one in shown["units"]] == [("C62", "1"), ("XBX", "100")]
    assert shown["available"] == "5000"
    assert caller.get("products/by-sku/BOLT-M8").json() == shown


def test_drafts_are_the_sellers_own(caller, drill, cat, lev):
    Product.objects.filter(pk=drill.pk).update(status="draft")
    rebuild_all()

    assert caller.get(f"products/{drill.pk}").status_code == 404
    assert by_key(lev).get(f"products/{drill.pk}").status_code == 404
    assert by_key(cat).get(f"products/{drill.pk}").json()["status"] == "draft"


def test_what_goes_with_a_product_names_nothing_that_its_reader_may_not_see(caller, bolt, drill, cat):
    facts = {"slug": "x", "category_id": bolt.category_id, "seller_id": bolt.seller_id}
    model = Product.objects.create(sku="MODEL", name="Bolts", kind="model", status="active", **facts)
    Product.objects.filter(pk=bolt.pk).update(variant_of=model)
    draft = Product.objects.create(sku="BOLT-M9", name="Bolt M9", variant_of=model, **facts)
    hidden = Product.objects.create(
        sku="BOLT-X", name="Bolt X", status="active", assortments=[77], variant_of=model, **facts
    )
    for other in (drill, draft, hidden):
        bolt.relations.create(other=other, kind="accessory")

    def goes_with(who):
        shown = who.get(f"products/{bolt.pk}").json()
        return shown["variants"], [one["product_id"] for one in shown["related"]]

    assert goes_with(caller) == ([], [drill.pk])
    assert goes_with(by_key(cat)) == ([draft.pk, hidden.pk], [drill.pk, draft.pk, hidden.pk])


def test_words_and_numbers_find_products(caller):
    assert [one["sku"] for one in caller.get("products?q=cordless").json()["items"]] == ["DRILL-18V"]
    assert caller.get("products?q=4006381333931").json()["items"][0]["sku"] == "BOLT-M8"
    assert caller.get("products?q=zzzzzz").json()["items"] == []


def test_a_shelf_is_read_page_by_page(caller):
    everything = [one["sku"] for one in caller.get("products?sort=name").json()["items"]]
    seen, address = [], "products?sort=name&limit=1"
    while address:
        page = caller.get(address).json()
        seen += [one["sku"] for one in page["items"]]
        address = page["next"]

    assert seen == everything
    assert len(seen) == 4
    assert caller.get("products?after=abc").status_code == 422


def test_own_purchases_give_an_order_of_their_own(caller, ana, gil, bolt, drill):
    for product, count in ((bolt, 100), (bolt, 100), (drill, 1)):
        placed(ana, (product, count))

    def skus(who, query):
        return [one["sku"] for one in who.get(f"products?{query}").json()["items"]]

    mine = by_key(ana)
    assert skus(mine, "sort=most_bought") == ["BOLT-M8", "DRILL-18V"]
    assert skus(mine, "sort=last_bought") == ["DRILL-18V", "BOLT-M8"]
    assert skus(mine, "sort=most_bought&q=cordless") == ["DRILL-18V"]
    assert skus(mine, "sort=most_bought&category=power-tools") == ["DRILL-18V"]
    assert skus(by_key(gil), "sort=most_bought") == []
    page = mine.get("products?sort=most_bought&limit=1").json()
    assert [one["sku"] for one in mine.get(page["next"]).json()["items"]] == ["DRILL-18V"]


def test_brands_are_alternatives_and_other_parameters_come_once(caller):
    both = caller.get("products?brand=Elbwerk&brand=Norddraht").json()

    assert {one["sku"] for one in both["items"]} == {"DRILL-18V", "BOLT-M8"}
    twice = caller.get("products?limit=1&limit=2")
    assert pointers(twice) == {"?limit": "given_twice"}


def test_hostile_search_words_are_only_words(caller):
    for words in (
        "'",
        "\"'--",
        "%25",
        "%00",
        "a%20%26%20b%20%7C%20!%20c",
        "%F0%9F%94%A7",
        "x" * 200,
        "{{7*7}}",
        "\\",
    ):
        assert caller.get(f"products?q={words}").status_code in (200, 422), words


def test_categories_come_as_a_tree(guest, shelves):
    items = guest.get("categories").json()["items"]

    assert [(one["path"], one["parent"], one["products"]) for one in items] == [
        ("fasteners", None, 1),
        ("power-tools", None, 2),
    ]


def test_many_lines_are_priced_at_once_and_need_no_key(caller, drill):
    lines = [
        {"sku": "BOLT-M8", "quantity": "12", "unit": "XBX"},
        {"product_id": drill.pk, "quantity": "2"},
        {"sku": "NOPE", "quantity": "1"},
        {"sku": "DRILL-18V", "quantity": "1", "unit": "KGM"},
        {"sku": "ASSEMBLY-H", "quantity": "1.5"},
    ]

    answer = caller.post("prices/query", {"lines": lines}, Idempotency_Key="")

    assert answer.status_code == 200, answer.content
    bolt, drilled, unknown, wrong, hours = answer.json()["items"]
    assert (bolt["amount"], bolt["base_quantity"], bolt["net"]) == ("11.00", "1200", "132.00")
    assert (drilled["net"], drilled["available"], drilled["problem"]) == ("178.00", "12", None)
    assert (unknown["problem"], unknown["sku"], unknown["amount"]) == ("unknown_article", "NOPE", None)
    assert wrong["problem"] == "wrong_unit"
    assert (hours["amount"], hours["available"]) == ("65.00", None)


def test_a_read_only_key_may_ask_for_prices(ana, shelves):
    answer = by_key(ana, is_read_only=True).post(
        "prices/query", {"lines": [{"sku": "DRILL-18V", "quantity": "1"}]}
    )

    assert answer.json()["items"][0]["amount"] == "89.00"


def test_prices_are_asked_for_at_most_a_thousand_lines(caller):
    line = {"sku": "DRILL-18V", "quantity": "1"}

    assert caller.post("prices/query", {"lines": [line] * 1001}).status_code == 422
    assert caller.post("prices/query", {"lines": []}).status_code == 422


def test_foreign_prices_are_never_kept_by_a_cache(caller):
    for path in ("products", "products/by-sku/DRILL-18V"):
        answer = caller.get(path)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Authorization" in answer.headers["Vary"]


def test_one_statement_reads_a_page_of_products(caller, django_assert_num_queries):
    caller.get("products?limit=100")  # counts the shelf once per half minute

    with django_assert_num_queries(5):  # the key 1, the page 1, the proof that reading changes nothing 3
        caller.get("products?limit=100")
