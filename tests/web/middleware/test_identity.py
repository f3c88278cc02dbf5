"""Sessions: of people, of visitors on their way in, and those that have ended."""

from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from kontor.companies.models import Membership
from kontor.web.middleware.identity import identity
from kontor.web.models import Session
from kontor.web.sessions import SessionStore


def test_a_session_ended_in_another_window_is_no_error(
    client: Client, ana: Membership, rf: RequestFactory
) -> None:
    client.force_login(ana.user)
    rf.cookies["kontor_session"] = client.cookies["kontor_session"].value

    def view(request: HttpRequest) -> HttpResponse:
        Session.objects.all().delete()
        request.session["seen"] = "yes"
        return HttpResponse()

    answer = identity(view)(rf.get("/"))

    assert answer.cookies["kontor_session"].value == ""
    assert not Session.objects.exists()


def test_a_session_that_its_password_ended_is_not_taken_for_a_visitors(
    client: Client, ana: Membership
) -> None:
    client.force_login(ana.user)
    key = client.cookies["kontor_session"].value
    ana.user.set_password("another long one 9")
    ana.user.save()

    assert client.get(reverse("storefront:profile")).status_code == 302
    assert SessionStore.of_visitor(key).session_key is None


def test_no_visitor_chooses_the_key_of_a_session(client: Client, ana: Membership) -> None:
    client.cookies["kontor_session"] = "chosenbysomebodyelse00000000000"

    client.get(reverse("account_reset_password_from_key", args=["a", "b-c"]))

    assert not Session.objects.filter(session_key__startswith="chosen").exists()
