"""What every form carries: Django's token against forgery, and our own key against doing it twice."""

import uuid

from django.http import HttpRequest
from django.middleware.csrf import get_token
from markupsafe import Markup, escape

from kontor.web.middleware.once import FIELD


class FormTokens:
    """`{{ csrf_input }}` of a template. Each use gives a key of its own, so each form is an intention of its own."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __html__(self) -> Markup:
        return Markup(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">'
        ).format(escape(get_token(self.request)), FIELD, uuid.uuid4().hex)

    def __str__(self) -> str:
        return str(self.__html__())
