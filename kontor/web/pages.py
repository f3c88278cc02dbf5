"""How a page answers: whole, or the one block that htmx asked for; where it leads on; how it refuses."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.functional import cached_property
from jinja2 import Environment
from jinja2_fragments import render_block

from kontor.kernel.refusal import Refused
from kontor.web import toasts
from kontor.web.shell import shell_for
from kontor.web.toasts import Toast
from kontor.web.tokens import FormTokens


class _Engine:
    @cached_property
    def env(self) -> Environment:
        return next(backend.env for backend in engines.all() if isinstance(backend, Jinja2))


_engine = _Engine()


def jinja_env() -> Environment:
    """The one environment of pages and mails."""
    return _engine.env


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx wants a fragment. A page restored from its history is wanted whole."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows. Also a context processor, for pages that a library renders."""
    toast = toasts.kept(request)
    return {
        "shell": shell_for(request),
        "toasts": [toast] if toast else [],
        "request_id": request_id_of(request),
    }


def request_id_of(request: HttpRequest) -> str:
    """The id that the log lines of this request carry."""
    return str(request.__dict__.get("request_id", ""))


def page(
    request: HttpRequest,
    template: str,
    *,
    block: str | None = None,
    status: int = 200,
    toast: Toast | None = None,
    **values: Any,
) -> HttpResponse:
    """The whole page, or only `block` of it when htmx asks and a block is named.

    `toast` is shown with either. Pages of somebody signed in are kept out of every cache.
    """
    fragment = block is not None and is_htmx(request)
    if isinstance(values.setdefault("refusal", None), Refused):
        note_refusal(request, values["refusal"].code)
    values.setdefault("csrf_input", FormTokens(request))
    values |= {"request": request, "fragment": fragment}
    if fragment:
        html = render_block(jinja_env(), template, cast(str, block), values)
        if toast:
            html += render_block(
                jinja_env(),
                "web/base.html",
                "toast_region",
                values | {"toasts": [toast], "out_of_band": True},
            )
    else:
        values |= context(request)
        if toast:
            values["toasts"] = [toast]
        html = jinja_env().get_template(template).render(values)
    response = HttpResponse(html, status=status)
    if not fragment and toasts.COOKIE in request.COOKIES:
        response.delete_cookie(toasts.COOKIE)
    keep_private(request, response)
    return response


def note_refusal(request: HttpRequest, code: str) -> None:
    """Let the request say what was refused; it is counted when the answer has gone."""
    request.__dict__["refused"] = code


def refused(
    request: HttpRequest, template: str, refusal: Refused, *, block: str | None = None, **values: Any
) -> HttpResponse:
    """The page or fragment again with what was wrong (422); the template shows `refusal`."""
    return page(request, template, block=block, status=422, refusal=refusal, **values)


def leave_to(request: HttpRequest, url: str, *, toast: Toast | None = None) -> HttpResponse:
    """Lead on after a change: a 303 for a browser, HX-Redirect for htmx; the next page shows `toast`."""
    response = HttpResponse(status=204) if is_htmx(request) else HttpResponse(status=303)
    response.headers["HX-Redirect" if is_htmx(request) else "Location"] = iri_to_uri(url)
    response.headers["Cache-Control"] = "no-store"
    if toast:
        toasts.keep(response, toast)
    return response


def keep_private(request: HttpRequest, response: HttpResponse) -> None:
    """Nothing that somebody signed in sees may be kept by a cache, the browser's own included."""
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES or bool(request.__dict__.get("actor"))
    response.headers.setdefault("Cache-Control", "private, no-store" if signed_in else "private, no-cache")
    patch_vary_headers(response, ("Cookie", "Accept-Language", "HX-Request"))


def csrf_token_of(request: HttpRequest) -> str:
    """The token for a form that a template does not render."""
    return get_token(request)
