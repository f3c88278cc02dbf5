"""How well the search ranks: real products, human judgements, nDCG@10. `python -m bench.relevance [--queries]`.

Loads the 19,406 Icecat products into an installation of its own below var/, builds the index as a node does, and asks
each judged query through the product's own search. Measured as the judgements' README says: mean nDCG@10 over the
queries that have a relevant product, an unjudged product counts 0, the ideal is the judged list by grade, gain = grade.
"""

import argparse
import csv
import gzip
import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from bench.scratch import ROOT, set_up

SHARED = Path(os.environ.get("KONTOR_SHARED", ROOT.parent / "shared" / "data"))
DEEP = 100
FOLDS = 5

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


def measure(ask: Ask, grades: Grades) -> tuple[dict[str, float], list[tuple[float, str]], list[float]]:
    """Mean figures, nDCG by query, and the mean of each of five folds."""
    by_query, recalls, nothing = [], [], 0
    for query, judged in grades.items():
        found = ask(query)
        nothing += not found
        relevant = {one for one, grade in judged.items() if grade}
        if relevant:
            by_query.append((ndcg(found, judged), query))
            recalls.append(len(relevant & set(found[:DEEP])) / len(relevant))
    folds = [[value for value, _query in by_query[no::FOLDS]] for no in range(FOLDS)]
    means = {
        "nDCG@10": sum(value for value, _query in by_query) / len(by_query),
        "recall@100": sum(recalls) / len(recalls),
        "found nothing": nothing / len(grades),
    }
    return means, sorted(by_query), [sum(fold) / len(fold) for fold in folds]


def asker() -> Ask:
    from kontor.search.queries import Viewer, Window, find

    window = Window(per_page=DEEP, facets=False)
    return lambda query: [card.sku for card in find(Viewer(), query, window=window).cards]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--queries", action="store_true", help="each query's own figure")
    arguments.add_argument("--keep", action="store_true", help="use the index that is there")
    arguments.add_argument(
        "--database", action="store_true", help="what the database answers without an index"
    )
    asked = arguments.parse_args()
    set_up("relevance")
    from kontor.search.engine import folder, indexer

    load()
    if asked.database:
        (folder.root() / "current").unlink(missing_ok=True)
    elif not (asked.keep and folder.current()):
        indexer.build()
    report(asker(), asked.queries)


def report(ask: Ask, with_queries: bool) -> None:
    grades = judgements(SHARED / "search" / "icecat" / "judgments.csv")
    means, by_query, folds = measure(ask, grades)
    if with_queries:
        for value, query in by_query:
            print(f"{value:.3f}  {query}")
    print("  ".join(f"{name} {value:.4f}" for name, value in means.items()))
    print("folds of nDCG@10: " + " ".join(f"{value:.3f}" for value in folds))


if __name__ == "__main__":
    main()
