"""Target prices as buyers type them."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.carts.rules import BadQuantity, number_of
from kontor.kernel.refusal import Refused
from kontor.quotes.rules import price_problem

Price = Decimal | int | str | None


def read_price(value: Price) -> Decimal | None:
    """A price per price base, or None for nothing. Raises Refused with a code of `rules.price_problem`."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    number = number_of(value) if isinstance(value, str) else Decimal(value)
    if number is BadQuantity.AMBIGUOUS:
        raise Refused(
            "ambiguous_number",
            _("This can be read as a thousand or as a fraction. Write it without a thousands separator."),
        )
    code = price_problem(number) if isinstance(number, Decimal) else "bad_price"
    if code == "price_too_precise":
        raise Refused(code, _("Prices have at most six decimals. Round the price."))
    if code == "price_too_large":
        raise Refused(code, _("This price is too large. Check the number of digits."))
    if code or not isinstance(number, Decimal):
        raise Refused("bad_price", _("Enter the price as a number such as 12.40."))
    return number


def read_targets(targets: Mapping[int, Price]) -> dict[int, Decimal | None]:
    """Targets by line. Raises Refused with one sentence per field ``lines/<line id>/target_price``."""
    read: dict[int, Decimal | None] = {}
    wrong: dict[str, Refused] = {}
    for line_id, value in targets.items():
        try:
            read[line_id] = read_price(value)
            if read[line_id] == 0:
                raise Refused("bad_price", _("Enter a target above 0, or leave the field empty."))
        except Refused as refusal:
            wrong[f"lines/{line_id}/target_price"] = refusal
    raise_together(wrong)
    return read


def raise_together(wrong: Mapping[str, Refused]) -> None:
    """Raise one refusal for several fields; with one field its own sentence stands."""
    if not wrong:
        return
    first = next(iter(wrong.values()))
    message = first.message
    if len(wrong) > 1:
        message = _("Nothing was saved: %(count)d fields need another look.") % {"count": len(wrong)}
    raise Refused(first.code, message, {field: refusal.message for field, refusal in wrong.items()})
