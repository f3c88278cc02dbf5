"""Pictures that files name by their address: ordered while rows are written, fetched afterwards in the background."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.catalog.operations import supply_picture
from kontor.exchange.drafts import Draft
from kontor.exchange.models import ImportRun, PictureOrder
from kontor.goods.media import MAX_BYTES
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.entrances.http import HttpLimits, HttpQuestion, ask
from kontor.kernel.jobs import defer
from kontor.kernel.refusal import Refused

QUEUE = "default"
STATUS = PictureOrder.Status
AT_ONCE = 48
SIDE_BY_SIDE = 4
"""Pictures on their way at the same time; so many are in memory, at most."""
REDIRECTS = 3
LEASE = timedelta(minutes=30)
WAITS = tuple(timedelta(minutes=one) for one in (2, 15, 60, 360))
"""Until the second, third, … try of what may work later."""
MAY_WORK_LATER = frozenset(
    {"unreachable", "unknown_host", "too_slow", "not_http", "busy", "files_unavailable"}
)
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
ORDER = """
INSERT INTO exchange_picture AS old (product_id, url, run_id, status, problem, at, tries, next_at)
SELECT p.id, t.url, %(run)s, 'waiting', '', %(now)s, 0, %(now)s
FROM unnest(%(skus)s::text[], %(urls)s::text[]) WITH ORDINALITY AS t (sku, url, n)
JOIN catalog_product p ON p.seller_id = %(seller)s AND p.sku = t.sku
ORDER BY t.n ON CONFLICT (product_id, url) DO UPDATE
SET run_id = excluded.run_id, status = 'waiting', problem = '', at = excluded.at, tries = 0, next_at = excluded.next_at
WHERE old.status = 'failed'
"""
COUNT = """
SELECT count(*) FROM unnest(%(skus)s::text[], %(urls)s::text[]) AS t (sku, url)
LEFT JOIN catalog_product p ON p.seller_id = %(seller)s AND p.sku = t.sku
LEFT JOIN exchange_picture old ON old.product_id = p.id AND old.url = t.url
WHERE old.id IS NULL OR old.status = 'failed'
"""
CLAIM = """
UPDATE exchange_picture SET tries = tries + 1, next_at = %(lease)s WHERE id IN (
    SELECT id FROM exchange_picture WHERE status = 'waiting' AND next_at <= %(now)s
    ORDER BY next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def order_pictures(run: ImportRun, drafts: Sequence[Draft]) -> int:
    """Note the pictures of these rows that were never asked for, or failed; how many there are."""
    about = _asked(run, drafts)
    if not about["urls"]:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(ORDER, about | {"run": run.pk, "now": clock.now()})
        return cursor.rowcount


def pictures_to_order(run: ImportRun, drafts: Sequence[Draft]) -> int:
    """How many `order_pictures` would note."""
    about = _asked(run, drafts)
    if not about["urls"]:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(COUNT, about)
        return int(cursor.fetchall()[0][0])


def _asked(run: ImportRun, drafts: Sequence[Draft]) -> dict[str, Any]:
    pairs = dict.fromkeys((draft.sku, url) for draft in drafts for url in draft.pictures)
    return {
        "seller": run.seller_id,
        "skus": [sku for sku, _url in pairs],
        "urls": [url for _sku, url in pairs],
    }


def send_for_pictures() -> None:
    """Have the worker fetch what waits."""
    defer("fetch_pictures", queue=QUEUE)


def pictures_are_due() -> bool:
    """Whether some wait that may be tried now: after a pause, or because a worker was killed while it fetched them."""
    return PictureOrder.objects.filter(status=STATUS.WAITING, next_at__lte=clock.now()).exists()


def fetch_pictures(actor: Actor, limit: int = AT_ONCE, private: tuple[str, ...] = ()) -> int:
    """Fetch waiting pictures, those that wait longest first; how many were tried.

    What may work later is tried five times within a day; what cannot work says why at once. Only public addresses are
    called, unless `private` names them, redirects included.
    """
    limits = HttpLimits(size=MAX_BYTES, private=private, redirects=REDIRECTS)
    orders = iter(_claimed(limit))
    tried = 0
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        while group := list(islice(orders, SIDE_BY_SIDE)):
            answers = pool.map(partial(_fetched, limits=limits), [order.url for order in group])
            for order, answer in zip(group, answers, strict=True):
                _take(actor, order, answer)
            tried += len(group)
    return tried


def _claimed(limit: int) -> Sequence[PictureOrder]:
    """So many as are due, for this worker alone until the lease ends."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "lease": now + LEASE, "limit": limit})
        ids = [key for (key,) in cursor.fetchall()]
    return list(PictureOrder.objects.filter(pk__in=ids).select_related("product").order_by("id"))


def _fetched(url: str, limits: HttpLimits) -> bytes | EntranceProblem:
    """The body, or why there is none. Runs in a thread of its own and touches no database."""
    try:
        answer = ask(HttpQuestion(url=url), limits)
    except EntranceProblem as problem:
        return problem
    if answer.status == 200:
        return answer.body
    text = _("The server answered %(status)s.") % {"status": answer.status}
    return EntranceProblem("busy" if answer.status in BUSY else "not_there", text)


def _take(actor: Actor, order: PictureOrder, answer: bytes | EntranceProblem) -> None:
    try:
        if isinstance(answer, EntranceProblem):
            raise answer
        with transaction.atomic():
            supply_picture(actor=actor, product=order.product, data=answer, source=order.url)
            medium = order.product.media.filter(source=order.url).first()
            _note(order, status=STATUS.FETCHED, problem="", medium_id=medium.pk if medium else None)
    except (EntranceProblem, Refused) as problem:
        again = problem.code in MAY_WORK_LATER and order.tries <= len(WAITS)
        later = {"next_at": clock.now() + WAITS[order.tries - 1]} if again else {"status": STATUS.FAILED}
        _note(order, problem=problem.message[:300], **later)


def _note(order: PictureOrder, **values: object) -> None:
    PictureOrder.objects.filter(pk=order.pk).update(at=clock.now(), **values)


def failed_of(run: ImportRun) -> Iterator[tuple[str, str, str]]:
    """(SKU, address, why) of each picture of an import that could not be fetched."""
    failed = run.pictures.filter(status=STATUS.FAILED).order_by("product__sku", "id")
    return failed.values_list("product__sku", "url", "problem").iterator()
