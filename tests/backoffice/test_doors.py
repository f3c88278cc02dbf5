"""No link of the back office leads its reader to a closed door."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kontor.companies.models import CustomerAccount
from tests.orders.trade import confirmed, shipped

LINK = re.compile(r'href="(/[^"#]*)"')


@pytest.mark.parametrize("who", ["sal", "wim", "fin", "cat", "store_admin"])
def test_what_is_linked_opens(
    client: Client, request: pytest.FixtureRequest, who: str, ben, bolt, drill
) -> None:
    order = confirmed(ben, (bolt, 100), (drill, 1))
    goods = shipped(ben, (bolt, 100))
    account = CustomerAccount.objects.get(buyer=ben.company)
    client.force_login(request.getfixturevalue(who).user)
    starts = [
        reverse("backoffice:home"), reverse("backoffice:order", args=[order.pk]),
        reverse("backoffice:order", args=[goods.order_id]), reverse("backoffice:customer", args=[account.pk]),
    ]  # fmt: skip

    opened = [answer for start in starts if (answer := client.get(start)).status_code == 200]
    links = {
        link.replace("&amp;", "&") for answer in opened for link in LINK.findall(answer.content.decode())
    }
    closed = {
        link: code
        for link in sorted(links)
        if not link.startswith("/static/") and (code := client.get(link).status_code) not in (200, 302)
    }

    assert len(opened) >= 1
    assert closed == {}
