"""The search of the shop: what is asked for, what is asked in vain, and what people decided about certain words."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.seat import at_own_desk
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.search.models import Pin, Redirect, Synonym
from kontor.search.operations.curate import (
    add_synonym,
    pin_product,
    remove_redirect,
    remove_synonym,
    set_redirect,
    unpin_product,
)
from kontor.search.permissions import CURATE_SEARCH
from kontor.search.queries.reports import asked_in_vain, asked_most
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/search/desk.html"
DAYS = 30
FIELDS = ("terms", "words", "address", "sku")


@needs(CURATE_SEARCH)
@require_GET
def search(request: PersonRequest) -> HttpResponse:
    """GET /office/search/ -> reports of thirty days, synonyms, redirects and first places."""
    typed = {name: request.GET.get(name, "") for name in FIELDS}
    return page(request, PAGE, **_values(typed, request.GET.get("for", "")))


@needs(CURATE_SEARCH)
@require_POST
def search_decide(request: PersonRequest) -> HttpResponse:
    """POST /office/search/decide/ -> a synonym, redirect or first place added or taken away."""
    form = request.POST
    decide = DECISIONS.get(form.get("do", ""))
    try:
        if decide is None:
            raise Refused("incomplete", _("Choose what to do."))
        message = decide(at_own_desk(request), form)
    except NotAllowed:
        raise
    except Refused as refusal:
        typed = {name: form.get(name, "") for name in FIELDS}
        return refused(request, PAGE, refusal, **_values(typed, form.get("do", "")))
    return leave_to(request, reverse("backoffice:search"), toast=Toast(message=message))


def _values(typed: dict[str, str], for_what: str) -> dict[str, Any]:
    return {
        "in_vain": asked_in_vain(DAYS),
        "most": asked_most(DAYS),
        "synonyms": Synonym.objects.all(),
        "redirects": Redirect.objects.all(),
        "pins": Pin.objects.select_related("product"),
        "typed": typed,
        "for_what": for_what,
        "days": DAYS,
    }


def _add_synonym(actor: Actor, form: QueryDict) -> str:
    synonym = add_synonym(actor=actor, terms=form.get("terms", "").split(","))
    return _("From now on these mean the same: %(terms)s.") % {"terms": synonym}


def _remove_synonym(actor: Actor, form: QueryDict) -> str:
    remove_synonym(actor=actor, synonym=get_object_or_404(Synonym, pk=key_of(form.get("id", ""))))
    return _("The synonyms are removed.")


def _set_redirect(actor: Actor, form: QueryDict) -> str:
    redirect = set_redirect(actor=actor, words=form.get("words", ""), address=form.get("address", ""))
    return _("“%(words)s” now leads to %(address)s.") % {"words": redirect.shown, "address": redirect.address}


def _remove_redirect(actor: Actor, form: QueryDict) -> str:
    remove_redirect(actor=actor, redirect=get_object_or_404(Redirect, pk=key_of(form.get("id", ""))))
    return _("The redirect is removed.")


def _pin(actor: Actor, form: QueryDict) -> str:
    pin = pin_product(actor=actor, words=form.get("words", ""), sku=form.get("sku", ""))
    return _("%(sku)s now stands first for “%(words)s”.") % {"sku": pin.product.sku, "words": pin.shown}


def _unpin(actor: Actor, form: QueryDict) -> str:
    unpin_product(actor=actor, pin=get_object_or_404(Pin, pk=key_of(form.get("id", ""))))
    return _("The product no longer stands first.")


DECISIONS: dict[str, Callable[[Actor, QueryDict], str]] = {
    "add_synonym": _add_synonym,
    "remove_synonym": _remove_synonym,
    "set_redirect": _set_redirect,
    "remove_redirect": _remove_redirect,
    "pin": _pin,
    "unpin": _unpin,
}

urlpatterns = [
    path("search/", search, name="search"),
    path("search/decide/", search_decide, name="search_decide"),
]
