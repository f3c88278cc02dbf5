"""What documents bear, on the wire: charges and taxes, with the codes of EN 16931."""

from collections.abc import Mapping
from typing import Any

from kontor.api.shapes.orders import ChargeOut, TaxOut
from kontor.api.values import amount_text, quantity_text
from kontor.invoicing.models import InvoiceCharge
from kontor.orders.models import OrderCharge
from kontor.taxes.rules import TaxTotal
from kontor.taxes.wording import exemption


def charge_out(one: OrderCharge | InvoiceCharge, currency: str, positions: Mapping[int, int]) -> ChargeOut:
    """`positions` of the lines by id."""
    return ChargeOut(
        code=one.code,
        reason=one.reason,
        net=amount_text(one.net, currency),
        tax_code=one.tax_code,
        tax_rate=quantity_text(one.tax_rate),
        line=positions[one.line_id] if one.line_id else None,
    )


def tax_out(total: TaxTotal, currency: str, facts: Mapping[str, Any]) -> TaxOut:
    """`facts` is what was kept with the document."""
    code, reason = exemption(total.code, facts)
    return TaxOut(
        code=total.code,
        rate=quantity_text(total.rate),
        net=amount_text(total.net, currency),
        tax=amount_text(total.tax, currency),
        exemption_code=code,
        exemption_reason=reason,
    )
