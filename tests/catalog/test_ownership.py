import pytest

from kontor.catalog.operations import ProductFacts, save_product
from kontor.companies.models import Company, Membership
from kontor.kernel.actors import system_actor
from kontor.kernel.refusal import NotAllowed
from tests.cast import actor


def test_the_system_names_the_seller_for_whom_it_works(hansa: Company):
    facts = ProductFacts(sku="NEW", name="New")
    with pytest.raises(NotAllowed):
        save_product(actor=system_actor("import"), facts=facts)

    assert save_product(actor=system_actor("import"), facts=facts, seller=hansa).seller == hansa


def test_nobody_adds_goods_to_another_seller(cat: Membership, levante: Company):
    with pytest.raises(NotAllowed):
        save_product(actor=actor(cat), facts=ProductFacts(sku="NEW", name="New"), seller=levante)
