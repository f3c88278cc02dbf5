"""Addresses in mails lead to pages that exist."""

import pytest
from django.conf import settings as product
from django.urls import NoReverseMatch, reverse

from kontor.notifications.links import BUYERS, SELLERS, link, preferences_link
from kontor.notifications.topics import SELLER


@pytest.mark.parametrize("route", sorted({routes[0] for routes in (*BUYERS.values(), *SELLERS.values())}))
def test_each_page_that_a_mail_links_to_exists(route, settings):
    settings.ROOT_URLCONF = "kontor.urls"
    for arguments in ((), (7,), ("abc",), (7, "abc")):
        try:
            assert reverse(route, args=arguments).startswith("/")
        except NoReverseMatch:
            continue
        else:
            return
    pytest.fail(f"no page is called {route}")


def test_a_link_is_of_this_installation_whatever_the_request_named():
    assert link("order", 7) == f"{product.SITE_URL}/order/7/"
    assert link("order", 7, side=SELLER) == f"{product.SITE_URL}/office/order/7/"
    assert preferences_link("orders") == f"{product.SITE_URL}/notifications/#orders"


def test_where_there_is_no_page_the_list_or_the_home_page_will_do(settings):
    settings.ROOT_URLCONF = "tests.notifications.no_addresses"
    assert link("order", 7) == f"{product.SITE_URL}/"
