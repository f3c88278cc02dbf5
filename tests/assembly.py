"""Writes the cast of `tests.cast` into the database: directly, so that it needs no operation to work, and in bulk,
because every test pays for it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from kontor.catalog.models import Category, Product, SalesUnit
from kontor.companies.models import Address, Company, CustomerAccount, Membership, PaymentTerm, User
from kontor.inventory.models import StockItem, StockMovement, Warehouse
from kontor.pricing.models import Price, PriceAssignment, PriceList, PriceScope
from kontor.taxes.models import TaxRate

PASSWORD = "seven brass hinges"
"""Everybody's password."""


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Rows by their first names, as the fixtures are called."""

    companies: dict[str, Company]
    people: dict[str, Membership]
    accounts: dict[str, CustomerAccount]
    addresses: dict[str, Address]
    products: dict[str, Product]
    price_lists: dict[str, PriceList]
    warehouses: dict[str, Warehouse]
    term: PaymentTerm


def _companies() -> dict[str, Company]:
    ready = {"status": Company.Status.ACTIVE, "country": "DE", "invoice_email": "books@buyer.example"}
    rows = {
        "acme": Company(legal_name="Acme GmbH", slug="acme", vat_id="DE271828180", **ready),
        "globex": Company(legal_name="Globex AG", slug="globex", vat_id="DE136695976", **ready),
        "hansa": Company(
            legal_name="Hansa Supply GmbH", slug="hansa", vat_id="DE314159262", is_buyer=False, is_seller=True,
            **ready,
        ),
        "levante": Company(
            legal_name="Levante Suministros SL", slug="levante", vat_id="ESB96400429", is_buyer=False,
            is_seller=True, status=Company.Status.ACTIVE, country="ES",
        ),
        "platform": Company(
            legal_name="Platform Operations GmbH", slug="platform", is_buyer=False, is_operator=True, **ready
        ),
    }  # fmt: skip
    return dict(zip(rows, Company.objects.bulk_create(rows.values()), strict=True))


STAFF = {
    "ana": ("Ana Brandt", "acme", ["buyer"], Decimal("500.00")),
    "ben": ("Ben Okafor", "acme", ["approver"], None),
    "cy": ("Cy Lindqvist", "acme", ["viewer"], None),
    "dora": ("Dora Keller", "acme", ["admin"], None),
    "gil": ("Gil Moreau", "globex", ["admin", "buyer"], None),
    "sal": ("Sal Petersen", "hansa", ["sales"], None),
    "wim": ("Wim de Boer", "hansa", ["warehouse"], None),
    "fin": ("Fin Hauser", "hansa", ["finance"], None),
    "cat": ("Cat Novak", "hansa", ["catalog"], None),
    "store_admin": ("Stella Admin", "hansa", ["seller_admin"], None),
    "lev": ("Lev Ferrer", "levante", ["seller_admin"], None),
    "olga": ("Olga Winter", "platform", ["operator"], None),
}


def _people(companies: dict[str, Company]) -> dict[str, Membership]:
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(email=f"{first}@{company}.example", name=name, password=password)
        for first, (name, company, _roles, _limit) in STAFF.items()
    )
    members = Membership.objects.bulk_create(
        Membership(company=companies[company], user=user, roles=roles, order_limit=limit)
        for user, (_name, company, roles, limit) in zip(users, STAFF.values(), strict=True)
    )
    return dict(zip(STAFF, members, strict=True))


def _addresses(companies: dict[str, Company]) -> dict[str, Address]:
    facts = {"is_billing": True, "is_default_delivery": True, "country": "DE"}
    rows = {
        "acme": Address(company=companies["acme"], label="Head office", recipient="Acme GmbH",
                        street="Werkstr. 1", postal_code="10115", city="Berlin", **facts),
        "acme_plant": Address(company=companies["acme"], label="Plant 2", recipient="Acme GmbH, Plant 2",
                              street="Hafenweg 7", postal_code="20457", city="Hamburg", country="DE"),
        "globex": Address(company=companies["globex"], label="Head office", recipient="Globex AG",
                          street="Ringstr. 9", postal_code="80331", city="München", **facts),
        "hansa": Address(company=companies["hansa"], label="Head office", recipient="Hansa Supply GmbH",
                         street="Speicherstr. 12", postal_code="20457", city="Hamburg", **facts),
    }  # fmt: skip
    return dict(zip(rows, Address.objects.bulk_create(rows.values()), strict=True))


def _accounts(
    companies: dict[str, Company], sal: Membership
) -> tuple[dict[str, CustomerAccount], PaymentTerm]:
    term = PaymentTerm.objects.create(seller=companies["hansa"], code="N30", name="30 days net", net_days=30)
    rows = CustomerAccount.objects.bulk_create(
        CustomerAccount(
            seller=companies["hansa"], buyer=companies[buyer], customer_number=number, payment_term=term,
            sales_rep=sal, status=CustomerAccount.Status.ACTIVE,
        )
        for buyer, number in (("acme", "10001"), ("globex", "10002"))
    )  # fmt: skip
    return {"acme": rows[0], "globex": rows[1]}, term


def _products(companies: dict[str, Company]) -> dict[str, Product]:
    fasteners, tools = Category.objects.bulk_create(
        [
            Category(name="Fasteners", slug="fasteners", path="fasteners", position=1),
            Category(name="Power tools", slug="power-tools", path="power-tools", position=2),
        ]
    )
    active = {"status": Product.Status.ACTIVE}
    hansa, levante = companies["hansa"], companies["levante"]
    rows = {
        "bolt": Product(seller=hansa, sku="BOLT-M8", name="Hex bolt M8 x 40", slug="hex-bolt-m8-x-40",
                        category=fasteners, brand="Norddraht", gtin="4006381333931", **active),
        "drill": Product(seller=hansa, sku="DRILL-18V", name="Cordless drill 18 V", slug="cordless-drill-18-v",
                         category=tools, brand="Elbwerk", manufacturer_part_number="EW-18-2", **active),
        "assembly": Product(seller=hansa, sku="ASSEMBLY-H", name="Assembly on site", slug="assembly-on-site",
                            kind=Product.Kind.SERVICE, base_unit="HUR", **active),
        "lamp": Product(seller=levante, sku="LAMP-LED", name="Work lamp LED", slug="work-lamp-led",
                        category=tools, **active),
    }  # fmt: skip
    products = dict(zip(rows, Product.objects.bulk_create(rows.values()), strict=True))
    units = [SalesUnit(product=one, unit=one.base_unit) for one in products.values()]
    units.append(SalesUnit(product=products["bolt"], unit="XBX", factor=Decimal(100), position=1))
    SalesUnit.objects.bulk_create(units)
    return products


def _prices(
    companies: dict[str, Company], accounts: dict[str, CustomerAccount], products: dict[str, Product]
) -> dict[str, PriceList]:
    hansa, levante = companies["hansa"], companies["levante"]
    names = ("public", "acme", "levante")
    lists = dict(
        zip(
            names,
            PriceList.objects.bulk_create(
                [
                    PriceList(
                        seller=hansa, code="public", name="List prices", currency="EUR", is_public=True
                    ),
                    PriceList(seller=hansa, code="acme-contract", name="Acme contract", currency="EUR"),
                    PriceList(seller=levante, code="public", name="Tarifa", currency="EUR", is_public=True),
                ]
            ),
            strict=True,
        )
    )
    rows = (
        ("public", "bolt", 1, "12.50", 100),
        ("public", "bolt", 1000, "11.00", 100),
        ("public", "drill", 1, "99.00", 1),
        ("public", "assembly", 1, "65.00", 1),
        ("acme", "drill", 1, "89.00", 1),
        ("levante", "lamp", 1, "40.00", 1),
    )
    Price.objects.bulk_create(
        Price(
            price_list=lists[price_list], product=products[product], min_quantity=Decimal(minimum),
            amount=Decimal(amount), price_base=Decimal(base),
        )
        for price_list, product, minimum, amount, base in rows
    )  # fmt: skip
    scope = PriceScope.objects.create(seller=hansa, account=accounts["acme"])
    PriceAssignment.objects.create(scope=scope, price_list=lists["acme"])
    return lists


def _stock(companies: dict[str, Company], products: dict[str, Product]) -> dict[str, Warehouse]:
    ham, vlc = Warehouse.objects.bulk_create(
        [
            Warehouse(seller=companies["hansa"], code="HAM", name="Hamburg", city="Hamburg", country="DE"),
            Warehouse(
                seller=companies["levante"], code="VLC", name="Valencia", city="València", country="ES"
            ),
        ]
    )
    items = StockItem.objects.bulk_create(
        [
            StockItem(product=products["bolt"], warehouse=ham, on_hand=Decimal(5000), bin="A-12-3"),
            StockItem(product=products["drill"], warehouse=ham, on_hand=Decimal(12), bin="B-01-1"),
            StockItem(product=products["lamp"], warehouse=vlc, on_hand=Decimal(40)),
        ]
    )
    StockMovement.objects.bulk_create(
        StockMovement(
            stock_item=item,
            kind=StockMovement.Kind.RECEIPT,
            quantity=item.on_hand,
            reference="opening",
            actor_name="Cast",
        )
        for item in items
    )
    return {"ham": ham, "vlc": vlc}


def _tax_rates() -> None:
    since = date(2021, 1, 1)
    rows = (("DE", "standard", 19), ("DE", "reduced", 7), ("DE", "zero", 0), ("ES", "standard", 21))
    TaxRate.objects.bulk_create(
        TaxRate(country=country, category=category, rate=Decimal(rate), valid_from=since)
        for country, category, rate in rows
    )


def assemble() -> Cast:
    """Write the whole cast into the database."""
    companies = _companies()
    people = _people(companies)
    accounts, term = _accounts(companies, people["sal"])
    products = _products(companies)
    _tax_rates()
    return Cast(
        companies=companies,
        people=people,
        accounts=accounts,
        addresses=_addresses(companies),
        products=products,
        price_lists=_prices(companies, accounts, products),
        warehouses=_stock(companies, products),
        term=term,
    )
