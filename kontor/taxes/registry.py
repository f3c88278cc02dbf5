"""The registry of VAT ids: a port, and behind it the European Union's VIES over HTTP. Only workers ask it.

What it cannot say for certain is no answer, and no answer is no proof.
"""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from kontor.kernel.entrances.http import HttpLimits, HttpQuestion, ask
from kontor.kernel.entrances.problem import EntranceProblem

VIES = "https://ec.europa.eu/taxation_customs/vies/rest-api"
SECONDS = 20
LARGEST_ANSWER = 100_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a registry says about a VAT id; `reference` is its number of the request, `detail` why it says nothing."""

    outcome: Literal["valid", "invalid", "unreachable"]
    reference: str = ""
    name: str = ""
    address: str = ""
    detail: str = ""


class Registry(Protocol):
    """Whoever knows which VAT ids are in force. `name` stands on the proofs."""

    @property
    def name(self) -> str: ...

    def look_up(self, vat_id: str, *, asker: str) -> Answer:
        """Ask about an id on behalf of `asker`, a VAT id or empty. Never raises: no answer is an answer."""


@dataclass(frozen=True, slots=True)
class Vies:
    """VIES by its REST interface (``POST /check-vat-number``), at `url`."""

    url: str
    private: tuple[str, ...] = ()
    seconds: int = SECONDS
    name: str = "vies"

    def look_up(self, vat_id: str, *, asker: str) -> Answer:
        question: dict[str, str] = {"countryCode": vat_id[:2], "vatNumber": vat_id[2:]}
        if asker:
            question |= {"requesterMemberStateCode": asker[:2], "requesterNumber": asker[2:]}
        asked = HttpQuestion(
            method="POST",
            url=f"{self.url}/check-vat-number",
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            body=orjson.dumps(question),
        )
        try:
            answer = ask(asked, HttpLimits(seconds=self.seconds, size=LARGEST_ANSWER, private=self.private))
            return _read(orjson.loads(answer.body), vat_id)
        except EntranceProblem as problem:
            return Answer("unreachable", detail=str(problem)[:250])
        except (orjson.JSONDecodeError, AttributeError, TypeError):
            return Answer("unreachable", detail=_("The registry answered in a way that nobody understands."))


def _read(said: dict[str, Any], vat_id: str) -> Answer:
    """VIES says ``valid`` true or false; an error that is about the id counts as not valid, any other as no answer."""
    errors = [str(one.get("error", "")) for one in said.get("errorWrappers") or ()]
    if errors:
        outcome: Literal["invalid", "unreachable"] = (
            "invalid" if errors == ["INVALID_INPUT"] else "unreachable"
        )
        return Answer(outcome, detail=", ".join(errors)[:250])
    about = f"{said.get('countryCode', '')}{said.get('vatNumber', '')}"
    if not isinstance(said.get("valid"), bool) or about != vat_id:
        return Answer("unreachable", detail=_("The registry answered about something else."))
    return Answer(
        "valid" if said["valid"] else "invalid",
        reference=str(said.get("requestIdentifier") or "")[:60],
        name=_told(said.get("name"))[:250],
        address=_told(said.get("address"))[:500],
    )


def _told(text: object) -> str:
    """Countries that tell no names answer ``---``."""
    told = " ".join(str(text or "").replace("\x00", "").split())
    return "" if told == "---" else told


def registry() -> Registry | None:
    """The registry of this installation, or None when it asks nobody."""
    chosen: str = settings.CONFIG.vat_registry
    if not chosen:
        return None
    return Vies(VIES if chosen == "vies" else chosen.rstrip("/"), tuple(settings.CONFIG.private_hosts))
