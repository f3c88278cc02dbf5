"""Who may open a page: declared beside the view, read by the permission matrix, enforced before the view runs.

The operation behind the page authorises again; this decides only what a person gets to see and where a visitor is sent.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kontor.kernel.actors import Actor
from kontor.kernel.capabilities import Capability
from kontor.kernel.refusal import NotAllowed
from kontor.web.identity import KontorRequest, PersonRequest

P = ParamSpec("P")
View = Callable[Concatenate[KontorRequest, P], HttpResponseBase]
PersonView = Callable[Concatenate[PersonRequest, P], HttpResponseBase]

PUBLIC, SIGNED_IN, SELLER, OPERATOR = "public", "signed in", "seller", "operator"


def public(view: View[P]) -> View[P]:
    """Everybody may open it."""
    view.access = (PUBLIC,)  # type: ignore[attr-defined]  # read by the matrix
    return view


def signed_in(view: PersonView[P]) -> View[P]:
    """Everybody who is signed in and has a company."""
    return _guard(view, (SIGNED_IN,), lambda actor: actor.company_id is not None)


def needs(*capabilities: Capability) -> Callable[[PersonView[P]], View[P]]:
    """Whoever holds one of the capabilities."""

    def declare(view: PersonView[P]) -> View[P]:
        return _guard(view, capabilities, lambda actor: any(map(actor.may, capabilities)))

    return declare


def seller(view: PersonView[P]) -> View[P]:
    """Everybody who works for a seller."""
    return _guard(view, (SELLER,), lambda actor: actor.is_seller)


def operator(view: PersonView[P]) -> View[P]:
    """The platform's operator."""
    return _guard(view, (OPERATOR,), lambda actor: actor.is_operator)


def _guard(view: PersonView[P], access: tuple[str, ...], admits: Callable[[Actor], bool]) -> View[P]:
    @wraps(view)
    def guarded(request: KontorRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.actor is None:
            return redirect_to_login(request.get_full_path())
        if not admits(request.actor):
            raise NotAllowed("not_allowed", _("Your role does not include this page."))
        return view(cast(PersonRequest, request), *args, **kwargs)

    guarded.access = access  # type: ignore[attr-defined]  # read by the matrix
    return cast(View[P], guarded)


def access_of(view: Callable[..., Any]) -> tuple[str, ...] | None:
    """What a view declares, or None when it declares nothing."""
    return getattr(view, "access", None)


def as_kontor(request: HttpRequest) -> KontorRequest:
    """The request of a library's view, typed as ours."""
    return request  # type: ignore[return-value]  # the identity middleware has set what is missing
