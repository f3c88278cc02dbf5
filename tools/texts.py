"""Keep the catalogs of texts in step with the code: `python -m tools.texts` (make texts).

Collects the translatable texts of Python files and templates into `kontor/locale/*/LC_MESSAGES/django.po`: new ones
come in empty, unused ones go. `--check` changes nothing and fails when a catalog is not whole.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

# Dates of extraction would change every catalog with every run.
FIXED = datetime(2026, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "kontor"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
JINJA = {
    "extensions": "jinja2.ext.i18n,jinja2.ext.do,jinja2.ext.loopcontrols",
    "trimmed": "true",
    "newstyle_gettext": "true",
}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
OPTIONS = {"**/templates/**.html": JINJA, "**/templates/**.txt": JINJA}


def collect() -> Catalog:
    """All texts of the code."""
    template = Catalog(project="Kontor", charset="utf-8")
    for _file, _line, message, _comments, context in extract_from_dir(
        SOURCE, METHODS, OPTIONS, keywords=KEYWORDS
    ):
        template.add(message, context=context)
    return template


def catalogs() -> list[Path]:
    return sorted(SOURCE.glob("locale/*/LC_MESSAGES/django.po"))


def update(path: Path, template: Catalog) -> Catalog:
    """The catalog as it should be: what it had, what is new, without what is gone."""
    language = path.parent.parent.name
    with path.open("rb") as file:
        known = read_po(file, locale=language)
    known.update(template, no_fuzzy_matching=True)
    known.obsolete.clear()
    known.fuzzy = False
    known.header_comment = f"# Texts of Kontor in {known.locale.english_name if known.locale else language}."
    known.creation_date = known.revision_date = FIXED
    known.project, known.version, known.msgid_bugs_address = "Kontor", "", ""
    known.last_translator = known.language_team = ""
    return known


def gaps(catalog: Catalog) -> list[str]:
    """Texts without a whole translation."""
    missing = []
    for message in catalog:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.fuzzy or not all(strings):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    checking = parser.parse_args().check
    template, failed = collect(), False
    for path in catalogs():
        catalog = update(path, template)
        missing = gaps(catalog)
        print(f"{path.relative_to(ROOT)}: {len(catalog)} texts, {len(missing)} not translated")
        if checking and missing:
            failed = True
            print("\n".join(f"  {text!r}" for text in missing[:40]))
        if not checking:
            with path.open("wb") as file:
                write_po(file, catalog, width=0, no_location=True, sort_output=True, omit_header=False)
    if failed:
        print("Run `make texts`, translate what is empty, and commit the catalogs.")
    return failed


if __name__ == "__main__":
    sys.exit(main())
