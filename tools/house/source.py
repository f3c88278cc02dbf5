"""What rules look at: files, parsed once, and what rules say: findings."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

FOLDERS = ("kontor", "tests", "tools", "bench")
ENDINGS = (".py", ".html", ".txt", ".css", ".js")


@dataclass(frozen=True)
class Finding:
    """A breach of a house rule. `line` counts from 1."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


class Source:
    """One file of the project; `path` is relative to its top, with slashes."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.parts = PurePosixPath(path).parts

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree. Its nodes know their `parent` once `nodes` was asked for."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the tree; each knows its `parent`."""
        found: list[ast.AST] = [self.tree]
        for node in found:  # grows while it is walked
            for child in ast.iter_child_nodes(node):
                child.parent = node  # type: ignore[attr-defined]  # our own mark on each node
                found.append(child)
        return found

    @property
    def syntax_problem(self) -> SyntaxError | None:
        """What is wrong when this is no Python."""
        try:
            return None if self.nodes else SyntaxError("empty")
        except SyntaxError as problem:
            return problem

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    @property
    def is_template(self) -> bool:
        return "templates" in self.parts and self.path.endswith((".html", ".txt"))

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.parts

    @property
    def is_product(self) -> bool:
        return self.parts[0] == "kontor"

    @property
    def app(self) -> str:
        """`orders` for kontor/orders/models.py, empty elsewhere."""
        return self.parts[1] if self.is_product and len(self.parts) > 2 else ""

    def finding(self, where: ast.AST | int, rule: str, message: str) -> Finding:
        line = where if isinstance(where, int) else getattr(where, "lineno", 1)
        return Finding(self.path, line, rule, message)


def ancestors(node: ast.AST) -> Iterator[ast.AST]:
    while (node := getattr(node, "parent", None)) is not None:  # type: ignore[assignment]  # ends with None
        yield node


def dotted(node: ast.AST) -> str:
    """`a.b.c` for names and attributes; a call in between is passed over. Empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return ""


def imported(node: ast.AST) -> list[str]:
    """Full names of the modules (and the things in them) that an import statement brings in."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


@dataclass
class House:
    """The whole project: its files and the accepted exceptions."""

    sources: list[Source]
    ratchets: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Path) -> "House":
        sources = []
        for folder in FOLDERS:
            for path in sorted((root / folder).rglob("*")):
                if path.suffix in ENDINGS and path.is_file() and "__pycache__" not in path.parts:
                    text = path.read_text(encoding="utf-8")
                    sources.append(Source(path.relative_to(root).as_posix(), text))
        with (root / "tools/house/ratchets.toml").open("rb") as file:
            return cls(sources, tomllib.load(file))

    @property
    def python(self) -> list[Source]:
        return [source for source in self.sources if source.is_python]

    @property
    def templates(self) -> list[Source]:
        return [source for source in self.sources if source.is_template]

    def allowed(self, section: str) -> dict[str, Any]:
        """One section of ratchets.toml."""
        return dict(self.ratchets.get(section, {}))
