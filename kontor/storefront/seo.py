"""What search engines and messengers read of a page: its one address, its languages, a preview, facts as JSON-LD.

Only visitors' pages carry it: what somebody signed in sees is theirs alone, and no machine reads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from markupsafe import Markup

from kontor.storefront.structured import as_script
from kontor.web.identity import KontorRequest
from kontor.web.middleware.language import KNOWN, PARAMETER

SUMMARY_LENGTH = 300
NOTHING = Markup("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands in the head of a public page. `robots` is "" where the page may be found."""

    canonical: str = ""
    alternates: tuple[tuple[str, str], ...] = ()
    robots: str = ""
    description: str = ""
    graph: tuple[tuple[str, str], ...] = ()
    facts: Markup = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a page is about. `address` is its path; `parameters` those of its query that make another page of it."""

    title: str
    description: str = ""
    address: str = ""
    parameters: Sequence[tuple[str, str]] = ()
    image: str = ""
    kind: str = "website"
    found: bool = True
    facts: Sequence[Mapping[str, Any]] = ()


def absolute(path: str) -> str:
    """The whole address of a path of ours, under the name that the operator gave the shop."""
    return settings.SITE_URL + path


def head_of(request: KontorRequest, about: About) -> Head | None:
    """The head for a visitor; None for somebody signed in."""
    if request.actor is not None:
        return None
    path = about.address or request.path
    plain = list(about.parameters)
    asked = request.GET.get(PARAMETER, "")
    own = [*plain, (PARAMETER, asked)] if asked in KNOWN else plain
    text = shortened(about.description)
    graph = {
        "og:type": about.kind,
        "og:site_name": request.identity.brand or "Kontor",
        "og:title": about.title,
        "og:description": text,
        "og:url": _address(path, own),
        "og:image": absolute(about.image) if about.image else "",
        "og:locale": (get_language() or "en").replace("-", "_"),
        "twitter:card": "summary_large_image" if about.image else "summary",
    }
    return Head(
        canonical=_address(path, own),
        alternates=_alternates(path, plain) if about.found else (),
        robots="" if about.found else "noindex, follow",
        description=text,
        graph=tuple((name, value) for name, value in graph.items() if value),
        facts=as_script(about.facts) if about.found else NOTHING,
    )


def shortened(text: str) -> str:
    """A text in one line, cut at a word where it is too long for a preview.

    >>> shortened("Hex  bolt\\nM8")
    'Hex bolt M8'
    """
    line = " ".join(text.split())
    if len(line) <= SUMMARY_LENGTH:
        return line
    return line[:SUMMARY_LENGTH].rpartition(" ")[0] + "…"


def _address(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    return absolute(f"{path}?{urlencode(parameters)}" if parameters else path)


def _alternates(path: str, parameters: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    codes = [code for code, _name in settings.LANGUAGES]
    named = [(code, _address(path, [*parameters, (PARAMETER, code)])) for code in codes]
    return (*named, ("x-default", _address(path, parameters)))


def is_public(request: HttpRequest) -> bool:
    """Whether nobody in particular asks."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES
