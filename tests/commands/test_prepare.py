"""Translations are compiled without gettext, and only when their source is newer."""

import gettext
import os

from kontor.commands import freshness, prepare

PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Order"
msgstr "Auftrag"

msgid "%(count)s order"
msgid_plural "%(count)s orders"
msgstr[0] "%(count)s Auftrag"
msgstr[1] "%(count)s Aufträge"

#, fuzzy
msgid "Quote"
msgstr "Zitat"
"""


def test_compiles_what_is_stale_and_only_that(tmp_path, monkeypatch):
    folder = tmp_path / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO, encoding="utf-8")
    monkeypatch.setattr(freshness, "PACKAGE", tmp_path)

    assert prepare.compile_translations() == 1
    assert prepare.compile_translations() == 0

    german = gettext.GNUTranslations((folder / "django.mo").open("rb"))
    assert german.gettext("Order") == "Auftrag"
    assert german.ngettext("%(count)s order", "%(count)s orders", 3) == "%(count)s Aufträge"
    assert german.gettext("Quote") == "Quote"

    later = (folder / "django.mo").stat().st_mtime + 10
    os.utime(folder / "django.po", (later, later))
    assert prepare.compile_translations() == 1
