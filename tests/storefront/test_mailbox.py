"""The mailbox of an installation that sends no mail."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from kontor.companies.models import Membership
from kontor.notifications.models import Mail
from tests.web.markup import problems


@pytest.fixture
def mail(store_admin: Membership) -> Mail:
    return Mail.objects.create(
        topic="orders", to="ana@acme.example", to_name="Ana Brandt", subject="Order SO-1 is placed", once_key="x",
        text="See https://shop.example/orders/1/\n<script>alert(1)</script>", html="<p style='color:red'>See</p>",
        status="kept",
    )  # fmt: skip


def test_mails_are_listed_found_and_shown_to_everybody(client: Client, mail: Mail) -> None:
    everything = client.get(reverse("storefront:mailbox")).content.decode()
    nothing = client.get(reverse("storefront:mailbox"), {"q": "globex"}).content.decode()

    assert "Order SO-1 is placed" in everything
    assert "Order SO-1 is placed" not in nothing
    assert problems(everything) == []


def test_the_text_has_live_links_and_no_markup_of_its_own(client: Client, mail: Mail) -> None:
    html = client.get(reverse("storefront:mail", args=[mail.pk])).content.decode()

    assert '<a href="https://shop.example/orders/1/"' in html
    assert "<script>alert" not in html
    assert problems(html) == []


def test_the_html_is_shut_in_by_its_own_policy(client: Client, mail: Mail) -> None:
    answer = client.get(reverse("storefront:mail_html", args=[mail.pk]))

    policy = answer.headers["Content-Security-Policy"]
    assert answer.content.decode() == mail.html
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src 'self'")
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy


@pytest.mark.parametrize("change", [{"smtp_host": "mail.example"}, {"production": True}])
def test_an_installation_that_sends_mail_or_serves_customers_has_no_mailbox(
    client: Client, mail: Mail, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    monkeypatch.setattr(settings, "CONFIG", settings.CONFIG.model_copy(update=change))

    for name, arguments in (("mailbox", []), ("mail", [mail.pk]), ("mail_html", [mail.pk])):
        assert client.get(reverse(f"storefront:{name}", args=arguments)).status_code == 404


def test_a_page_goes_on_after_fifty(client: Client, mail: Mail) -> None:
    Mail.objects.bulk_create(
        Mail(topic="orders", to="a@b.example", subject=f"Mail {n}", text="", html="", once_key=f"n{n}")
        for n in range(60)
    )
    first = client.get(reverse("storefront:mailbox")).content.decode()
    on = first.split('rel="next" href="')[1].split('"')[0]

    second = client.get(on).content.decode()
    assert "Mail 59" in first
    assert "Mail 9<" in second
    assert "Order SO-1 is placed" in second
    assert "Mail 59" not in second
