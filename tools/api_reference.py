"""Writes the frozen OpenAPI document and docs/reference/api.md from the code; tests hold both current.

Run by `make api-schema`, on purpose: a difference is a change that clients can see.
"""

import os
import sys
from pathlib import Path

import django

PAGE = Path(__file__).resolve().parent.parent / "docs/reference/api.md"
HEAD = """\
# The REST API

How to call it stands in [howto/use-the-api](../howto/use-the-api.md). The machine-readable form is OpenAPI 3.1 at
`/api/openapi.json`; a running Kontor shows every field at `/api/docs`. This page is written by `make api-schema`.

All addresses begin with `/api/v1`. **Changes** (marked ●) carry an `Idempotency-Key`; those marked ◆ name the
version in `If-Match` as well. *Needs* are capabilities, of which one suffices; *Codes* are the refusals of the business
that the operation may answer with, beside those that any request may get.

## Answers that are not a success

`application/problem+json` (RFC 9457): `type`, `title`, `status`, `code` (stable), `detail` (a sentence in the reader's
language), `instance`, `request_id` (stands in the log) and `errors`, a list of `pointer` (a JSON pointer into the body)
or `parameter` with its own `code` and `detail`.

| Status | When |
|---|---|
"""


def page() -> str:
    """The reference as Markdown."""
    from kontor.api.documents import reference

    shown = reference()
    parts = [HEAD, "\n".join(f"| {status} | {text} |" for status, text in shown.statuses), "\n"]
    for group in shown.groups:
        parts.append(
            f"\n## {group.name}\n\n| Operation | What it does | Needs | Codes |\n|---|---|---|---|\n"
        )
        for one in group.entries:
            mark = " ◆" if one.names_version else " ●" if one.changes else ""
            needs = ", ".join(f"`{name}`" for name in one.needs) or ("visitors too" if one.public else "")
            codes = ", ".join(f"`{code}`" for code in one.refuses)
            path = one.path.removeprefix("/api/v1")
            parts.append(f"| `{one.method} {path}`{mark} | {one.title} | {needs} | {codes} |\n")
    return "".join(parts)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.settings")
    django.setup()
    from kontor.api import documents, schema
    from kontor.api.rest import api

    documents.FROZEN.write_bytes(schema.frozen_form(schema.document(api)))
    documents.forget()
    PAGE.write_text(page())
    print(f"{documents.FROZEN} and {PAGE} are written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
