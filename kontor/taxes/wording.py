"""What papers and pages say about taxes: why a line bears none, what a rate is made of, what has changed since."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

VATEX = {"K": "VATEX-EU-IC", "AE": "VATEX-EU-AE", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}
"""Codes of the reasons for exemption (BT-121, list VATEX of the CEF)."""
UNTAXED = (*VATEX, "E")


def category_names() -> dict[str, str]:
    """The tax categories of goods by their names."""
    return {
        "standard": _("Standard rate"),
        "reduced": _("Reduced rate"),
        "reduced_2": _("Second reduced rate"),
        "zero": _("Zero rate"),
        "exempt": _("Exempt"),
        "reversed": _("Reverse charge at home (metals, chips)"),
    }


def exemption(code: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Why what has this category code bears no tax: code (BT-121) and sentence (BT-120) of the reason; both empty where
    there is none to give (EN 16931, BR-S-10 and BR-Z-10). Exempt goods have a sentence only (BR-E-10: one of both).

    Sentences as Directive 2006/112/EC, Art. 226, wants them; `facts` is what was kept with the document.
    """
    if code == "E":
        return "", " ".join(map(_by_certificate, facts.get("certificates", ()))) or _("Exempt from VAT.")
    sentences = {
        "K": _("Intra-Community supply, exempt from VAT. Reverse charge: the recipient owes the tax."),
        "AE": _("Reverse charge: the recipient owes the tax."),
        "G": _("Export delivery, exempt from VAT."),
        "O": _("Not subject to tax here."),
    }
    return VATEX.get(code, ""), sentences.get(code, "")


def _by_certificate(one: Mapping[str, Any]) -> str:
    told = {"number": one["number"], "reason": one["reason"]}
    if not one["reason"]:
        return _("Exempt by certificate %(number)s.") % told
    return _("Exempt by certificate %(number)s: %(reason)s.") % told


def tax_notes(codes: Collection[str], facts: Mapping[str, Any], *, coded: bool = False) -> list[str]:
    """Why a document's lines with these category codes bear no tax, and what lapsed since; `coded` with the codes of
    the reasons, as papers have them."""
    notes = []
    for category in UNTAXED:
        if category in codes:
            code, sentence = exemption(category, facts)
            notes.append(f"{sentence} ({code})" if coded and code else sentence)
    if facts.get("lapsed"):
        notes.append(
            _(
                "Tax is charged, unlike in the order: the VAT ID or certificate on which the order was untaxed does "
                "not count any more on %(day)s."
            )
            % {"day": _day(facts["lapsed"])}
        )
    if facts.get("charged_since"):
        notes.append(
            _(
                "Ordered without tax. Since %(day)s tax is charged on invoices: the VAT ID or certificate does not "
                "count any more."
            )
            % {"day": _day(facts["charged_since"])}
        )
    return notes


def components(facts: Mapping[str, Any], rate: Decimal) -> list[tuple[str, Decimal]]:
    """What a rate of the document is made of, by name; empty when of one part."""
    for text, parts in facts.get("components", {}).items():
        if Decimal(text) == rate:
            return [(name, Decimal(part)) for name, part in parts]
    return []


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")
