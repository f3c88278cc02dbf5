"""Limits."""

from decimal import Decimal

import pytest

from kontor.approvals.rules import may_approve, needs_approval


@pytest.mark.parametrize(
    ("limit", "net", "needed"),
    [
        (None, "999999999", False),
        ("500.00", "499.99", False),
        ("500.00", "500.000", False),
        ("500.00", "500.01", True),
        ("0", "0", False),
        ("0", "0.01", True),
    ],
)
def test_an_order_above_the_limit_needs_an_approver(limit, net, needed):
    limit = None if limit is None else Decimal(limit)
    assert needs_approval(limit, Decimal(net)) is needed
    assert may_approve(limit, Decimal(net)) is not needed
