"""How allauth fits here: no sign-up of its own, mails through our outbox, attempts counted for every process."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from kontor.kernel.rates import TooMany, count_attempt
from kontor.notifications.operations import queue_account_mail
from kontor.web.middleware.limits import address_of

WINDOW = timedelta(minutes=15)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Companies register on our own page; allauth signs people in, resets passwords and asks for second factors."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt by account and by address before the password is looked at."""
        email = str(credentials.get("email") or credentials.get("username") or "").lower()
        config = settings.CONFIG
        try:
            count_attempt(
                f"sign-in:address:{address_of(request)}",
                limit=config.limit_sign_ins_by_address,
                window=WINDOW,
            )
            count_attempt(f"sign-in:account:{email}", limit=config.limit_sign_ins, window=WINDOW)
        except TooMany as refusal:
            raise ValidationError(refusal.message) from None

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue it; beyond the limit nothing is sent, and the page answers the same, so nobody's mailbox is flooded."""
        try:
            count_attempt(
                f"account-mail:{email.lower()}", limit=settings.CONFIG.limit_sign_ins, window=WINDOW
            )
        except TooMany:
            return
        queue_account_mail(template_prefix, email=email, context=context)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return str(settings.LOGIN_REDIRECT_URL)
