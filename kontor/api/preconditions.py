"""Versions: strong ETags, 304 for what is known already, 412 for a change of something that has changed.

An ETag is ``"<version>.<digest>"`` or ``"<digest>"``: the digest is of the answer's bytes, the version is the
revision that a change must name. Both the whole ETag and the bare ``"<version>"`` are taken in If-Match.
"""

import hashlib
import re

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kontor.kernel.refusal import Refused, Stale

_TAGS = re.compile(r'(W/)?"([^"]{0,120})"')


class NoPrecondition(Refused):
    """If-Match is missing; answered with 428."""


def etag_of(body: bytes, version: str = "") -> str:
    """The strong ETag of an answer."""
    digest = hashlib.blake2b(body, digest_size=9).hexdigest()
    return f'"{version}.{digest}"' if version else f'"{digest}"'


def known_already(request: HttpRequest, etag: str) -> bool:
    """Whether If-None-Match names this ETag (compared weakly, as RFC 9110 says)."""
    asked = request.headers.get("If-None-Match", "")
    return asked.strip() == "*" or etag.strip('"') in {tag for _weak, tag in _TAGS.findall(asked)}


def not_modified(etag: str) -> HttpResponse:
    """304 with the ETag and nothing else."""
    response = HttpResponse(status=304, headers={"ETag": etag})
    del response.headers["Content-Type"]
    return response


def versions_asked(request: HttpRequest) -> list[str]:
    """The versions in If-Match, strongest comparison only. Raises NoPrecondition("if_match_missing")."""
    asked = request.headers.get("If-Match", "").strip()
    if not asked:
        message = _("Send the ETag that you have read in the header If-Match, so that no change is lost.")
        raise NoPrecondition("if_match_missing", message)
    return [tag.partition(".")[0] for weak, tag in _TAGS.findall(asked) if not weak]


def revision_asked(request: HttpRequest, current: int) -> int:
    """The one revision in If-Match, for operations that check it; ``*`` is the current one, whatever it is.

    Raises NoPrecondition or Stale.
    """
    if request.headers.get("If-Match", "").strip() == "*":
        return current
    versions = versions_asked(request)
    if len(versions) == 1 and versions[0].isdecimal() and len(versions[0]) < 10:
        return int(versions[0])
    raise stale()


def require_version(request: HttpRequest, version: str) -> None:
    """Go on only if If-Match names this version; the row must be locked. Raises NoPrecondition or Stale."""
    if request.headers.get("If-Match", "").strip() == "*":
        return
    if version not in versions_asked(request):
        raise stale()


def stale() -> Stale:
    """What somebody hears who changes an old version."""
    return Stale("stale", _("Somebody else changed this in the meantime. Read it again, then change it."))
