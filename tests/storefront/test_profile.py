"""What people keep about themselves, and where they are signed in."""

import pytest
from django.test import Client
from django.urls import reverse

from kontor.companies.models import Membership, User
from kontor.notifications.models import Preference
from kontor.storefront.browsers import handle_of, name_of
from kontor.web.models import Session
from tests.cast import PASSWORD
from tests.traces import unchanged
from tests.web.markup import problems

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19 Mobile Safari/604.1"
)


@pytest.fixture
def as_ana(client: Client, ana: Membership) -> Client:
    client.force_login(ana.user)
    return client


@pytest.mark.parametrize("name", ["profile", "notifications", "sessions"])
def test_the_pages_about_oneself_name_every_control(as_ana: Client, name: str) -> None:
    answer = as_ana.get(reverse(f"storefront:{name}"))

    assert answer.status_code == 200
    assert problems(answer.content.decode()) == []
    assert Client().get(reverse(f"storefront:{name}")).status_code == 302


def test_name_language_and_time_zone_are_kept_and_the_next_page_follows(
    as_ana: Client, ana: Membership
) -> None:
    form = {"name": "Ana Brandt-Weber", "language": "de", "timezone": "Europe/Lisbon"}
    as_ana.post(reverse("storefront:profile"), form)

    user = User.objects.get(pk=ana.user_id)
    assert (user.name, user.language, user.timezone) == ("Ana Brandt-Weber", "de", "Europe/Lisbon")
    assert as_ana.get(reverse("storefront:profile")).headers["Content-Language"] == "de"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": " "}, "name"), ({"language": "xx"}, "language"), ({"timezone": "Mars/Base"}, "timezone")],
)
def test_wrong_entries_stand_at_their_field(as_ana: Client, wrong: dict[str, str], field: str) -> None:
    with unchanged():
        answer = as_ana.post(
            reverse("storefront:profile"), {"name": "Ana", "language": "en", "timezone": ""} | wrong
        )

    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.content.decode()


def test_mails_are_declined_widened_and_set_back(as_ana: Client, ana: Membership) -> None:
    page = reverse("storefront:notifications")
    as_ana.post(
        page, {"topics/orders": "nothing", "topics/shipments": "everything", "topics/access": "nothing"}
    )
    chosen = dict(Preference.objects.filter(user=ana.user).values_list("topic", "by_mail"))
    assert chosen == {"orders": False, "shipments": True}

    as_ana.post(page, {"topics/orders": "mine", "topics/shipments": "everything"})
    assert dict(Preference.objects.filter(user=ana.user).values_list("topic", "by_mail")) == {
        "shipments": True
    }


def test_an_unknown_choice_changes_nothing(as_ana: Client) -> None:
    with unchanged():
        as_ana.post(reverse("storefront:notifications"), {"topics/orders": "perhaps"})


def sign_in(agent: str) -> Client:
    browser = Client(headers={"user-agent": agent})
    browser.post(reverse("account_login"), {"login": "ana@acme.example", "password": PASSWORD})
    return browser


def test_browsers_are_recognised_and_one_is_signed_out(ana: Membership) -> None:
    here, there = sign_in(FIREFOX), sign_in(IPHONE)
    html = here.get(reverse("storefront:sessions")).content.decode()
    handle = handle_of(str(there.session.session_key))

    assert "Firefox, Linux" in html
    assert "Safari, iPhone" in html
    assert str(there.session.session_key) not in html
    here.post(reverse("storefront:session_end", args=[handle]))

    assert there.get(reverse("storefront:profile")).status_code == 302
    assert here.get(reverse("storefront:profile")).status_code == 200


def test_all_other_browsers_are_signed_out_at_once(ana: Membership, gil: Membership) -> None:
    here, there, rival = sign_in(FIREFOX), sign_in(IPHONE), Client()
    rival.force_login(gil.user)

    here.post(reverse("storefront:sessions"))

    assert there.get(reverse("storefront:profile")).status_code == 302
    assert here.get(reverse("storefront:profile")).status_code == 200
    assert rival.get(reverse("storefront:profile")).status_code == 200


def test_the_sessions_of_others_do_not_exist(as_ana: Client, gil: Membership) -> None:
    rival = Client()
    rival.force_login(gil.user)
    handle = handle_of(str(rival.session.session_key))

    with unchanged():
        assert as_ana.post(reverse("storefront:session_end", args=[handle])).status_code == 404


def test_a_session_remembers_when_it_began_through_later_changes(ana: Membership) -> None:
    browser = sign_in(FIREFOX)
    began = Session.objects.get(user=ana.user)

    session = browser.session
    session["something"] = "else"
    session.save()

    later = Session.objects.get(user=ana.user)
    assert (later.started_at, later.agent, later.address) == (began.started_at, FIREFOX, "127.0.0.1")


@pytest.mark.parametrize(
    ("agent", "name"), [(FIREFOX, "Firefox, Linux"), (IPHONE, "Safari, iPhone"), ("", "Unknown browser")]
)
def test_a_browser_is_named_by_what_it_says(agent: str, name: str) -> None:
    assert name_of(agent) == name
