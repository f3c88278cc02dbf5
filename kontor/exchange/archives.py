"""Archives of pictures: which file belongs to which article, what would change, and the change, a file at a time.

Each file stands for itself: one that is wrong says why in the report, and the others are taken.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import Medium, Product
from kontor.catalog.operations import supply_picture
from kontor.catalog.ownership import require_own
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.exchange import folder
from kontor.exchange.imports import ERROR_FILE, Progress
from kontor.exchange.models import ImportRun
from kontor.exchange.picture_names import Match, articles_of, claims_of, is_left_out
from kontor.exchange.report import SHOWN
from kontor.goods.media import MAX_BYTES, check_picture, digest_of
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.entrances.archive import ArchiveLimits, Packed, opened
from kontor.kernel.entrances.csv_rows import line_of, write
from kontor.kernel.folding import code_key
from kontor.kernel.refusal import Refused
from kontor.kernel.storage.store import FilesUnavailable

FORM = "pictures"
LIMITS = ArchiveLimits(
    packed=2_000_000_000, member=MAX_BYTES, unpacked=20_000_000_000, members=20_000, ratio=200
)
STATUS = ImportRun.Status
KNOWN = """
WITH k AS MATERIALIZED (
    SELECT * FROM unnest(%(keys)s::text[], %(folded)s::text[]) AS k (key, folded)),
p AS MATERIALIZED (
    SELECT id, sku, gtin, upper(manufacturer_part_number) AS number,
        upper(regexp_replace(sku, '[^[:alnum:]]', '', 'g')) AS folded
    FROM catalog_product WHERE seller_id = %(seller)s)
SELECT k.key, 1, p.id, p.sku FROM k JOIN p ON p.sku = k.key
UNION ALL SELECT k.key, 2, p.id, p.sku FROM k JOIN p ON p.gtin = k.key AND p.gtin <> ''
UNION ALL SELECT k.key, 3, p.id, p.sku FROM k JOIN p ON p.number = upper(k.key) AND p.number <> ''
UNION ALL SELECT k.key, 4, p.id, p.sku FROM k JOIN p ON p.folded = k.folded AND k.folded <> ''
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the archive: whose picture it is, or why it is nobody's."""

    file: Packed
    place: int
    number: int
    match: Match | None
    problem: str


@dataclass(slots=True)
class Before:
    """The pictures that there are: by the digest of what came, and by the name under which it came."""

    digests: set[tuple[int, str]] = field(default_factory=set)
    sources: set[tuple[int, str]] = field(default_factory=set)

    def add(self, product_id: int, source: str, digest: str) -> None:
        self.digests.add((product_id, digest))
        self.sources.add((product_id, source))


@dataclass(slots=True)
class _Tally:
    """What came of the files: the counts, and all problems in the order in which they were met."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("rows", "new", "changed", "unchanged", "wrong"), 0)
    )
    problems: list[tuple[Found, str]] = field(default_factory=list)

    def wrong(self, found: Found, why: str) -> None:
        self.counts["wrong"] += 1
        self.problems.append((found, why))


def files_in(path: Path) -> int | None:
    """How many files an archive of pictures has; None when the file is something else, such as a workbook.

    Raises EntranceProblem as `opened`.
    """
    with path.open("rb") as file:
        if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
            return None
        with opened(file, LIMITS) as files:
            names = {one.name for one in files}
    return None if "[Content_Types].xml" in names else len(names)


def carry_out_pictures(
    *, actor: Actor, run: ImportRun, check: bool, progress: Progress = lambda done: None
) -> ImportRun:
    """Check an archive (nothing is kept) or import its pictures; the run has the report afterwards.

    A picture takes the place of the one that came under the same name before; the same bytes change nothing, so
    repeating it after a crash is safe. Raises NotAllowed.
    """
    require_own(actor, run.seller_id)
    require(actor, EDIT_CATALOG)
    status = STATUS.CHECKING if check else STATUS.RUNNING
    _note(run, status=status, started_at=clock.now(), rows_done=0, finished_at=None, problem="")
    tally, problem = _Tally(), ""
    try:
        with _looked_through(run) as files:
            _note(run, rows_total=len(files))
            _each(actor, run.seller_id, files, tally, progress, check=check)
    except (EntranceProblem, FilesUnavailable) as stopped:
        problem = stopped.message
    except BaseException:
        sentence = _("The import stopped with an error of ours. Pictures taken before are kept.")
        _note(run, status=STATUS.FAILED, finished_at=clock.now(), problem=sentence)
        raise
    _finish(actor, run, tally, problem, check=check)
    return run


@contextmanager
def _looked_through(run: ImportRun) -> Iterator[list[Found]]:
    with folder.fetched(run.file).open("rb") as file, opened(file, LIMITS) as files:
        kept = [one for one in files if not is_left_out(one.name)]
        known = _known(run.seller_id, [one.name for one in kept if one.problem is None])
        found = [_found(place, one, known) for place, one in enumerate(kept, start=1)]
        yield sorted(found, key=lambda one: (one.match.sku if one.match else "", one.number, one.file.name))


def _known(seller_id: int, names: Sequence[str]) -> dict[str, list[Match]]:
    """The articles that have one of the names that these files claim. One statement."""
    keys = sorted({claim.key for name in names for claim in claims_of(name) if "\0" not in claim.key})
    known: dict[str, list[Match]] = {}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"seller": seller_id, "keys": keys, "folded": [code_key(key) for key in keys]})
        for key, rank, product_id, sku in cursor.fetchall():
            known.setdefault(key, []).append(Match(rank, product_id, sku))
    return known


def _found(place: int, file: Packed, known: dict[str, list[Match]]) -> Found:
    if file.problem is not None:
        return Found(file, place, 1, None, file.problem.message)
    matches, number = articles_of(file.name, known)
    products = {one.product_id for one in matches}
    if len(products) == 1:
        return Found(file, place, number, matches[0], "")
    if not products:
        return Found(file, place, number, None, _("No article has this SKU, GTIN or manufacturer’s number."))
    skus = ", ".join(sorted({one.sku for one in matches})[:3])
    why = _("Several articles are called that: %(skus)s. Name the file after a SKU.") % {"skus": skus}
    return Found(file, place, number, None, why)


def _each(
    actor: Actor, seller_id: int, files: list[Found], tally: _Tally, progress: Progress, *, check: bool
) -> None:
    wanted = {one.match.product_id for one in files if one.match}
    there = Medium.objects.filter(product__in=wanted, kind=Medium.Kind.PICTURE)
    before = Before()
    for product_id, source, digest in there.values_list("product_id", "source", "digest"):
        before.add(product_id, source, digest)
    for found in files:
        tally.counts["rows"] += 1
        try:
            if found.match is None:
                raise Refused("no_article", found.problem)
            tally.counts[_outcome(actor, found, found.match.product_id, before, check=check)] += 1
        except FilesUnavailable:
            raise
        except (EntranceProblem, Refused) as problem:
            tally.wrong(found, problem.message)
        progress(tally.counts["rows"])


def _outcome(actor: Actor, found: Found, product_id: int, before: Before, *, check: bool) -> str:
    """ "new", "changed" or "unchanged"; in a check, what it would be."""
    data = found.file.read()
    digest = digest_of(data)
    if (product_id, digest) in before.digests:
        return "unchanged"
    if data[:2] == b"PK":
        raise Refused("nested", _("An archive inside of an archive is not opened."))
    if check:
        check_picture(data)
        is_there = (product_id, found.file.name) in before.sources
        before.add(product_id, found.file.name, digest)
        return "changed" if is_there else "new"
    product = Product.objects.get(pk=product_id)
    return supply_picture(actor=actor, product=product, data=data, source=found.file.name)


def _finish(actor: Actor, run: ImportRun, tally: _Tally, problem: str, *, check: bool) -> None:
    with transaction.atomic():
        _note(
            run,
            counts=tally.counts,
            errors=[_shown(found, why) for found, why in tally.problems[:SHOWN]],
            error_file=_error_file(run, tally.problems) if tally.problems else "",
            problem=problem[:400],
            rows_done=tally.counts["rows"],
            finished_at=clock.now(),
            status=STATUS.REFUSED if problem else STATUS.CHECKED if check else STATUS.DONE,
        )
        if run.status == STATUS.DONE:
            about = {"file": run.file_name} | tally.counts
            record(actor, "exchange.import_finished", ("import", run.pk), changes=about)


def _shown(found: Found, why: str) -> dict[str, Any]:
    sku = found.match.sku if found.match else ""
    return {
        "line": found.place,
        "sku": sku,
        "column": found.file.name[:200],
        "cell": "",
        "why": why,
        "kind": "problem",
    }


def _error_file(run: ImportRun, problems: Sequence[tuple[Found, str]]) -> str:
    name = folder.beside(run.file, ERROR_FILE)
    with folder.path_of(name).open("wb") as file:
        file.writelines(write([_("File"), _("SKU"), _("Problem")], []))
        for found, why in problems:
            file.write(line_of([found.file.name[:500], found.match.sku if found.match else "", why]))
    return folder.offer(name)


def _note(run: ImportRun, **values: object) -> None:
    for name, value in values.items():
        setattr(run, name, value)
    ImportRun.objects.filter(pk=run.pk).update(**values)
