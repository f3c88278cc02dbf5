"""A form counts only when our own page showed it."""

import pytest
from django.conf import settings
from django.test import Client

from tests.proof.doorway import Door, undone
from tests.proof.permission_table import ROLES, calls, routes


@pytest.mark.django_db
def test_no_form_is_taken_without_its_token(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    tried, taken = 0, []
    for route in routes()[0]:
        if route.kind == "api" or route.method != "POST" or route.address.startswith("/api/"):
            continue
        role = next(
            (one for one in reversed(ROLES) if one.trade and not one.key and route.admits(one)), ROLES[-3]
        )
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.cookies[settings.SESSION_COOKIE_NAME] = door.sessions[role.name]
        own = door.trades[role.trade or "acme"].ids
        with undone():
            answer = client.post(calls(route, own, own, role)[0].address, {})
        tried += 1
        if answer.status_code != 403:
            taken.append((route.address, answer.status_code))
    with capsys.disabled():
        print(f"\nforms without token: {tried} tried, {len(taken)} taken")
    assert tried > 60
    assert taken == []
