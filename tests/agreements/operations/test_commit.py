from decimal import Decimal

import pytest

from kontor.agreements.models import Commitment
from kontor.agreements.operations import CommitmentRow, Drawn, draw, save_commitments
from kontor.kernel.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(sal, contract):
    def rows(*told):
        return save_commitments(
            actor=sal.as_actor("page"),
            agreement=contract,
            rows=[
                CommitmentRow(product and product.pk, kind, measure, Decimal(much))
                for product, kind, measure, much in told
            ],
        )

    return rows


def test_what_is_committed_is_written_whole_and_what_is_used_stays(
    save, committed, drill, bolt, acme_account, acme_list
):
    cap = committed(10, drill)
    draw(
        order_id=1,
        account_id=acme_account.pk,
        lines=[Drawn(1, acme_list.pk, drill.pk, Decimal(4), Decimal(356))],
    )

    saved = save((drill, "at_most", "quantity", "6"), (None, "at_least", "value", "10000"))

    assert saved == 2
    cap.refresh_from_db()
    assert (cap.committed, cap.used) == (6, 4)


def test_what_was_used_is_neither_taken_out_nor_undercut(save, committed, drill, acme_account, acme_list):
    committed(10, drill)
    draw(
        order_id=1,
        account_id=acme_account.pk,
        lines=[Drawn(1, acme_list.pk, drill.pk, Decimal(4), Decimal(356))],
    )

    with pytest.raises(Refused) as gone:
        save()
    with pytest.raises(Refused) as less:
        save((drill, "at_most", "quantity", "3.999"))

    assert (gone.value.code, less.value.fields) == (
        "still_used",
        {"commitments/0/committed": "More than that is used already."},
    )
    assert Commitment.objects.get().committed == 10


def test_each_wrong_row_is_named(save, lamp, drill):
    with pytest.raises(Refused) as refusal:
        save(
            (lamp, "at_most", "quantity", "5"),
            (None, "at_most", "quantity", "5"),
            (drill, "sometimes", "weight", "0"),
            (drill, "at_least", "value", "1"),
            (drill, "at_least", "value", "2"),
        )

    assert set(refusal.value.fields) == {
        "commitments/0/sku", "commitments/1/measure", "commitments/2/kind", "commitments/2/measure", "commitments/2/committed", "commitments/4/sku",
    }  # fmt: skip
    assert not Commitment.objects.exists()


def test_without_prices_of_its_own_nothing_is_sold_at_most(save, contract, drill):
    contract.price_list = None
    contract.save()

    with pytest.raises(Refused) as refusal:
        save((drill, "at_most", "quantity", "5"))

    assert set(refusal.value.fields) == {"commitments/0/kind"}
