"""Reasons of charges and allowances as trading partners' programs read them: codes of UN/EDIFACT with their names.

Those of UNCL 7161 that a seller of goods has a use for, and those of UNCL 5189 that EN 16931 allows. All of them are on
the lists of EN 16931 by which the validators of Peppol BIS Billing 3.0 and XRechnung check invoices.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHARGES: dict[str, str | Promise] = {
    "FC": _("Freight service"),
    "DL": _("Delivery"),
    "FAC": _("Freight, extraordinary handling"),
    "CAB": _("Cartage"),
    "ADZ": _("Direct delivery"),
    "AAT": _("Rush delivery"),
    "EP": _("Expediting"),
    "RE": _("Re-delivery"),
    "ID": _("Inside delivery"),
    "SAA": _("Shipping and handling"),
    "HD": _("Handling"),
    "SH": _("Special handling"),
    "AED": _("Handling of hazardous cargo"),
    "PC": _("Packing"),
    "ABL": _("Additional packaging"),
    "SAD": _("Special packaging"),
    "PL": _("Palletizing"),
    "RAD": _("Returnable container"),
    "NAA": _("Non-returnable containers"),
    "AEL": _("Small order processing service"),
    "DAN": _("Minimum order not fulfilled charge"),
    "AEM": _("Clerical or administrative services"),
    "AEK": _("Cash on delivery"),
    "AEO": _("Collection and recycling"),
    "AEV": _("Environmental protection service"),
    "CAV": _("Battery collection and recycling"),
    "CAI": _("Cutting"),
    "CAF": _("Certificate of origin"),
    "CAE": _("Certificate of conformance"),
    "TAC": _("Testing"),
    "LA": _("Labelling"),
    "IAA": _("Installation"),
    "CAW": _("Product take back fee"),
    "RAF": _("Restocking"),
    "ABF": _("Tooling"),
    "SU": _("Set-up"),
    "IS": _("Invoicing"),
    "AJ": _("Adjustments"),
    "ABK": _("Miscellaneous"),
    "ADR": _("Other services"),
    "ZZZ": _("Mutually defined"),
}
ALLOWANCES: dict[str, str | Promise] = {
    "41": _("Bonus for works ahead of schedule"),
    "42": _("Other bonus"),
    "60": _("Manufacturer’s consumer discount"),
    "62": _("Due to military status"),
    "63": _("Due to work accident"),
    "64": _("Special agreement"),
    "65": _("Production error discount"),
    "66": _("New outlet discount"),
    "67": _("Sample discount"),
    "68": _("End-of-range discount"),
    "70": _("Incoterm discount"),
    "71": _("Point of sales threshold allowance"),
    "88": _("Material surcharge or deduction"),
    "95": _("Discount"),
    "100": _("Special rebate"),
    "102": _("Fixed long term"),
    "103": _("Temporary"),
    "104": _("Standard"),
    "105": _("Yearly turnover"),
}
USUAL = {
    "freight": "FC",
    "packaging": "PC",
    "small_order": "AEL",
    "deposit": "RAD",
    "index": "ADR",
    "hazardous": "AED",
    "allowance": "95",
}
"""The code of each kind of rule when nobody chooses another one."""


def codes_of(kind: str) -> dict[str, str | Promise]:
    """The codes that a rule of this kind may have."""
    return ALLOWANCES if kind == "allowance" else CHARGES
