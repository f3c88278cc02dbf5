"""Ways in: the second factor, the forgotten password, the invitation that is too old."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import expect

from kontor.companies.models import Invitation
from kontor.companies.operations import NewColleague, invite_colleague
from tests.assembly import PASSWORD
from tests.journeys.stage import Person, Stage

Come = Callable[..., Person]


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.covers("R0.12")
def test_a_second_factor_is_switched_on_and_asked_for_at_the_next_sign_in(stage: Stage, come: Come):
    cy, again = come(), come()
    cy.signs_in("cy@acme.example")
    cy.reads_heading("Good day, Cy")
    cy.goes("/account/2fa/totp/activate/")
    cy.reads_heading("Confirm that it is you")
    cy.field("Password").fill(PASSWORD)
    cy.presses("Confirm")
    cy.field("Code from the app").fill("000000")
    cy.presses("Switch on")
    cy.sees("Incorrect code")
    secret = cy.field("Secret").input_value()
    cy.field("Code from the app").fill(code_of(secret))
    cy.presses("Switch on")
    cy.reads_heading("Recovery codes")
    again.signs_in("cy@acme.example")
    again.reads_heading("Enter your code")
    again.goes("/orders/")
    again.reads_heading("Enter your code")
    again.field("Code").fill(code_of(secret))
    again.presses("Sign in")
    again.sees("Cy Lindqvist")


@pytest.mark.covers("R0.12")
def test_a_forgotten_password_is_replaced_through_the_mailed_link_which_works_once(stage: Stage, come: Come):
    gil, elsewhere = come(), come("gil")
    gil.goes("/account/login/")
    gil.follows("Forgot your password?")
    gil.field("E-mail").fill("gil@globex.example")
    gil.presses("Send the link")
    gil.reads_heading("Look into your mail")
    link = stage.link_in(stage.mail_to("gil@globex.example", "password"))
    gil.goes(link)
    gil.field("New password").fill("four quiet copper pipes")
    gil.field("New password, again").fill("four quiet copper pipes")
    gil.presses("Save the password")
    gil.reads_heading("Password changed")
    elsewhere.goes("/orders/")
    elsewhere.reads_heading("Sign in")
    gil.goes(link)
    gil.reads_heading("This link no longer works")
    gil.signs_in("gil@globex.example")
    gil.reads_heading("Sign in")
    gil.signs_in("gil@globex.example", "four quiet copper pipes")
    gil.reads_heading("Good day, Gil")


@pytest.mark.covers("R0.12")
def test_an_invitation_that_is_too_old_opens_nothing(stage: Stage, come: Come):
    dora = stage.cast.people["dora"].as_actor("page")
    invitation, token = invite_colleague(
        actor=dora, invitation=NewColleague(email="late@acme.example", name="Lena Late", roles=("buyer",))
    )
    guest = come()
    guest.goes(f"/invitation/{token}/")
    guest.reads_heading("Join Acme GmbH")
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=invitation.created_at - timedelta(days=1))
    guest.fills(Your_name="Lena Late", Password="seven brass hinges more")
    guest.presses("Accept and sign in")
    guest.reads_heading("This invitation no longer works")
    expect(guest.page.get_by_role("link", name="Sign in").first).to_be_visible()
