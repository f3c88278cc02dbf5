"""Who sees which goods, as the catalog's people decide it on pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import Assortment, CatalogSettings
from kontor.companies.models import CustomerAccount, CustomerGroup, Membership
from tests.traces import unchanged
from tests.web.markup import problems


@pytest.fixture
def office(client: Client, store_admin: Membership) -> Client:
    client.force_login(store_admin.user)
    return client


@pytest.fixture
def tools(office: Client) -> Assortment:
    answer = office.post(reverse("backoffice:assortments"), {"name": "Tools", "start": "none"})
    tools = Assortment.objects.get(name="Tools")
    assert answer["Location"] == reverse("backoffice:assortment", args=[tools.pk])
    return tools


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_without_assortments_the_page_says_that_everybody_sees_everything(office: Client) -> None:
    shown = text(office.get(reverse("backoffice:assortments")))

    assert "Everybody sees all your goods." in shown
    assert problems(shown) == []


def test_rules_are_added_shown_and_removed(office: Client, tools: Assortment) -> None:
    at = reverse("backoffice:assortment_rules", args=[tools.pk])
    office.post(at, {"allows": "1", "category": "power-tools", "brands": "Spax\nWürth", "skus": "BOLT-M8"})
    office.post(at, {"allows": "0", "skus": "DRILL-18V"})
    shown = text(office.get(reverse("backoffice:assortment", args=[tools.pk])))

    assert tools.rules.count() == 5
    assert "1 articles on sale in it" in shown
    assert all(
        part in shown for part in ("Power tools", "Spax", "Würth", "BOLT-M8", "DRILL-18V", "Keeps out")
    )
    assert problems(shown) == []

    office.post(at, {"remove": "1", "selected": [str(one.pk) for one in tools.rules.filter(allows=False)]})
    assert "2 articles on sale in it" in text(office.get(reverse("backoffice:assortment", args=[tools.pk])))


def test_what_is_not_known_is_named_where_it_was_typed(office: Client, tools: Assortment) -> None:
    with unchanged():
        answer = office.post(
            reverse("backoffice:assortment_rules", args=[tools.pk]), {"allows": "1", "skus": "NO-SUCH"}
        )

    assert answer.status_code == 422
    assert "Not known: NO-SUCH. Nothing was changed." in text(answer)
    assert "NO-SUCH</textarea>" in text(answer)


@pytest.mark.covers("R0.6")
def test_a_customer_gets_it_and_the_preview_says_what_it_sees(
    office: Client, tools: Assortment, acme_account: CustomerAccount
) -> None:
    office.post(
        reverse("backoffice:assortment_rules", args=[tools.pk]), {"allows": "1", "category": "power-tools"}
    )
    office.post(
        reverse("backoffice:assortment_holders", args=[tools.pk]), {"numbers": acme_account.customer_number}
    )
    assert list(tools.assignments.values_list("account_id", flat=True)) == [acme_account.pk]

    preview = reverse("backoffice:assortment_seen")
    acme = text(office.get(preview, {"customer": acme_account.customer_number}))
    hidden = text(office.get(preview, {"customer": acme_account.customer_number, "only": "hidden"}))
    visitors = text(office.get(preview, {"only": "hidden"}))
    assert "DRILL-18V" in acme
    assert "DRILL-18V" not in hidden
    assert "BOLT-M8" in hidden
    assert "No article fits." in visitors
    assert problems(acme) == []


def test_a_wrong_number_changes_nothing(
    office: Client, tools: Assortment, acme_account: CustomerAccount
) -> None:
    answer = office.post(
        reverse("backoffice:assortment_holders", args=[tools.pk]),
        {"numbers": f"{acme_account.customer_number}\n99999", "visitors": "1"},
    )

    assert answer.status_code == 422
    assert "No customer has the number 99999." in text(answer)
    assert not tools.assignments.exists()


def test_it_is_renamed_made_the_standard_and_deleted(office: Client, tools: Assortment) -> None:
    at = reverse("backoffice:assortment_save", args=[tools.pk])
    office.post(at, {"name": "All tools", "start": "all", "is_standard": "1"})
    tools.refresh_from_db()
    assert (tools.name, tools.start, tools.is_standard) == ("All tools", "all", True)

    other = Assortment.objects.get(name="All goods")
    assert office.post(reverse("backoffice:assortment_delete", args=[tools.pk])).status_code == 422
    office.post(reverse("backoffice:assortment_delete", args=[other.pk]))
    office.post(reverse("backoffice:assortment_delete", args=[tools.pk]))
    assert not Assortment.objects.exists()


@pytest.mark.covers("R0.6", "R0.10")
def test_what_visitors_see_is_chosen(office: Client, client: Client) -> None:
    office.post(reverse("backoffice:assortment_visitors"), {"guest_mode": "sign_in"})
    assert CatalogSettings.objects.get().guest_mode == "sign_in"

    client.logout()
    assert "DRILL-18V" not in text(client.get(reverse("storefront:search"), {"q": "drill"}))


def test_groups_are_made_filled_and_given_an_assortment(
    office: Client, tools: Assortment, acme_account: CustomerAccount
) -> None:
    office.post(reverse("backoffice:customer_groups"), {"name": "Workshops"})
    group = CustomerGroup.objects.get(name="Workshops")
    members = reverse("backoffice:group_members", args=[group.pk])
    office.post(members, {"numbers": acme_account.customer_number})
    shown = text(office.get(reverse("backoffice:customer_group", args=[group.pk])))
    listed = text(office.get(reverse("backoffice:customer_groups")))
    assert "Acme GmbH" in shown
    assert "Workshops" in listed
    assert problems(shown) == problems(listed) == []

    office.post(reverse("backoffice:assortment_holders", args=[tools.pk]), {"groups": [str(group.pk)]})
    assert list(tools.assignments.values_list("group_id", flat=True)) == [group.pk]
    assert office.post(reverse("backoffice:group_delete", args=[group.pk])).status_code == 422

    office.post(members, {"remove": "1", "selected": [str(acme_account.pk)]})
    acme_account.refresh_from_db()
    assert acme_account.group is None


def test_another_sellers_assortment_is_not_found(client: Client, tools: Assortment, lev: Membership) -> None:
    client.force_login(lev.user)

    assert client.get(reverse("backoffice:assortment", args=[tools.pk])).status_code == 404
    assert client.post(reverse("backoffice:assortment_delete", args=[tools.pk])).status_code == 404
