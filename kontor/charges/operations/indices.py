from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import Product
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.charges.models import Content, Index, IndexValue
from kontor.companies.models import Company
from kontor.goods.units import UNITS
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import printable
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.rules import is_price_quantity, is_unit_price

MOST_ROWS = 10_000
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2200, 1, 1)
MAX_CONTENT = Decimal(10) ** 9


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFacts:
    """A quotation: a value is in `currency` for `per` of `unit` (UN/ECE Rec 20). Without a code the name makes it."""

    name: str
    currency: str
    code: str = ""
    per: Decimal = Decimal(100)
    unit: str = "KGM"


@transaction.atomic
def save_index(
    *, actor: Actor, facts: IndexFacts, index: Index | None = None, seller: Company | None = None
) -> Index:
    """Add an index of the actor's company (the system names the seller), or change one.

    Raises Refused: ``incomplete`` at the fields; ``code_taken`` at ``code``; ``quotation_fixed`` at ``per`` once there
    are values, because they would mean something else.
    """
    require(actor, EDIT_PRICES)
    if index is None:
        index = Index(seller_id=selling_company_id(actor, seller))
    else:
        require_own(actor, index.seller_id)
    code = slugify(facts.code or facts.name)[:40]
    problems = {}
    name = printable(facts.name)
    if not name or len(name) > 120 or not code:
        problems["name"] = _("Enter a name of up to 120 characters.")
    if len(facts.currency) != 3 or not facts.currency.isascii() or not facts.currency.isupper():
        problems["currency"] = _("Choose a currency.")
    if not is_price_quantity(facts.per):
        problems["per"] = _("Enter the quantity that a value is for, above 0.")
    if facts.unit not in UNITS:
        problems["unit"] = _("Choose a unit.")
    if problems:
        raise Refused("incomplete", _("The index was not saved. Correct the marked fields."), problems)
    quoted = (facts.currency, facts.per, facts.unit)
    if index.pk and quoted != (index.currency, index.per, index.unit) and index.values.exists():
        message = _("The quotation stays, because there are values in it. Add a new index instead.")
        raise Refused("quotation_fixed", message, {"per": message})
    index.name, index.code = name, code
    index.currency, index.per, index.unit = quoted
    try:
        with transaction.atomic():
            index.save()
    except IntegrityError:
        message = _("Another of your indices has this code.")
        raise Refused("code_taken", message, {"code": message}) from None
    record(actor, "charges.index_saved", ("index", index.pk), changes={"name": index.name})
    return index


@transaction.atomic
def delete_index(*, actor: Actor, index: Index) -> None:
    """Remove an index with values and contents. Refused("still_followed") while a surcharge follows it."""
    require(actor, EDIT_PRICES)
    require_own(actor, index.seller_id)
    pk, name = index.pk, index.name
    try:
        index.delete()
    except ProtectedError:
        message = _("A surcharge follows this index. Delete the surcharge first.")
        raise Refused("still_followed", message) from None
    record(actor, "charges.index_deleted", ("index", pk), changes={"name": name})


@transaction.atomic
def set_index_values(*, actor: Actor, index: Index, values: Sequence[tuple[date, Decimal | None]]) -> int:
    """Write what an index stands at from each day on; None takes a day away. All or none; returns how many.

    Orders that were placed keep their surcharge. Raises Refused("wrong_values") with ``rows/3`` for each wrong row.
    """
    require(actor, EDIT_PRICES)
    require_own(actor, index.seller_id)
    problems: dict[str, str] = {}
    for number, (day, value) in enumerate(values):
        if not FIRST_DAY <= day <= LAST_DAY:
            problems[f"rows/{number}"] = _("This day is too far away.")
        elif value is not None and not is_unit_price(value):
            problems[f"rows/{number}"] = _("Enter a value of 0 or more with at most six decimals.")
    _refuse_wrong(problems, values)
    by_day = dict(values)
    gone = [day for day, value in by_day.items() if value is None]
    IndexValue.objects.filter(index=index, day__in=gone).delete()
    IndexValue.objects.bulk_create(
        [IndexValue(index=index, day=day, value=value) for day, value in by_day.items() if value is not None],
        update_conflicts=True,
        unique_fields=["index", "day"],
        update_fields=["value"],
    )
    changes = {"name": index.name, "count": len(by_day)}
    record(actor, "charges.values_set", ("index", index.pk), changes=changes)
    return len(by_day)


@transaction.atomic
def set_contents(*, actor: Actor, index: Index, contents: Sequence[tuple[Product, Decimal]]) -> int:
    """Write how much is in one base unit of each article, in the index's unit; 0 takes it out. All or none; how many.

    Raises Refused("wrong_values") with ``rows/3`` for each wrong row.
    """
    require(actor, EDIT_PRICES)
    require_own(actor, index.seller_id)
    problems: dict[str, str] = {}
    for number, (product, amount) in enumerate(contents):
        if product.seller_id != index.seller_id:
            problems[f"rows/{number}"] = _("Choose articles of your own.")
        elif not (0 <= amount < MAX_CONTENT and amount == round(amount, 6)):
            problems[f"rows/{number}"] = _("Enter a content of 0 or more with at most six decimals.")
    _refuse_wrong(problems, contents)
    by_product = {product.pk: amount for product, amount in contents}
    gone = [pk for pk, amount in by_product.items() if not amount]
    Content.objects.filter(index=index, product_id__in=gone).delete()
    Content.objects.bulk_create(
        [Content(index=index, product_id=pk, amount=amount) for pk, amount in by_product.items() if amount],
        update_conflicts=True,
        unique_fields=["index", "product"],
        update_fields=["amount"],
    )
    changes = {"name": index.name, "count": len(by_product)}
    record(actor, "charges.contents_set", ("index", index.pk), changes=changes)
    return len(by_product)


def _refuse_wrong(problems: dict[str, str], rows: Sequence[object]) -> None:
    if not rows or len(rows) > MOST_ROWS:
        message = _("Give between 1 and %(most)s rows at once.") % {"most": MOST_ROWS}
        raise Refused("wrong_values", message, {"rows": message})
    if problems:
        message = _("Some rows cannot be taken. Nothing was saved.")
        raise Refused("wrong_values", message, problems)
