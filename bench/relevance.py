"""How well the search ranks: real products, human judgements, nDCG@10. `python -m bench.relevance [--queries]`.

Loads the 19,406 Icecat products into an installation of its own below var/, builds the index as a node does, and asks
each judged query through the product's own search. Measured as the judgements' README says: mean nDCG@10 over the
queries that have a relevant product, an unjudged product counts 0, the ideal is the judged list by grade, gain = grade.
Beside it the same among judged products only, which does not mistake an unjudged product for a bad one.
"""

import argparse
import csv
import gzip
import math
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import orjson

from bench.scratch import ROOT, set_up

SHARED = Path(os.environ.get("KONTOR_SHARED", ROOT.parent / "shared" / "data"))
DEEP = 100
SEED = 7
"""Of the halves into which the queries are parted: weights are chosen on one and must hold on the other."""

Grades = dict[str, dict[str, int]]
Ask = Callable[[str], list[str]]


def products() -> Iterator[dict[str, Any]]:
    with gzip.open(SHARED / "catalog" / "icecat" / "products.jsonl.gz") as file:
        yield from map(orjson.loads, file)


def judgements(path: Path) -> Grades:
    grades: Grades = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            grades.setdefault(row["query"], {})[row["docid"]] = int(row["rating"])
    return grades


def product_row(one: dict[str, Any]) -> dict[str, Any]:
    """A product as a catalog manager would import it: what is not a field of ours becomes its specifications."""
    specifications = [
        {"name": key[7:].replace("_", " ").strip(), "value": shown(value), "unit": ""}
        for key, value in one.items()
        if key.startswith("attr_")
    ]
    return {
        "sku": one["id"], "name": one["title"][:250], "brand": one["supplier"][:100], "slug": one["id"],
        "manufacturer_part_number": one["name"][:60], "gtin": (one.get("ean") or [""])[0][:14],
        "description": one.get("short_description") or "", "specifications": specifications,
    }  # fmt: skip


def shown(value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return f"{value:g}" if isinstance(value, float) else str(value)


def load() -> None:
    """Into the tables, once; then the vocabulary that corrections come from."""
    from kontor.catalog.models import Product
    from kontor.companies.models import Company
    from kontor.search.operations import rebuild_all

    if Product.objects.exists():
        return
    seller = Company.objects.create(
        legal_name="Icecat", slug="icecat", is_seller=True, status="active", currency="EUR", country="NL"
    )
    rows = (Product(seller=seller, status="active", **product_row(one)) for one in products())
    Product.objects.bulk_create(rows, batch_size=2000)
    rebuild_all()


def ndcg(found: list[str], grades: dict[str, int]) -> float:
    gained = sum(grades.get(one, 0) / math.log2(at + 2) for at, one in enumerate(found[:10]))
    best = sorted(grades.values(), reverse=True)[:10]
    return gained / sum(grade / math.log2(at + 2) for at, grade in enumerate(best))


@dataclass(frozen=True, slots=True)
class Measured:
    """By query: nDCG@10, the same among judged products only, recall@100; and how many of all queries found nothing."""

    queries: list[str]
    ndcg: list[float]
    judged_only: list[float]
    recall: list[float]
    nothing: float

    @property
    def halves(self) -> tuple[float, float]:
        """nDCG@10 of each half of the queries."""
        order = random.Random(SEED).sample(self.ndcg, len(self.ndcg))  # no secret
        middle = len(order) // 2
        return fmean(order[:middle]), fmean(order[middle:])


def measure(ask: Ask, grades: Grades) -> Measured:
    """Ask every query; those without a relevant product only count as found or not."""
    asked = {query: ask(query) for query in grades}
    rated = [query for query, judged in grades.items() if any(judged.values())]
    relevant = {query: {one for one, grade in grades[query].items() if grade} for query in rated}
    return Measured(
        rated,
        [ndcg(asked[query], grades[query]) for query in rated],
        [ndcg([one for one in asked[query] if one in grades[query]], grades[query]) for query in rated],
        [len(relevant[query] & set(asked[query][:DEEP])) / len(relevant[query]) for query in rated],
        sum(not found for found in asked.values()) / len(grades),
    )


def asker() -> Ask:
    from kontor.search.queries import Viewer, Window, find

    window = Window(per_page=DEEP, facets=False)
    return lambda query: [card.sku for card in find(Viewer(), query, window=window).cards]


def without_trade_words() -> None:
    from django.conf import settings

    settings.CONFIG = settings.CONFIG.model_copy(update={"search_trade_words": False})


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--queries", action="store_true", help="each query's own figure")
    arguments.add_argument("--keep", action="store_true", help="use the index that is there")
    arguments.add_argument(
        "--database", action="store_true", help="what the database answers without an index"
    )
    arguments.add_argument("--own-words", action="store_true", help="without the common synonyms")
    asked = arguments.parse_args()
    set_up("relevance")
    from kontor.search.engine import folder, indexer

    if asked.own_words:
        without_trade_words()
    load()
    if asked.database:
        (folder.root() / "current").unlink(missing_ok=True)
    elif not (asked.keep and folder.current()):
        indexer.build()
    report(asker(), asked.queries)


def report(ask: Ask, with_queries: bool) -> None:
    found = measure(ask, judgements(SHARED / "search" / "icecat" / "judgments.csv"))
    if with_queries:
        for value, among_judged, query in sorted(
            zip(found.ndcg, found.judged_only, found.queries, strict=True)
        ):
            print(f"{value:.3f}  {among_judged:.3f}  {query}")
    print(
        f"nDCG@10 {fmean(found.ndcg):.4f}  judged only {fmean(found.judged_only):.4f}  "
        f"recall@100 {fmean(found.recall):.4f}  found nothing {found.nothing:.4f}"
    )
    print("halves of nDCG@10: {:.3f} {:.3f}".format(*found.halves))


if __name__ == "__main__":
    main()
