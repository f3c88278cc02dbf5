"""Writes docs/reference/settings.md from the settings themselves; a test holds it current."""

import sys
from pathlib import Path

from kontor.kernel.configuration import PREFIX, Configuration, describe

PAGE = Path(__file__).resolve().parent.parent / "docs/reference/settings.md"
HEAD = """\
# Settings

Set by environment variables, read once when a process starts. A wrong one stops the start and is named.
`kontor settings` lists all with their present values. This page is written by `python -m tools.settings_reference`.

| Variable | Default | What for |
|---|---|---|
"""


def page() -> str:
    rows = []
    for row in describe(Configuration(), {}):
        default = (
            "`var`" if row.variable == f"{PREFIX}HOME" else f"`{row.default}`" if row.default else "(empty)"
        )
        rows.append(f"| `{row.variable}` | {default} | {row.description} |")
    return HEAD + "\n".join(rows) + "\n"


def main() -> int:
    PAGE.write_text(page())
    print(f"{PAGE} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
