"""Runs the examples of a page in docs/topics against the database."""

import doctest
from pathlib import Path
from typing import Any

TOPICS = Path(__file__).resolve().parent.parent / "docs" / "topics"


def run_topic(name: str, words: dict[str, Any]) -> int:
    """Run the examples of a page with these words defined; how many there were. Fails with doctest's own report."""
    page = TOPICS / name
    lines = ["" if line.startswith("```") else line for line in page.read_text().splitlines()]
    examples = doctest.DocTestParser().get_doctest("\n".join(lines), words, name, str(page), 0)
    report: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(examples, out=report.append)
    assert result.failed == 0, "".join(report)
    return result.attempted
