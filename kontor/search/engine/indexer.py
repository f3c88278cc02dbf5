"""Keeps this node's index equal to the catalog: builds it once, then follows the change log."""

import time
from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path

import structlog
from django.db import connection
from tantivy import Index, IndexWriter, Query

from kontor.kernel import clock
from kontor.search.engine import folder as folders
from kontor.search.engine.entries import Attributes, entries_of, together
from kontor.search.engine.folder import Position, State
from kontor.search.engine.schema import LANGUAGES, analyser, schema

log = structlog.get_logger(__name__)

BATCH = 2000
MOST_AT_ONCE, SHARES = 200_000, 8
"""A larger catalog is written in eight shares: so many segments of a size the engine merges into one, and a question
need not be asked of each."""
BUILDING_HEAP, FOLLOWING_HEAP = 200_000_000, 50_000_000
KEEP_DAYS = 7
"""So long changes are kept for nodes that are away; an index that is older is built anew."""
FORGET_EVERY = 3600.0

# A number from a sequence says nothing about when its transaction ends. What no running transaction can still precede
# is read in order and never again; what is newer is read ahead, and remembered until the order comes to it.
SETTLED = """
SELECT xid::text::bigint, seq, product_id FROM search_change
WHERE (xid, seq) > (%s::text::xid8, %s) AND xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY xid, seq LIMIT %s
"""
AHEAD = """
SELECT seq, product_id FROM search_change
WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()) ORDER BY seq DESC LIMIT %s
"""
NOW = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""
FORGET = "DELETE FROM search_change WHERE at < clock_timestamp() - make_interval(days => %s)"


def open_index(folder: Path) -> Index:
    """The index in that folder with its words' rules."""
    index = Index.open(str(folder))
    for language in LANGUAGES:
        index.register_tokenizer(language, analyser(language))
    return index


class Indexer:
    """The one writer of this node's index. Raises BlockingIOError when another process is that."""

    def __init__(self) -> None:
        lock = folders.only_writer()
        if lock is None:
            raise BlockingIOError("another process of this node writes the search index")
        self._lock = lock
        self._writer: IndexWriter | None = None
        self._ahead: set[int] = set()
        self._forgot = 0.0

    def close(self) -> None:
        """Let another process write."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None
        self._lock.close()

    def open(self) -> None:
        """Take up the index in use where it stopped, or build one."""
        found = folders.current()
        state = folders.state_of(found) if found else None
        if found is None or state is None or not _goes_on(state):
            found = build()
            state = folders.state_of(found)
        if state is None:
            raise OSError(f"{found} was not finished")
        self._folder, self._state = found, state
        self._writer = open_index(found).writer(FOLLOWING_HEAP, 1)

    def step(self) -> int:
        """Take in what changed since; returns how many products. Call it again at once when it was not 0."""
        if self._writer is None or folders.current() != self._folder:
            self._writer = None
            self.open()
        settled, ahead = self._changes()
        products = {product for _xid, seq, product in settled if seq not in self._ahead}
        products |= {product for seq, product in ahead if seq not in self._ahead}
        if products:
            self._write(sorted(products))
        self._ahead.difference_update(seq for _xid, seq, _product in settled)
        self._ahead.update(seq for seq, _product in ahead)
        if settled:
            self._keep(Position(settled[-1][0], settled[-1][1]))
        self._forget_sometimes()
        return len(products)

    def _changes(self) -> tuple[list[tuple[int, int, int]], list[tuple[int, int]]]:
        position = self._state.position
        with connection.cursor() as cursor:
            cursor.execute(SETTLED, [str(position.xid), position.seq, BATCH])
            settled = cursor.fetchall()
            if len(settled) == BATCH:
                return settled, []
            cursor.execute(AHEAD, [BATCH])
            return settled, cursor.fetchall()

    def _write(self, products: Sequence[int]) -> None:
        writer = self._writer
        if writer is None:
            raise RuntimeError("open() comes first")
        writer.delete_documents_by_query(Query.term_set_query(schema(), "id", list(products)))
        for entry in entries_of(products, Attributes.read()):
            writer.add_json(entry)
        writer.commit()

    def _keep(self, position: Position) -> None:
        self._state = State(self._state.database, position, clock.now().timestamp())
        folders.keep_state(self._folder, self._state)

    def _forget_sometimes(self) -> None:
        if time.monotonic() - self._forgot > FORGET_EVERY:
            self._forgot = time.monotonic()
            self._keep(self._state.position)
            with connection.cursor() as cursor:
                cursor.execute(FORGET, [KEEP_DAYS])


def _goes_on(state: State) -> bool:
    """Whether the change log continues where this index stopped."""
    if state.database != folders.which_database():
        return False
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        _oldest, newest = cursor.fetchone() or (0, 0)
    return state.position.xid <= newest and clock.now().timestamp() - state.written < (KEEP_DAYS - 1) * 86_400


def build(progress: Callable[[int], None] | None = None) -> Path:
    """Build an index of the whole catalog beside the one in use, and put it in use. Returns its folder."""
    begun, folder = time.monotonic(), folders.new_folder()
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        oldest, _newest = cursor.fetchone() or (0, 0)
    attributes, ids, done = Attributes.read(), together(), 0
    share = len(ids) + BATCH if len(ids) <= MOST_AT_ONCE else ceil(len(ids) / SHARES / BATCH) * BATCH
    index = Index(schema(), str(folder))
    for language in LANGUAGES:
        index.register_tokenizer(language, analyser(language))
    writer = index.writer(BUILDING_HEAP, 1)
    for at in range(0, len(ids), BATCH):
        for entry in entries_of(ids[at : at + BATCH], attributes):
            writer.add_json(entry)
            done += 1
        if (at + BATCH) % share == 0:
            writer.commit()
        if progress is not None:
            progress(done)
    writer.commit()
    writer.wait_merging_threads()
    folders.keep_state(
        folder, State(folders.which_database(), Position(max(oldest - 1, 0), 0), clock.now().timestamp())
    )
    folders.put_in_use(folder)
    log.info("search_index_built", products=done, seconds=round(time.monotonic() - begun, 1))
    return folder
