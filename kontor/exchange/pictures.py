"""Pictures that files name by their address: ordered while rows are written, fetched afterwards, one at a time."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.catalog.media import MAX_BYTES
from kontor.catalog.operations import add_picture
from kontor.exchange.drafts import Draft
from kontor.exchange.models import ImportRun, PictureOrder
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.entrances.http import HttpLimits, HttpQuestion, ask
from kontor.kernel.jobs import defer
from kontor.kernel.refusal import Refused

QUEUE = "default"
AT_ONCE = 50
LIMITS = HttpLimits(size=MAX_BYTES)
ORDER = """
INSERT INTO exchange_picture (product_id, url, run_id, status, problem, at)
SELECT p.id, t.url, %(run)s, 'waiting', '', %(now)s
FROM unnest(%(skus)s::text[], %(urls)s::text[]) WITH ORDINALITY AS t (sku, url, n)
JOIN catalog_product p ON p.seller_id = %(seller)s AND p.sku = t.sku
ORDER BY t.n ON CONFLICT (product_id, url) DO NOTHING
"""


def order_pictures(run: ImportRun, drafts: Sequence[Draft]) -> int:
    """Note the pictures of these rows that were never asked for; how many there are."""
    pairs = [(draft.sku, url) for draft in drafts for url in draft.pictures]
    if not pairs:
        return 0
    skus, urls = (list(column) for column in zip(*pairs, strict=True))
    about: dict[str, Any] = {
        "run": run.pk,
        "seller": run.seller_id,
        "skus": skus,
        "urls": urls,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(ORDER, about)
        return cursor.rowcount


def send_for_pictures() -> None:
    """Have the worker fetch what waits."""
    defer("fetch_pictures", queue=QUEUE)


def fetch_pictures(actor: Actor, limit: int = AT_ONCE, private: tuple[str, ...] = ()) -> int:
    """Fetch waiting pictures, the oldest first; how many were tried. What fails says why and is not tried again.

    Only public addresses are called, unless `private` names them.
    """
    limits = HttpLimits(size=MAX_BYTES, private=private)
    waiting = PictureOrder.objects.filter(status=PictureOrder.Status.WAITING).order_by("id")
    tried = 0
    for order in waiting.select_related("product")[:limit]:
        tried += 1
        try:
            answer = ask(HttpQuestion(url=order.url), limits)
            if answer.status != 200:
                problem = _("The server answered %(status)s.") % {"status": answer.status}
                raise EntranceProblem("not_there", problem)
            with transaction.atomic():
                medium = add_picture(actor=actor, product=order.product, data=answer.body)
                _close(order, PictureOrder.Status.FETCHED, medium_id=medium.pk)
        except (EntranceProblem, Refused) as problem:
            _close(order, PictureOrder.Status.FAILED, problem=problem.message[:300])
    return tried


def _close(order: PictureOrder, status: str, **values: object) -> None:
    PictureOrder.objects.filter(pk=order.pk).update(status=status, at=clock.now(), **values)
