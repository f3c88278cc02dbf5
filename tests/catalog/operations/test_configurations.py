"""Options belong to what is configurable, and to nothing else."""

from dataclasses import replace

import pytest

from kontor.catalog.models import Category, Product, ProductOptions
from kontor.catalog.operations import ProductFacts, save_options, save_product
from kontor.companies.models import Membership
from kontor.kernel.refusal import Refused
from tests.cast import actor
from tests.catalog.configurable import OPTIONS, desk

pytestmark = pytest.mark.covers("R3.17")


def test_a_draft_that_is_no_longer_configurable_loses_its_options(store_admin: Membership):
    admin = actor(store_admin)
    facts = ProductFacts(
        sku="DESK-2", name="Desk", kind=Product.Kind.CONFIGURABLE, category=Category.objects.first()
    )
    draft = save_product(actor=admin, facts=facts)
    save_options(actor=admin, product=draft, options=OPTIONS)
    plain = save_product(actor=admin, product=draft, facts=replace(facts, kind=Product.Kind.GOODS))

    assert plain.kind == "goods"
    assert not ProductOptions.objects.exists()


def test_on_sale_it_stays_configurable_and_keeps_them(store_admin: Membership):
    admin = actor(store_admin)
    product = desk(admin)
    facts = ProductFacts(sku="DESK-1", name="Desk", category=product.category)
    with pytest.raises(Refused) as refusal:
        save_product(actor=admin, product=product, facts=facts)

    assert refusal.value.code == "kind_fixed"
    assert ProductOptions.objects.filter(product=product).exists()
