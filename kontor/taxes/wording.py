"""What papers and pages say about taxes: why a line bears none, what a rate is made of, what has changed since."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

VATEX = {"K": "VATEX-EU-IC", "AE": "VATEX-EU-AE", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}
"""Codes of the reasons for exemption (BT-121); category E has a text instead."""


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


def tax_notes(codes: Collection[str], facts: Mapping[str, Any]) -> list[str]:
    """The sentences that tax law wants where no tax is charged (Directive 2006/112/EC, Art. 226), and what lapsed.

    `codes` are those of the lines, `facts` what was kept with the document.
    """
    notes = []
    if "K" in codes:
        notes.append(
            _("Intra-Community supply, exempt from VAT. Reverse charge: the recipient owes the tax.")
        )
    if "AE" in codes:
        notes.append(_("Reverse charge: the recipient owes the tax."))
    if "G" in codes:
        notes.append(_("Export delivery, exempt from VAT."))
    if "O" in codes:
        notes.append(_("Not subject to tax here."))
    for one in facts.get("certificates", ()):
        told = {"number": one["number"], "reason": one["reason"]}
        notes.append(
            _("Exempt by certificate %(number)s: %(reason)s.") % told
            if one["reason"]
            else _("Exempt by certificate %(number)s.") % told
        )
    if "E" in codes and not facts.get("certificates"):
        notes.append(_("Exempt from VAT."))
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
