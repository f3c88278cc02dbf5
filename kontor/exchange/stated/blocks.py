"""Rows that stand together and state one thing."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

from django.utils.translation import gettext as _

from kontor.exchange.drafts import Draft
from kontor.exchange.fields import split_target
from kontor.exchange.plan import Plan

Key = Hashable
KeyOf = Callable[[Draft], Key | None]
MOST_ROWS = 2_000


@dataclass(slots=True)
class Block:
    """All rows of a file about one article or customer."""

    key: Any
    drafts: Sequence[Draft]

    @property
    def is_wrong(self) -> bool:
        return any(draft.problems for draft in self.drafts)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a block that was good: its rows that are new or say something else, and what no row has any more."""

    new: int = 0
    changed: int = 0
    removed: int = 0


def given(draft: Draft) -> dict[str, Any]:
    """What a row gives by target: ``choice_name``, ``choice_name:de``."""
    texts = {
        f"{key}:{language}": text for language, some in draft.texts.items() for key, text in some.items()
    }
    return draft.facts | texts


def differences(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Came:
    """What differs between what was there and what the rows state, by key; all of it where only the order does."""
    new = len(after.keys() - before.keys())
    removed = len(before.keys() - after.keys())
    changed = sum(key in before and before[key] != one for key, one in after.items())
    return Came(new, changed if new or changed or removed else len(after), removed)


def tell(plan: Plan, draft: Draft, target: str, sentence: str) -> None:
    """Note what is wrong with a row, at the column that means `target`; by its name where the file has none."""
    column, field = plan.column_of(target), plan.about.fields.get(split_target(target)[0])
    if field is not None and not column:
        sentence = _("%(column)s: %(why)s") % {"column": field.label, "why": sentence}
    draft.problems.append((column, sentence))


def lost_rows(drafts: Iterable[Draft], key_of: KeyOf) -> Iterator[Draft]:
    """The rows that belong nowhere, each with the reason: then nothing can be said of what the others leave out."""
    seen: set[int] = set()
    for key, rows in groupby(drafts, key_of):
        if key is None:
            for draft in rows:
                if not draft.problems:
                    draft.problems.append(("", _("The row does not say to whom or what it belongs.")))
                yield draft
            continue
        digest = hash(key)
        sentence = _("Rows about the same stand apart. Sort the file so that they stand together.")
        for number, draft in enumerate(rows):
            if digest in seen or number >= MOST_ROWS:
                if digest not in seen:
                    sentence = _("At most %(most)s rows about the same.") % {"most": MOST_ROWS}
                draft.problems.append(("", sentence))
                yield draft
        seen.add(digest)


def blocks_of(batches: Iterable[Sequence[Draft]], key_of: KeyOf, size: int) -> Iterator[list[Block]]:
    """Whole blocks, of at least `size` rows at a time."""
    found: list[Block] = []
    rows = 0
    for key, drafts in groupby(chain.from_iterable(batches), key_of):
        found.append(Block(key, list(drafts)))
        rows += len(found[-1].drafts)
        if rows >= size:
            yield found
            found, rows = [], 0
    if found:
        yield found
