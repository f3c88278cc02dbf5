from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

SAMPLES = 5
LONGEST_SAMPLE = 80


class Row(NamedTuple):
    """`line` is where people find it in the file; `problem` says why its cells cannot be told apart."""

    line: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(slots=True)
class Column:
    """A column with some of its different values, as help for choosing what it stands for."""

    name: str
    samples: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        shown = text[:LONGEST_SAMPLE]
        if shown and len(self.samples) < SAMPLES and shown not in self.samples:
            self.samples.append(shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file that can be read again and again. `about` says how it was understood: encoding, delimiter, sheet …

    `constants` are facts about all rows that the file states once, by column.
    """

    form: str
    about: Mapping[str, str]
    columns: list[Column]
    rows: Callable[[], Iterator[Row]]
    constants: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]
