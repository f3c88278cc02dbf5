"""Mails about signing in: what the sign-in library wants sent, in our letters."""

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kontor.companies.models import User
from kontor.notifications.audience import Recipient
from kontor.notifications.letters import Letter
from kontor.notifications.links import link
from kontor.notifications.operations.queue import Posting, queue_mail
from kontor.notifications.topics import ACCESS


@transaction.atomic
def queue_account_mail(template_prefix: str, *, email: str, context: dict[str, Any]) -> None:
    """Queue the mail that `template_prefix` (``account/email/password_reset_key``) stands for.

    A link in `context` is led to this installation's own address, whatever host the request named.
    """
    kind = template_prefix.rsplit("/", 1)[-1]
    write = LETTERS.get(kind, _security_notice)
    user = User.objects.filter(email__iexact=email).first()
    to = Recipient(
        email=email,
        name=user.name if user else "",
        language=user.language if user else translation.get_language() or settings.LANGUAGE_CODE,
        timezone=user.timezone if user else "",
        user_id=user.pk if user else None,
    )
    # Each request is an event of its own: asking twice sends two mails.
    posting = Posting(topic=ACCESS, about=f"{kind}:{secrets.token_hex(8)}")
    queue_mail(posting=posting, to=[to], write=lambda _to: write(context))


def _own(url: str) -> str:
    parts = urlsplit(url)
    return f"{settings.SITE_URL}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def _reset(context: dict[str, Any]) -> Letter:
    return Letter(
        subject=_("Choose a new password"),
        heading=_("Choose a new password"),
        paragraphs=[
            _("Somebody, probably you, asked for a new password for this e-mail address."),
            _("The link below works once."),
        ],
        action=(_("Choose a new password"), _own(str(context.get("password_reset_url", "")))),
        closing=[_("If it was not you, do nothing: your password stays as it is.")],
    )


def _unknown(_context: dict[str, Any]) -> Letter:
    return Letter(
        subject=_("There is no account with this e-mail address"),
        heading=_("There is no account with this e-mail address"),
        paragraphs=[
            _(
                "Somebody, probably you, asked for a new password, but nobody is registered with this address."
            ),
            _("Perhaps you registered with another one. Ask the administrator of your company, or register."),
        ],
        action=(_("Go to the store"), link("home")),
    )


def _exists(_context: dict[str, Any]) -> Letter:
    return Letter(
        subject=_("You have an account already"),
        heading=_("You have an account already"),
        paragraphs=[
            _(
                "Somebody, probably you, tried to register with this e-mail address, which has an account already."
            ),
            _("Sign in with it. If you have forgotten the password, choose a new one on the sign-in page."),
        ],
        action=(_("Sign in"), link("sign_in")),
    )


def _password_changed(_context: dict[str, Any]) -> Letter:
    return _notice(_("Your password was changed"), _("The password of your account was changed."))


def _second_factor_on(_context: dict[str, Any]) -> Letter:
    return _notice(
        _("Sign-in with a second factor is on"),
        _("From now on an authenticator app is asked for a code when you sign in."),
    )


def _second_factor_off(_context: dict[str, Any]) -> Letter:
    return _notice(
        _("Sign-in with a second factor is off"),
        _("The authenticator app was removed from your account; the password alone signs you in."),
    )


def _recovery_codes(_context: dict[str, Any]) -> Letter:
    return _notice(
        _("New recovery codes were made"),
        _("New recovery codes were made for your account. The earlier ones no longer work."),
    )


def _security_notice(_context: dict[str, Any]) -> Letter:
    return _notice(
        _("Your sign-in settings were changed"), _("The settings with which you sign in were changed.")
    )


def _notice(subject: str, what: str) -> Letter:
    return Letter(
        subject=subject,
        heading=subject,
        paragraphs=[what],
        action=(_("Sign in"), link("sign_in")),
        closing=[
            _("If it was not you, choose a new password at once and tell the administrator of your company.")
        ],
    )


LETTERS: dict[str, Callable[[dict[str, Any]], Letter]] = {
    "password_reset_key": _reset,
    "unknown_account": _unknown,
    "account_already_exists": _exists,
    "password_changed": _password_changed,
    "password_reset": _password_changed,
    "password_set": _password_changed,
    "totp_activated": _second_factor_on,
    "totp_deactivated": _second_factor_off,
    "recovery_codes_generated": _recovery_codes,
}
