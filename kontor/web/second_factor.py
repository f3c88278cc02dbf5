"""Codes of the second factor are guessed at like passwords: each try is counted, in the database, for all processes."""

from typing import cast

from allauth.core import context
from allauth.mfa.base import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from kontor.kernel.rates import TooMany, count_attempt
from kontor.web.allauth_adapter import WINDOW
from kontor.web.middleware.limits import address_of


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


class AuthenticateForm(forms.AuthenticateForm):  # type: ignore[misc]  # allauth is not typed
    """The code after the password."""

    def clean_code(self) -> str:
        _count(self.user.pk)
        return cast(str, super().clean_code())


class ReauthenticateForm(forms.ReauthenticateForm):  # type: ignore[misc]  # as above
    """The code once more, before something sensitive."""

    def clean_code(self) -> str:
        _count(self.user.pk)
        return cast(str, super().clean_code())
