"""Whether other weights of the ranking would rank better, or only these queries. `python -m bench.weights`.

Needs what `bench.relevance` has loaded. Every combination of weights answers all judged queries once. Then, five
hundred times, the best combination of a random half is tried on the other half: weights that are worth changing beat
those in use on queries they were not chosen with.
"""

import random
from itertools import product
from statistics import fmean

from bench.relevance import SEED, SHARED, asker, judgements, measure, without_trade_words
from bench.scratch import set_up

TRIED = {
    "ALL_WORDS": (6.0, 10.0, 30.0),
    "TITLE": (0.3, 0.4, 0.6),
    "OTHERS": (0.2, 0.35, 0.5),
    "HEAD": (0.2, 0.3, 0.4),
    "MAKER": (0.7, 1.0, 1.3),
}
SPLITS = 500


def main() -> None:
    set_up("relevance")
    from kontor.search.engine import ranking

    without_trade_words()
    grades, ask = judgements(SHARED / "search" / "icecat" / "judgments.csv"), asker()
    in_use = tuple(getattr(ranking, name) for name in TRIED)
    figures: dict[tuple[float, ...], list[float]] = {}
    for weights in {in_use, *product(*TRIED.values())}:
        for name, weight in zip(TRIED, weights, strict=True):
            setattr(ranking, name, weight)
        figures[weights] = measure(ask, grades).ndcg
    best = max(figures, key=lambda weights: fmean(figures[weights]))
    chosen, kept = held_out(figures, in_use)
    print(f"in use {fmean(figures[in_use]):.4f}; best of {len(figures)}: {fmean(figures[best]):.4f}")
    print("best: " + ", ".join(f"{name} {weight}" for name, weight in zip(TRIED, best, strict=True)))
    print(f"on queries not chosen with: chosen {chosen:.4f}, in use {kept:.4f}")


def held_out(figures: dict[tuple[float, ...], list[float]], in_use: tuple[float, ...]) -> tuple[float, float]:
    """Mean nDCG on the other half: of what the first half would have chosen, and of what is in use."""
    size, chance = len(figures[in_use]), random.Random(SEED)  # no secret
    chosen, kept = [], []
    for _split in range(SPLITS):
        order = chance.sample(range(size), size)
        halves = order[: size // 2], order[size // 2 :]
        for first, other in (halves, halves[::-1]):
            best = max(figures, key=lambda one: sum(figures[one][at] for at in first))
            chosen.append(fmean(figures[best][at] for at in other))
            kept.append(fmean(figures[in_use][at] for at in other))
    return fmean(chosen), fmean(kept)


if __name__ == "__main__":
    main()
