"""What is committed in an agreement as rows that people type or paste: article, at most or at least, how much."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kontor.agreements.models import Commitment
from kontor.agreements.operations import CommitmentRow
from kontor.agreements.queries import Progress
from kontor.backoffice.price_rows import ids_by_sku
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import printable
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.numbers import as_input, number_from

PREFIX = "commitments"
SPARE = 3
CODES = {"kind": Commitment.Kind, "measure": Commitment.Measure}


def commitment_rows(request: PersonRequest, progress: list[Progress]) -> list[dict[str, Any]]:
    """What stands in the grid: what was typed, else what is saved; with some empty rows."""
    spare: list[dict[str, Any]] = [{} for _n in range(SPARE)]
    if typed := _typed_rows(request):
        return [*typed, *spare]
    saved = [
        {
            "sku": one.commitment.product.sku if one.commitment.product else "",
            "kind": one.commitment.kind,
            "measure": one.commitment.measure,
            "committed": as_input(one.commitment.committed),
            "progress": one,
        }
        for one in progress
    ]
    return [*saved, *spare]


def typed_commitments(request: PersonRequest, actor: Actor) -> list[CommitmentRow]:
    """The rows that say how much. Raises Refused at articles and numbers that cannot be read. One query."""
    rows = _typed_rows(request)
    known = ids_by_sku(actor, [row["sku"] for row in rows if row["sku"]])
    found, wrong = [], {}
    for index, row in enumerate(rows):
        at, much = f"{PREFIX}/{index}/", number_from(row["committed"])
        if row["sku"] and row["sku"] not in known:
            wrong[at + "sku"] = _("%(sku)s is not one of your articles.") % {"sku": row["sku"][:40]}
        if much is None:
            text = row["committed"]
            wrong[at + "committed"] = number_problem(text) if text else _("This is needed.")
        found.append(CommitmentRow(known.get(row["sku"]), row["kind"], row["measure"], much or Decimal(0)))
    if wrong:
        raise Refused("wrong_commitments", _("Nothing was saved. Correct the marked fields."), wrong)
    return found


def _typed_rows(request: PersonRequest) -> list[dict[str, str]]:
    """Rows of which an article or an amount was typed; words of a spreadsheet as their codes."""
    return [
        {
            "sku": printable(row.get("sku", "")).strip(),
            "committed": row.get("committed", "").strip(),
            **{name: _code(name, row.get(name, "")) for name in CODES},
        }
        for row in rows_of(request.POST, PREFIX).values()
        if row.get("sku", "").strip() or row.get("committed", "").strip()
    ]


def _code(name: str, text: str) -> str:
    for code, label in CODES[name].choices:
        if text.strip().casefold() == str(label).casefold():
            return str(code)
    return text.strip()[:10]
