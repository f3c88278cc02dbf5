"""The numbers by which a buying company knows products: its own articles, machines and drawings."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import BuyerPartNumber, Product
from kontor.catalog.permissions import KEEP_PART_NUMBERS, KEEP_PART_NUMBERS_OF_CUSTOMERS
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.folding import code_key
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.kernel.texts import printable

LONGEST = 60
MOST_AT_ONCE = 5000
KEEP = """
INSERT INTO catalog_buyer_part_number AS n (buyer_id, product_id, number, key, created_at)
SELECT %(buyer)s, product, number, key, %(now)s
FROM unnest(%(products)s::bigint[], %(numbers)s::text[], %(keys)s::text[]) AS given (product, number, key)
ON CONFLICT (buyer_id, product_id) DO UPDATE SET number = excluded.number, key = excluded.key
WHERE n.number <> excluded.number
RETURNING product_id
"""


@transaction.atomic
def keep_part_numbers(*, actor: Actor, numbers: Mapping[int, str]) -> int:
    """Keep the buying company's own number for each product, in place of the one it had. Returns how many changed.

    One number may stand for several products, as two makes of one part. A sales representative may do it for the
    customer it works for. Raises Refused at ``numbers/<product id>``: ``bad_number``, ``unknown_article`` (also for
    what the company may not see); Refused("too_many") above 5,000. Nothing is kept then.
    """
    buyer_id = _buyer(actor)
    if len(numbers) > MOST_AT_ONCE:
        message = _("At most %(most)d numbers at once. Do it in parts.") % {"most": MOST_AT_ONCE}
        raise Refused("too_many", message)
    clean = {product_id: printable(number) for product_id, number in numbers.items()}
    bad = {pk: number_problem(number) for pk, number in clean.items() if number_problem(number)}
    if bad:
        raise _refused("bad_number", bad)
    seen = set(Product.objects.visible_to(actor).filter(pk__in=list(clean)).values_list("pk", flat=True))
    unknown = {pk: _("No article with this number is sold here.") for pk in clean if pk not in seen}
    if unknown:
        raise _refused("unknown_article", unknown)
    parameters: dict[str, Any] = {
        "buyer": buyer_id,
        "products": list(clean),
        "numbers": list(clean.values()),
        "keys": [code_key(number)[:LONGEST] for number in clean.values()],
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, parameters)
        changed = len(cursor.fetchall())
    if changed:
        record(actor, "catalog.part_numbers_kept", ("company", buyer_id), changes={"count": changed})
    return changed


@transaction.atomic
def forget_part_numbers(*, actor: Actor, product_ids: Sequence[int]) -> int:
    """Remove the buying company's own numbers of these products. Returns how many it had."""
    buyer_id = _buyer(actor)
    gone, _models = BuyerPartNumber.objects.filter(
        buyer_id=buyer_id, product_id__in=list(product_ids)
    ).delete()
    if gone:
        record(actor, "catalog.part_numbers_forgotten", ("company", buyer_id), changes={"count": gone})
    return gone


def number_problem(number: str) -> str:
    """Why this cannot be an own part number, as a sentence; "" when it can."""
    if not code_key(number):
        return _("Enter a number with a letter or a digit.")
    if len(number) > LONGEST or "\n" in number:
        return _("A part number has at most %(most)d characters.") % {"most": LONGEST}
    return ""


def _buyer(actor: Actor) -> int:
    if actor.acting_for_id is not None:
        require(actor, KEEP_PART_NUMBERS_OF_CUSTOMERS)
    else:
        require(actor, KEEP_PART_NUMBERS)
    if actor.buying_company_id is None:
        raise NotAllowed("not_allowed", _("Own part numbers belong to a company."))
    return actor.buying_company_id


def _refused(code: str, problems: Mapping[int, str]) -> Refused:
    fields = {f"numbers/{pk}": sentence for pk, sentence in problems.items()}
    return Refused(code, next(iter(problems.values())), fields)
