"""What the offer editor sends for a draft as it stands."""

from kontor.quotes.models import Offer
from kontor.web.numbers import as_input


def form_of(draft: Offer) -> dict[str, str]:
    """The fields of the editor, unchanged."""
    form = {
        "revision": str(draft.revision),
        "conditions": draft.conditions,
        "message": draft.message,
        "valid_until": "",
    }
    for line in draft.lines.all():
        at = f"lines/{line.position}/"
        form |= {
            f"{at}offered": "1",
            f"{at}unit_price": as_input(line.unit_price) if line.unit_price is not None else "",
            f"{at}quantity": as_input(line.quantity),
            f"{at}lead_days": str(line.lead_days or ""),
            f"{at}note": line.note,
        }
    return form
