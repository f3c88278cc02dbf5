"""A desk with options, as tests of configurable products share it."""

from decimal import Decimal

from kontor.catalog.models import Category, Product
from kontor.catalog.operations import ProductFacts, save_options, save_product, set_status
from kontor.goods.options import Choice, Group, Options, Rule
from kontor.kernel.actors import Actor
from kontor.pricing.models import PriceList
from kontor.pricing.operations import PriceRow, set_prices

OPTIONS = Options(
    groups=(
        Group(
            code="top",
            name="Top",
            names={"de": "Platte"},
            choices=(
                Choice(code="OAK", name="Oak", names={"de": "Eiche"}, is_default=True),
                Choice(code="WAL", name="Walnut", names={"de": "Nussbaum"}, percent=Decimal(10)),
            ),
        ),
        Group(
            code="size",
            name="Size",
            choices=(
                Choice(code="120", name="120 cm", is_default=True),
                Choice(code="160", name="160 cm", amount=Decimal(45), currency="EUR", weight_grams=6000),
            ),
        ),
        Group(
            code="extras",
            name="Extras",
            least=0,
            most=2,
            choices=(
                Choice(
                    code="EL", name="Electric drive", amount=Decimal("180.50"), currency="EUR", lead_days=8
                ),
                Choice(code="TRAY", name="Cable tray", amount=Decimal(-5), currency="EUR"),
                Choice(code="LAMP", name="Lamp", amount=Decimal(30), currency="USD"),
            ),
        ),
    ),
    rules=(Rule("EL", "requires", "160"), Rule("WAL", "excludes", "120")),
)


def desk(admin: Actor, options: Options = OPTIONS) -> Product:
    """A desk on sale at 300.00 EUR, 280.00 from 10 pieces, in Hansa's public list."""
    facts = ProductFacts(
        sku="DESK-1",
        name="Desk",
        kind=Product.Kind.CONFIGURABLE,
        category=Category.objects.first(),
        weight_grams=30000,
        lead_days=5,
    )
    product = save_product(actor=admin, facts=facts)
    save_options(actor=admin, product=product, options=options)
    product.refresh_from_db()
    product = set_status(actor=admin, product=product, status="active")
    public = PriceList.objects.get(seller=product.seller_id, is_public=True, currency="EUR")
    rows = [
        PriceRow(product_id=product.pk, amount=Decimal(300)),
        PriceRow(product_id=product.pk, amount=Decimal(280), min_quantity=Decimal(10)),
    ]
    set_prices(actor=admin, price_list=public, rows=rows)
    return product
