"""A kit of Hansa, and the short way to make others."""

from decimal import Decimal
from typing import Any

import pytest

from kontor.catalog.models import Category, Product
from kontor.catalog.operations import ComponentFacts, ProductFacts, save_product, set_status
from kontor.companies.models import Company
from kontor.kernel.actors import system_actor
from kontor.pricing.models import Price, PriceList

SYSTEM = system_actor("test")


def facts(sku: str, parts: dict[str, Any] | None, **other: Any) -> ProductFacts:
    """A kit of these quantities by SKU."""
    stated = (
        None if parts is None else [ComponentFacts(sku=one, quantity=Decimal(n)) for one, n in parts.items()]
    )
    given = {"name": f"Kit {sku}", "base_unit": "SET", "category": Category.objects.get(path="power-tools")}
    return ProductFacts(sku=sku, kind=Product.Kind.KIT, components=stated, **(given | other))


def kit_of(seller: Company, sku: str, parts: dict[str, Any], price: str = "120.00") -> Product:
    """A kit on sale at a public price."""
    kit = save_product(actor=SYSTEM, facts=facts(sku, parts), seller=seller)
    set_status(actor=SYSTEM, product=kit, status="active")
    public = PriceList.objects.get(seller=seller, code="public")
    Price.objects.create(price_list=public, product=kit, amount=Decimal(price), min_quantity=1)
    return kit


@pytest.fixture
def kit(hansa: Company, bolt: Product, drill: Product, assembly: Product) -> Product:
    """A drill, 50 bolts and half an hour on site for 120.00; 12 drills and 5000 bolts are in stock."""
    return kit_of(hansa, "SET-WALL", {"DRILL-18V": 1, "BOLT-M8": 50, "ASSEMBLY-H": "0.5"})
