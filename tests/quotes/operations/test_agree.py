from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kontor.agreements.models import Agreement
from kontor.agreements.operations import AgreementFacts, activate_agreement
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.queries import Wanted, chain_for, resolve
from kontor.quotes.operations import agree_on_offer, mark_accepted

pytestmark = pytest.mark.django_db
FACTS = AgreementFacts(title="From the offer", valid_from=datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def accepted(ana, offer):
    return mark_accepted(actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash)


def test_accepted_prices_go_on_in_an_agreement_with_what_was_offered_as_the_most(
    sal, accepted, bolt, drill, acme
):
    made = agree_on_offer(actor=sal.as_actor("page"), offer=accepted, facts=FACTS, committed="at_most")

    assert (made.status, made.account.buyer) == ("draft", acme)
    assert set(
        made.price_list.prices.values_list("product__sku", "amount", "price_base", "min_quantity")
    ) == {
        ("BOLT-M8", Decimal("10.20"), 100, 1),
        ("DRILL-18V", Decimal(85), 1, 1),
    }
    assert set(made.commitments.values_list("product__sku", "kind", "committed")) == {
        ("BOLT-M8", "at_most", 2000),
        ("DRILL-18V", "at_most", 3),
    }
    activate_agreement(actor=sal.as_actor("page"), agreement=made)
    (price,) = resolve(chain_for(acme.pk), [Wanted(bolt.pk, Decimal(1))])
    assert price.amount == Decimal("10.20")


def test_without_a_limit_nothing_is_committed(sal, accepted):
    made = agree_on_offer(actor=sal.as_actor("page"), offer=accepted, facts=replace(FACTS, kind="project"))

    assert (made.kind, made.commitments.count()) == ("project", 0)


def test_only_an_accepted_offer_is_agreed_and_only_by_its_seller(sal, ana, lev, offer, accepted):
    with pytest.raises(Refused) as refusal:
        agree_on_offer(actor=sal.as_actor("page"), offer=offer, facts=FACTS)
    assert refusal.value.code == "not_accepted"
    for other in (ana, lev):
        with pytest.raises(NotAllowed):
            agree_on_offer(actor=other.as_actor("page"), offer=accepted, facts=FACTS)
    assert not Agreement.objects.exists()
