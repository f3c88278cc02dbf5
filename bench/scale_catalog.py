"""A large catalog straight into the tables, and its index: what `bench.scale` runs beside itself."""

import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson

VOCABULARY_TEXT = """
steel stainless bolt hex screw nut washer zinc galvanised flange bearing seal valve hose clamp pipe fitting
elbow brass copper cable wire switch socket plug lamp led panel sensor relay motor pump filter hydraulic pneumatic
cylinder chain gear belt wheel castor handle hinge lock key drill saw blade grinding disc abrasive brush glove helmet
goggles mask boot jacket vest ladder trolley rack shelf box crate pallet tape foil label marker paint spray adhesive
sealant silicone foam insulation rubber plastic nylon teflon aluminium iron cast forged welded threaded coated polished
rounded countersunk slotted torx phillips anchor rivet nail staple hook eye ring shackle rope sling hoist jack lever
spring pin dowel bush sleeve collar coupling joint shaft spindle chuck vice anvil hammer wrench spanner plier cutter
"""
WORDS = VOCABULARY_TEXT.split()
SYLLABLES = "ka lo mi ne tu ra so vi pe du fa gi ho ju ze xa by ro"
LANGUAGE = "en"
FAMILIES, CATEGORIES = 10, 300
BUYER, PASSWORD = "buyer@scale.example", "kontor-scale-2026"

VOCABULARY = """
CREATE TEMP TABLE vocabulary AS
SELECT array_agg(word ORDER BY no) AS words FROM (
    SELECT no, word FROM unnest(%s::text[]) WITH ORDINALITY AS w (word, no)
) x
"""
# One row per product with everything that is drawn by lot; random() in one session and without workers is repeatable.
DRAWN = """
CREATE TEMP TABLE drawn AS
SELECT no, %(first)s + no AS id, (random() * 239)::int AS brand, 1 + (random() * 299)::int AS shelf,
    1 + (random() * 9)::int AS family, (exp(random() * 9) / 3 + 0.05)::numeric(12, 2) AS price,
    (exp(random() * 8) - 1)::int AS popularity, (random() < 0.8)::int * (random() * 500)::int AS stock,
    v.words[floor(power(330, random()))::int] AS w1, v.words[floor(power(330, random()))::int] AS w2,
    v.words[floor(power(330, random()))::int] AS w3, v.words[floor(power(330, random()))::int] AS w4,
    (ARRAY[4, 5, 6, 8, 10, 12, 16, 20])[1 + (random() * 7)::int] AS size, 10 + 5 * (random() * 30)::int AS length,
    (random() * 20)::int AS a1, (random() * 12)::int AS a2, (random() * 30)::int AS a3, (random() * 8)::int AS a4,
    (random() * 24)::int AS a5
FROM generate_series(1, %(size)s) AS no, vocabulary v
"""
ATTRIBUTE_VALUES = """jsonb_build_object(
    'colour-' || d.family, 'c' || d.a1, 'norm-' || d.family, 'n' || d.a2, 'finish-' || d.family, 'f' || d.a3,
    'head-' || d.family, 'h' || d.a4, 'grade-' || d.family, 'g' || d.a5, 'thread-' || d.family, 'm' || d.size,
    'length-' || d.family, d.length::text, 'width-' || d.family, (d.a4 * 2.5)::text,
    'voltage-' || d.family, (d.a2 * 12)::text, 'pack-' || d.family, (d.a5 + 1)::text)"""
NAME = "d.w1 || ' ' || d.w2 || ' ' || d.w3 || ' ' || d.w4 || ' M' || d.size || ' x ' || d.length || ' mm'"
PRODUCTS = {
    "id": "d.id", "sku": "'SC-' || lpad(d.no::text, 7, '0')", "name": NAME, "family_id": "f.ids[d.family]",
    "slug": "'p-' || d.no", "brand": "'Maker ' || chr(65 + d.brand %% 26) || d.brand", "status": "'active'",
    "manufacturer_part_number": "'MPN' || (d.no * 7919::bigint %% 100000007)", "gtin": "''",
    "category_id": "c.ids[d.shelf]", "attributes": ATTRIBUTE_VALUES,
    "summary": "d.w2 || ' ' || d.w1 || ' for ' || d.w4", "description": "''",
    "specifications": "'[]'::jsonb", "kind": "'goods'",
}  # fmt: skip
FROM_DRAWN = """drawn d,
    (SELECT array_agg(id ORDER BY id) AS ids FROM catalog_family WHERE code LIKE 'scale-%%') f,
    (SELECT array_agg(id ORDER BY id) AS ids FROM catalog_category WHERE path LIKE 'scale-%%/%%') c"""


def main() -> None:
    import_module("django").setup()
    if sys.argv[1] == "--addresses":
        sys.stdout.buffer.write(orjson.dumps(addresses()))
        return
    size, report = int(sys.argv[1]), Path(sys.argv[2])
    from kontor.search.engine import folder

    if not report.exists():
        fill(size)
    index = folder.current()
    if not report.exists() or index is None or folder.state_of(index) is None:
        report.write_bytes(orjson.dumps(build(size)))


def build(size: int) -> dict[str, float]:
    """The index as a node builds it."""
    from kontor.search.engine import indexer

    begun, cpu = time.monotonic(), time.process_time()
    folder = indexer.build()
    held = sum(file.stat().st_size for file in folder.iterdir())
    return {
        "products": float(size), "seconds": time.monotonic() - begun, "cpu": time.process_time() - cpu,
        "bytes": float(held),
    }  # fmt: skip


def execute(sql: str, parameters: Any = None) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else None


def like_template(table: str, template: int, values: dict[str, str], rows: str) -> None:
    """Insert rows that are like one that is there but for some columns, so that every column has a true value."""
    found = execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
        " AND (is_identity = 'NO' OR column_name = ANY (%s))", [table, list(values)],
    )  # fmt: skip
    columns = [name for (name,) in found]
    chosen = ", ".join(values.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    execute(
        f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {chosen} FROM {rows}, {table} t WHERE t.id = %s",
        [template],
    )


def fill(size: int) -> None:
    from django.db import connection, transaction

    chance = [f"{one}{other}" for one in SYLLABLES.split() for other in SYLLABLES.split()]
    words = [*WORDS, *chance][:331]
    with transaction.atomic():
        house = House()
        describe(house.seller)
        first = house.product.pk + 1000
        execute("SET LOCAL max_parallel_workers_per_gather = 0; SELECT setseed(0.42)")
        execute(VOCABULARY, [words])
        execute(DRAWN, {"first": first, "size": size})
        like_template("catalog_product", house.product.pk, PRODUCTS, FROM_DRAWN)
        execute(
            "SELECT setval(pg_get_serial_sequence('catalog_product', 'id'), max(id)) FROM catalog_product"
        )
        unit = {"unit": "'C62'", "factor": "1", "minimum": "1", "multiple": "1", "position": "0"}
        price = {"amount": "d.price", "min_quantity": "1", "price_base": "1"}
        tenth = "(SELECT * FROM drawn WHERE mod(no, 10) = 0) d"
        for table, template, values, rows in (
            ("catalog_sales_unit", house.unit.pk, unit, "drawn d"),
            ("pricing_price", house.public_price.pk, price, "drawn d"),
            ("pricing_price", house.own_price.pk, price | {"amount": "d.price * 0.9"}, tenth),
            ("inventory_stock_item", house.stock.pk, {"on_hand": "d.stock", "reserved": "0"}, "drawn d"),
        ):
            sequence = f"nextval(pg_get_serial_sequence('{table}', 'id'))"
            like_template(table, template, values | {"id": sequence, "product_id": "d.id"}, rows)
        search_tables()
        execute("DELETE FROM search_change")
    connection.close()
    execute("VACUUM ANALYZE")
    connection.close()


class House:
    """A seller, a buyer with own prices, and one product whose rows all others are made like."""

    def __init__(self) -> None:
        from kontor.catalog.models import Product, SalesUnit
        from kontor.companies.models import Company, CustomerAccount, Membership, PaymentTerm, User
        from kontor.inventory.models import StockItem, Warehouse
        from kontor.pricing.models import Price, PriceAssignment, PriceList, PriceScope

        facts = {"status": "active", "currency": "EUR", "country": "DE"}
        self.seller = Company.objects.create(legal_name="Scale GmbH", slug="scale", is_seller=True, **facts)
        buyer = Company.objects.create(legal_name="Buyer AG", slug="buyer", is_buyer=True, **facts)
        user = User.objects.create_user(email=BUYER, password=PASSWORD, name="Bea Buyer")
        Membership.objects.create(user=user, company=buyer, roles=["buyer"])
        term = PaymentTerm.objects.create(seller=self.seller, code="30", name="30 days net", net_days=30)
        account = CustomerAccount.objects.create(
            seller=self.seller, buyer=buyer, status="active", payment_term=term
        )
        public, own = (
            PriceList.objects.create(
                seller=self.seller, code=code, name=code, currency="EUR", is_public=is_public
            )
            for code, is_public in (("public", True), ("own", False))
        )
        scope = PriceScope.objects.create(seller=self.seller, account=account)
        PriceAssignment.objects.create(scope=scope, price_list=own)
        self.product = Product.objects.create(
            seller=self.seller, sku="SAMPLE", name="Sample", slug="sample", status="active"
        )
        self.unit = SalesUnit.objects.create(product=self.product, unit="C62")
        self.public_price = Price.objects.create(price_list=public, product=self.product, amount=1)
        self.own_price = Price.objects.create(price_list=own, product=self.product, amount=1)
        shed = Warehouse.objects.create(seller=self.seller, code="W", name="Shed", country="DE")
        self.stock = StockItem.objects.create(product=self.product, warehouse=shed, on_hand=1)


def describe(seller: Any) -> None:
    """Families with ten facets each, categories, and the language of the names."""
    from kontor.catalog.models import Attribute, CatalogSettings, Category, Family, FamilyAttribute

    CatalogSettings.objects.update_or_create(seller=seller, defaults={"languages": [LANGUAGE]})
    kinds = {"colour": "text", "norm": "text", "finish": "text", "head": "text", "grade": "text", "thread": "text",
             "length": "number", "width": "number", "voltage": "number", "pack": "number"}  # fmt: skip
    for no in range(1, FAMILIES + 1):
        family = Family.objects.create(seller=seller, code=f"scale-{no:02}", name=f"Family {no}")
        for position, (code, kind) in enumerate(kinds.items()):
            attribute = Attribute.objects.create(
                seller=seller, code=f"{code}-{no}", name=code.title(), kind=kind
            )
            FamilyAttribute.objects.create(
                family=family, attribute=attribute, is_facet=True, position=position
            )
    roots = [
        Category.objects.create(name=f"Scale {no}", slug=f"scale-{no}", path=f"scale-{no}")
        for no in range(1, 11)
    ]
    Category.objects.bulk_create(
        Category(parent=root, name=f"Shelf {no}", slug=f"s-{no}", path=f"{root.path}/s-{no}")
        for root in roots for no in range(CATEGORIES // 10)
    )  # fmt: skip


def search_tables() -> None:
    """What the search keeps in the database of these products, without its worker."""
    rows = """FROM drawn d JOIN catalog_product p ON p.id = d.id JOIN catalog_category c ON c.id = p.category_id"""
    execute(f"""
        INSERT INTO search_document (product_id, seller_id, words, category_path, brand, sort_key, list_price,
            popularity, listed_at, assortments)
        SELECT p.id, p.seller_id, to_tsvector('simple', p.name), c.path, p.brand, lower(p.name), d.price, d.popularity,
            p.created_at, p.assortments {rows}""")
    execute(f"""
        INSERT INTO search_shelf (shelf, product_id, seller_id, brand, sort_key, list_price, popularity, listed_at,
            assortments)
        SELECT place.no, p.id, p.seller_id, p.brand, lower(p.name), d.price, d.popularity, p.created_at, p.assortments
        {rows}, unnest(ARRAY[0, c.id, c.parent_id]) AS place (no)""")
    execute("""
        INSERT INTO search_code (product_id, key, kind)
        SELECT p.id, 'SC' || lpad(d.no::text, 7, '0'), 0 FROM drawn d JOIN catalog_product p ON p.id = d.id
        UNION ALL SELECT p.id, p.manufacturer_part_number, 1 FROM drawn d JOIN catalog_product p ON p.id = d.id""")
    execute("INSERT INTO search_word SELECT unnest(words) FROM vocabulary ON CONFLICT DO NOTHING")
    execute("SELECT nextval('catalog_revision')")


def addresses() -> dict[str, list[str]]:
    some = """
        SELECT id, slug, sku FROM catalog_product WHERE sku LIKE 'SC-%'
        AND id % greatest((SELECT count(*) FROM catalog_product) / 400, 1) = 0 LIMIT 400"""
    rows = execute(some)
    shelves = execute("SELECT path FROM catalog_category WHERE path LIKE 'scale-%' ORDER BY id")
    return {
        "words": list(WORDS),
        "numbers": [sku for _id, _slug, sku in rows],
        "products": [f"/products/{product}/{slug}/" for product, slug, _sku in rows],
        "shelves": [path for (path,) in shelves],
    }


if __name__ == "__main__":
    main()
