"""Many companies with their price lists, straight into the tables, and what asking them takes: for `bench.prices`."""

import random
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import orjson

from bench.scale_catalog import (
    DRAWN,
    FROM_DRAWN,
    PRODUCTS,
    SYLLABLES,
    VOCABULARY,
    WORDS,
    House,
    describe,
    execute,
    like_template,
    search_tables,
)

Asked = tuple[int, Callable[[int], object]]
"""How often something is asked, and how, by the number of the question."""
LISTS, EXCEPTIONS, CONTRACT, ASKED, WARM = 50, 20_000, 100, 200, 20
COMPANIES = """
INSERT INTO companies_company ({names}) OVERRIDING SYSTEM VALUE
SELECT {chosen} FROM generate_series(1, %s) AS n (no), companies_company t WHERE t.slug = 'buyer'
"""


def main() -> None:
    import_module("django").setup()
    products, companies, report = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    if not execute("SELECT EXISTS (SELECT FROM catalog_product)")[0][0]:
        fill(products, companies)
    report.write_bytes(orjson.dumps(measure()))


def fill(products: int, companies: int) -> None:
    """Goods as `bench.scale` has them, companies, derived lists and contracts."""
    from django.db import connection, transaction

    from kontor.search.engine import indexer

    syllables = SYLLABLES.split()
    words = [*WORDS, *(f"{one}{other}" for one in syllables for other in syllables)][:331]
    with transaction.atomic():
        house = House()
        describe(house.seller)
        execute("SET LOCAL max_parallel_workers_per_gather = 0; SELECT setseed(0.42)")
        execute(VOCABULARY, [words])
        execute(DRAWN, {"first": house.product.pk + 1000, "size": products})
        like_template("catalog_product", house.product.pk, PRODUCTS, FROM_DRAWN)
        _like("catalog_sales_unit", house.unit.pk, {"unit": "'C62'", "product_id": "d.id"}, "drawn d")
        amount = {"product_id": "d.id", "amount": "d.price", "min_quantity": "1", "price_base": "1"}
        _like("pricing_price", house.public_price.pk, amount, "drawn d")
        for quantity, share in ((10, "0.95"), (100, "0.9"), (1000, "0.85")):
            broken = amount | {"amount": f"d.price * {share}", "min_quantity": str(quantity)}
            _like(
                "pricing_price",
                house.public_price.pk,
                broken,
                "(SELECT * FROM drawn WHERE mod(no, 3) = 0) d",
            )
        derived = _derived_lists(house)
        exceptions = amount | {"amount": "d.price * 0.8", "price_list_id": "l.id"}
        rows = f"""(SELECT unnest(ARRAY{derived}) AS id) l,
            LATERAL (SELECT * FROM drawn WHERE mod(no, {LISTS}) = mod(l.id, {LISTS}) LIMIT {EXCEPTIONS}) d"""
        _like("pricing_price", house.public_price.pk, exceptions, rows)
        _companies(house, companies, derived)
        contract = amount | {"amount": "d.price * 0.7", "price_list_id": "l.id"}
        rows = f"""pricing_price_list l CROSS JOIN generate_series(1, {CONTRACT}) AS g (no)
            JOIN drawn d ON d.no = 1 + mod(l.id * 7919 + g.no * 104729, {products})"""
        _like("pricing_price", house.public_price.pk, contract, rows, "l.code LIKE 'contract-%%'")
        search_tables()
        execute("DELETE FROM search_change")
    connection.close()
    execute("VACUUM ANALYZE")
    indexer.build()


def _like(table: str, template: int, values: dict[str, str], rows: str, where: str = "true") -> None:
    sequence = f"nextval(pg_get_serial_sequence('{table}', 'id'))"
    if where != "true":
        rows = f"(SELECT l.id AS list, d.* FROM {rows} WHERE {where}) d"
        values = {
            name: "d.list" if name == "price_list_id" else value.replace("l.id", "d.list")
            for name, value in values.items()
        }
    like_template(table, template, values | {"id": sequence}, rows)


def _derived_lists(house: House) -> list[int]:
    from kontor.pricing.models import PriceList

    public = PriceList.objects.get(seller=house.seller, is_public=True)
    made = PriceList.objects.bulk_create(
        PriceList(
            seller=house.seller,
            code=f"dealers-{no}",
            name=f"Dealers {no}",
            currency="EUR",
            basis=public,
            factor=Decimal(100 - no) / 100,
            round_to=Decimal("0.01"),
        )
        for no in range(1, LISTS + 1)
    )
    return [one.pk for one in made]


def _companies(house: House, companies: int, derived: list[int]) -> None:
    """Companies in fifty groups, each group with a derived list, each company with a contract before it."""
    from kontor.companies.models import CustomerAccount, CustomerGroup, PaymentTerm
    from kontor.pricing.models import PriceAssignment, PriceList, PriceScope

    names = [name for (name,) in execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'companies_company'"
        " AND is_generated = 'NEVER' AND column_name <> 'id'"
    )]  # fmt: skip
    own = {"slug": "'c-' || n.no", "legal_name": "'Company ' || n.no"}
    chosen = ", ".join(own.get(name, f't."{name}"') for name in names)
    execute(COMPANIES.format(names=", ".join(f'"{name}"' for name in names), chosen=chosen), [companies])
    buyers = [key for (key,) in execute("SELECT id FROM companies_company WHERE slug LIKE 'c-%' ORDER BY id")]
    groups = CustomerGroup.objects.bulk_create(
        CustomerGroup(seller=house.seller, name=f"Group {no}") for no in range(LISTS)
    )
    term = PaymentTerm.objects.get(seller=house.seller)
    accounts = CustomerAccount.objects.bulk_create(
        CustomerAccount(
            seller=house.seller,
            buyer_id=buyer,
            status="active",
            payment_term=term,
            group=groups[no % LISTS],
        )
        for no, buyer in enumerate(buyers)
    )
    contracts = PriceList.objects.bulk_create(
        PriceList(seller=house.seller, code=f"contract-{buyer}", name=f"Contract {buyer}", currency="EUR")
        for buyer in buyers
    )
    scopes = PriceScope.objects.bulk_create(
        [PriceScope(seller=house.seller, group=group) for group in groups]
        + [PriceScope(seller=house.seller, account=account) for account in accounts]
    )
    lists = [*derived, *(contract.pk for contract in contracts)]
    PriceAssignment.objects.bulk_create(
        PriceAssignment(scope=scope, price_list_id=key) for scope, key in zip(scopes, lists, strict=True)
    )


def measure() -> dict[str, list[float]]:
    """Milliseconds of each of many questions, and how many rows were there."""
    found = {}
    for what, (times, ask) in {**_priced(), **_listed()}.items():
        taken = []
        for no in range(-WARM, times):
            begun = time.perf_counter()
            ask(no % times)
            taken.append((time.perf_counter() - begun) * 1000)
        found[what] = taken[WARM:]
    found["price rows"] = [float(execute("SELECT count(*) FROM pricing_price")[0][0])]
    return found


def _buyers() -> list[int]:
    return [key for (key,) in execute("SELECT id FROM companies_company WHERE slug LIKE 'c-%' ORDER BY id")]


def _priced() -> dict[str, Asked]:
    from kontor.pricing.explain import explain
    from kontor.pricing.queries import Wanted, breaks_of, chain_for, resolve

    chance = random.Random(11)
    goods = [key for (key,) in execute("SELECT id FROM catalog_product ORDER BY hashint8(id) LIMIT 20000")]
    buyers = _buyers()
    chains = [chain_for(buyer) for buyer in chance.choices(buyers, k=ASKED)]

    def wanted(count: int) -> list[Wanted]:
        return [Wanted(one, Decimal(chance.choice([1, 5, 25, 250]))) for one in chance.sample(goods, count)]

    return {
        "chain of a company": (ASKED, lambda no: chain_for(buyers[no % len(buyers)])),
        "24 products with all breaks": (ASKED, lambda no: breaks_of(chains[no], chance.sample(goods, 24))),
        "24 products at a quantity": (ASKED, lambda no: resolve(chains[no], wanted(24))),
        "1,000 lines": (ASKED // 4, lambda no: resolve(chains[no], wanted(1000))),
        "5,000 lines": (ASKED // 10, lambda no: resolve(chains[no], wanted(5000))),
        "explain": (ASKED, lambda no: explain(chains[no], wanted(1)[0])),
    }


def _listed() -> dict[str, Asked]:
    """First pages by own price: of words that two fifths of all goods bear, and of departments that hold a tenth."""
    from kontor.search.queries import Viewer, Window, browse, find, viewer_for

    buyers, words, window = _buyers(), ["steel", "stainless"], Window(sort="price", facets=False)
    departments = [path for (path,) in execute(
        "SELECT path FROM catalog_category WHERE path LIKE 'scale-%' AND path NOT LIKE '%/%' ORDER BY path"
    )]  # fmt: skip

    def viewer(no: int) -> Viewer:
        return viewer_for(buyers[no * 97 % len(buyers)])

    return {
        "first page by own price of two fifths": (
            ASKED,
            lambda no: find(viewer(no), words[no % 2], window=window),
        ),
        "first page by own price of a tenth": (
            ASKED,
            lambda no: browse(viewer(no), departments[no % len(departments)], window=window),
        ),
    }


if __name__ == "__main__":
    main()
