import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.folding import code_key
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import printable
from kontor.promotions.models import CodeBatch, Promotion
from kontor.promotions.permissions import EDIT_PROMOTIONS

MOST_CODES = 100_000
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs that nobody takes for one another: twelve of them are 60 random bits."""
COPY = "COPY promotions_coupon (batch_id, promotion_id, seller_id, code, key, uses_limit) FROM STDIN"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesWanted:
    """`count` random codes that begin with `prefix`; or the one `code` that somebody thought of.

    Each may be used `uses_limit` times (None: as often as the promotion).
    """

    name: str
    count: int = 1
    prefix: str = ""
    code: str = ""
    uses_limit: int | None = 1


@transaction.atomic
def make_codes(*, actor: Actor, promotion: Promotion, wanted: CodesWanted) -> CodeBatch:
    """Make up to 100,000 codes for a promotion that needs one.

    Codes are compared without case, blanks and dashes. Raises Refused: ``incomplete`` at the fields, ``needs_no_code``,
    ``code_taken`` at ``code`` when another promotion of the seller has it.
    """
    require(actor, EDIT_PROMOTIONS)
    require_own(actor, promotion.seller_id)
    _check(promotion, wanted)
    count = 1 if wanted.code else wanted.count
    batch = CodeBatch.objects.create(
        promotion=promotion, name=printable(wanted.name), count=count, made_by=actor.name, made_at=clock.now()
    )
    codes = iter([wanted.code.strip()]) if wanted.code else _random(wanted.prefix.strip().upper(), count)
    try:
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(COPY) as into:
            for code in codes:
                row = (batch.pk, promotion.pk, promotion.seller_id, code, code_key(code), wanted.uses_limit)
                into.write_row(row)
    except IntegrityError:
        message = _("This code exists already. Choose another one.")
        raise Refused("code_taken", message, {"code": message}) from None
    about = {"count": count, "batch": batch.name}
    record(actor, "promotions.codes_made", ("promotion", promotion.pk), changes=about)
    return batch


def _random(prefix: str, count: int) -> Iterator[str]:
    """Different codes such as ``FAIR-7KQM-2WXA-9DPE``."""
    made: set[int] = set()
    while len(made) < count:
        number = secrets.randbits(60)
        if number not in made:
            made.add(number)
            signs = "".join(LETTERS[number >> shift & 31] for shift in range(0, 60, 5))
            parts = [prefix] if prefix else []
            yield "-".join([*parts, signs[:4], signs[4:8], signs[8:]])


def _check(promotion: Promotion, wanted: CodesWanted) -> None:
    found = {}
    if not printable(wanted.name) or len(wanted.name) > 120:
        found["name"] = _("Enter a name of up to 120 characters.")
    if not 1 <= wanted.count <= MOST_CODES:
        found["count"] = _("Enter a whole number up to 100,000.")
    if wanted.prefix and not re.fullmatch(r"[A-Za-z0-9]{1,12}", wanted.prefix.strip()):
        found["prefix"] = _("Enter up to 12 letters and digits.")
    if wanted.code and not (len(wanted.code) <= 60 and 4 <= len(code_key(wanted.code)) <= 40):
        found["code"] = _("Enter a code of 4 to 40 letters and digits.")
    if wanted.uses_limit is not None and not 1 <= wanted.uses_limit <= 2_000_000_000:
        found["uses_limit"] = _("Enter a whole number above 0, or nothing.")
    if found:
        raise Refused("incomplete", _("No codes were made. Correct the marked fields."), found)
    if not promotion.needs_code:
        message = _("This promotion counts without a code. Let it need one first.")
        raise Refused("needs_no_code", message)


@transaction.atomic
def stop_codes(*, actor: Actor, batch: CodeBatch) -> None:
    """Accept the codes of a batch no longer; what was ordered with them stays."""
    require(actor, EDIT_PROMOTIONS)
    require_own(actor, batch.promotion.seller_id)
    if CodeBatch.objects.filter(pk=batch.pk, stopped_at=None).update(stopped_at=clock.now()):
        about = {"batch": batch.name}
        record(actor, "promotions.codes_stopped", ("promotion", batch.promotion_id), changes=about)
