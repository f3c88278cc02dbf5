"""What every form carries: Django's token against forgery, and our own key against doing it twice."""

from secrets import token_hex

from django.http import HttpRequest
from django.middleware.csrf import get_token
from markupsafe import Markup

from kontor.web.middleware.once import FIELD


class FormTokens:
    """`{{ csrf_input }}` of a template. Each use gives a key of its own, so each form is an intention of its own."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self._start = self._keys = ""

    def __html__(self) -> Markup:
        return Markup(str(self))  # noqa: S704  # the token and the key are letters and digits

    def __str__(self) -> str:
        if not self._start:
            token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(self.request)}">'
            self._start = f'{token}<input type="hidden" name="{FIELD}" value="'
        if not self._keys:
            self._keys = token_hex(
                16 * 32
            )  # a listing has two dozen forms: one question to the system for all
        key, self._keys = self._keys[:32], self._keys[32:]
        return f'{self._start}{key}">'
