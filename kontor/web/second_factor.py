"""Codes of the second factor are guessed at like passwords: each try is counted, in the database, for all processes."""

from datetime import timedelta
from typing import cast

from allauth.core import context
from allauth.mfa.base import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from kontor.kernel.rates import TooMany, count_attempt
from kontor.web.allauth_adapter import WINDOW
from kontor.web.middleware.limits import address_of

CODE_LIVES = timedelta(minutes=3)


def _count(user_id: int) -> None:
    config = settings.CONFIG
    try:
        count_attempt(
            f"second-factor:address:{address_of(context.request)}",
            limit=config.limit_sign_ins_by_address,
            window=WINDOW,
        )
        count_attempt(f"second-factor:account:{user_id}", limit=config.limit_sign_ins, window=WINDOW)
    except TooMany as refusal:
        raise ValidationError(refusal.message) from None


def _spend(user_id: int, code: str) -> str:
    """A good code opens once, whichever process it is shown to; the library remembers that per process only."""
    digest = salted_hmac("kontor.second_factor", f"{user_id}:{code}").hexdigest()
    try:
        count_attempt(f"second-factor:spent:{digest}", limit=1, window=CODE_LIVES)
    except TooMany:
        raise ValidationError(_("This code was used already. Wait for the next one.")) from None
    return code


class AuthenticateForm(forms.AuthenticateForm):  # type: ignore[misc]  # allauth is not typed
    """The code after the password."""

    def clean_code(self) -> str:
        _count(self.user.pk)
        return _spend(self.user.pk, cast(str, super().clean_code()))


class ReauthenticateForm(forms.ReauthenticateForm):  # type: ignore[misc]  # as above
    """The code once more, before something sensitive."""

    def clean_code(self) -> str:
        _count(self.user.pk)
        return _spend(self.user.pk, cast(str, super().clean_code()))
