"""Add, change, remove and bring back lines; a colleague's change is never overwritten unseen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.carts.messages import (
    bad_quantity,
    checked_quantity,
    line_problem,
    sales_problem,
    wrong_unit,
)
from kontor.carts.models import Cart, CartLine
from kontor.carts.operations.open import lock_current, require_buyer_at
from kontor.carts.operations.writing import (
    CART_LINES,
    Addition,
    Goods,
    add,
    article_for,
    goods_for,
    lock_cart,
    sane_ids,
    too_many_lines,
)
from kontor.carts.permissions import require_cart_editor
from kontor.carts.rules import MAX_LINES, BadQuantity, LineProblem, plain
from kontor.catalog.models import Configuration
from kontor.goods.units import counted
from kontor.kernel.actors import Actor
from kontor.kernel.money import MAX_QUANTITY
from kontor.kernel.refusal import Refused, Stale
from kontor.kernel.texts import checked_text, printable

NOTE_LENGTH = 500
CHANGE = f"""
UPDATE carts_line AS l
SET quantity = change.quantity, note = change.note, changed_by_name = %s, revision = l.revision + 1
FROM unnest(%s::bigint[], %s::numeric[], %s::text[]) AS change (id, quantity, note)
WHERE l.id = change.id RETURNING {CART_LINES.columns("l")}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """A wish to change a line that was seen at `revision`; None leaves quantity or note as they are."""

    line_id: int
    revision: int
    quantity: Decimal | int | str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedLine:
    """All that `restore_line` needs to bring a line back to its place; fit for JSON by `asdict`, quantity as text."""

    product_id: int
    unit: str
    quantity: str
    note: str
    position: int
    configuration_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A line of the current cart after an addition, and how many lines that cart has now."""

    line: CartLine
    cart: Cart
    cart_lines: int


@transaction.atomic
def add_to_cart(
    *, actor: Actor, cart: Cart, product_id: int, quantity: Decimal | int | str, unit: str, note: str = ""
) -> CartLine:
    """Put a quantity of an article into the cart; what is there already of it in this unit adds up.

    Raises Refused at `quantity`, `unit`, `product_id` or `note`, judging the sum that the line would have.
    """
    require_cart_editor(actor, cart)
    asked = _asked(product_id, quantity, unit, note)
    return _put(actor, cart, lock_cart(cart), asked)


@transaction.atomic
def add_configured(
    *,
    actor: Actor,
    cart: Cart,
    configuration: Configuration,
    quantity: Decimal | int | str,
    unit: str,
    note: str = "",
) -> CartLine:
    """As `add_to_cart`, a product as it was configured (`catalog.operations.keep_configuration`)."""
    require_cart_editor(actor, cart)
    asked = replace(_asked(configuration.product_id, quantity, unit, note), configuration_id=configuration.pk)
    return _put(actor, cart, lock_cart(cart), asked)


@transaction.atomic
def change_configuration(
    *, actor: Actor, line: CartLine, configuration: Configuration, revision: int
) -> CartLine:
    """Let a line that was seen at `revision` be another configuration of its product; quantity and note stay.

    Where the cart holds that configuration already, quantities add up. Raises Refused and Stale as `change_line` does.
    """
    if configuration.product_id != line.product_id:
        raise Refused("not_available", _("This is a configuration of another article."))
    if configuration.pk == line.configuration_id:
        return line
    removed = remove_line(actor=actor, line=line, revision=revision)
    return restore_line(
        actor=actor, cart=line.cart, removed=replace(removed, configuration_id=configuration.pk)
    )


@transaction.atomic
def add_to_current_cart(
    *, actor: Actor, seller_id: int, product_id: int, quantity: Decimal | int | str, unit: str, note: str = ""
) -> Added:
    """As `add_to_cart`, into the buyer's current cart at this seller, which is opened when there is none."""
    require_buyer_at(actor, seller_id)
    asked = _asked(product_id, quantity, unit, note)
    cart, lines = lock_current(actor, seller_id)
    line = _put(actor, cart, lines, asked)
    is_new = line.revision == 1
    return Added(line=line, cart=cart, cart_lines=lines + is_new)


def _asked(product_id: int, quantity: Decimal | int | str, unit: str, note: str) -> Addition:
    return Addition(
        product_id=product_id, quantity=checked_quantity(quantity, field="quantity"), unit=printable(unit)[:20],
        note=checked_text(note, field="note", limit=NOTE_LENGTH), position=0,
    )  # fmt: skip


def _put(actor: Actor, cart: Cart, lines: int, asked: Addition) -> CartLine:
    """Add to the cart, which is locked and has so many lines."""
    goods = article_for(cart, asked.product_id, asked.configuration_id)
    addition = _judged(cart, goods, asked)
    if lines >= MAX_LINES:
        raise too_many_lines(lines + 1)
    (line,) = add(cart, [addition], name=actor.name)
    record(actor, "carts.line_added", ("cart", cart.pk), changes=_facts(goods, asked.quantity, line.unit))
    return line


def _judged(cart: Cart, goods: Goods | None, asked: Addition) -> Addition:
    if goods is None or not goods.is_active:
        message = _("This article is not on sale.")
        raise Refused("not_available", message, {"product_id": message})
    if goods.is_configurable != (asked.configuration_id is not None):
        raise not_configured()
    sold = goods.sold_by(asked.unit)
    if sold is None:
        message = wrong_unit(asked.unit, [one.terms.unit for one in goods.units])
        raise Refused("wrong_unit", message, {"unit": message})
    problem = sales_problem(sold.in_cart + asked.quantity, sold.terms)
    if problem:
        code, message = problem
        if sold.in_cart:
            held = {"held": counted(plain(sold.in_cart), asked.unit)}
            message += " " + _("Your cart holds %(held)s already.") % held
        raise Refused(code, message, {"quantity": message})
    return replace(asked, note=joined_notes(sold.note, asked.note), position=cart.revision)


def not_configured() -> Refused:
    """The refusal for an article of which nothing was chosen."""
    message = line_problem(LineProblem.NOT_CONFIGURED)
    return Refused("not_configured", message, {"configuration": message})


def joined_notes(held: str, added: str) -> str:
    """Both notes, a colleague's first. Raises Refused("text_too_long") at `note` when they do not fit together."""
    if not added or added == held:
        return held
    return checked_text(f"{held}\n{added}" if held else added, field="note", limit=NOTE_LENGTH)


def _facts(goods: Goods | None, quantity: Decimal, unit: str) -> dict[str, Any]:
    return {"sku": goods.sku if goods else "", "quantity": plain(quantity), "unit": unit}


@transaction.atomic
def change_line(
    *,
    actor: Actor,
    line: CartLine,
    quantity: Decimal | int | str | None = None,
    note: str | None = None,
    revision: int,
) -> CartLine:
    """Change a line that was seen at `revision`; None leaves a value as it is.

    Raises Refused at `quantity` or `note`, and Stale, with the other's name and value, at `quantity`.
    """
    change = LineChange(line_id=line.pk, revision=revision, quantity=quantity, note=note)
    prefix = f"lines/{line.pk}/"
    try:
        changed = change_lines(actor=actor, cart=line.cart, changes=[change])
    except Refused as refusal:
        fields = {field.removeprefix(prefix): text for field, text in refusal.fields.items()}
        raise type(refusal)(refusal.code, refusal.message, fields) from None
    return changed[0] if changed else CartLine.objects.get(pk=line.pk)


@transaction.atomic
def change_lines(*, actor: Actor, cart: Cart, changes: Sequence[LineChange]) -> list[CartLine]:
    """Change several lines at once, all or none; returns those that really changed.

    Raises Refused and Stale with one sentence per field ``lines/<line id>/quantity`` or ``…/note``. A line that already
    says what was wished is no conflict, whoever changed it.
    """
    require_cart_editor(actor, cart)
    lock_cart(cart)
    lines = {line.pk: line for line in cart.lines.filter(pk__in=sane_ids(one.line_id for one in changes))}
    goods = goods_for(cart, [line.product_id for line in lines.values()])
    wishes: list[tuple[int, Decimal, str]] = []
    stale: dict[str, str] = {}
    wrong: dict[str, tuple[str, str]] = {}
    for change in changes:
        line = lines.get(change.line_id)
        field = f"lines/{change.line_id}/quantity"
        if line is None:
            stale[field] = _("A colleague has removed this line. Add the article again if you need it.")
            continue
        quantity, note = _wish(change, line, wrong)
        if (quantity, note) == (line.quantity, line.note) or field in wrong:
            continue
        if change.revision != line.revision:
            stale[field] = _changed_meanwhile(line)
        elif quantity != line.quantity and (
            problem := _step_problem(goods.get(line.product_id), line, quantity)
        ):
            wrong[field] = problem
        else:
            wishes.append((line.pk, quantity, note))
    _refuse(wrong, stale)
    return _write(actor, cart, wishes, lines, goods) if wishes else []


def _wish(change: LineChange, line: CartLine, wrong: dict[str, tuple[str, str]]) -> tuple[Decimal, str]:
    """Quantity and note as wished; what cannot be read goes into `wrong`."""
    quantity, note = line.quantity, line.note
    try:
        if change.quantity is not None:
            quantity = checked_quantity(change.quantity, field=f"lines/{line.pk}/quantity")
        if change.note is not None:
            note = checked_text(change.note, field=f"lines/{line.pk}/note", limit=NOTE_LENGTH)
    except Refused as refusal:
        wrong |= {field: (refusal.code, message) for field, message in refusal.fields.items()}
    return quantity, note


def _step_problem(goods: Goods | None, line: CartLine, quantity: Decimal) -> tuple[str, str] | None:
    sold = goods.sold_by(line.unit) if goods else None
    if goods is None or sold is None:
        units = [one.terms.unit for one in goods.units] if goods else []
        return "wrong_unit", wrong_unit(line.unit, units)
    return sales_problem(quantity, sold.terms)


def _changed_meanwhile(line: CartLine) -> str:
    return _("%(name)s changed this line to %(quantity)s meanwhile. Check it, then save again.") % {
        "name": line.changed_by_name or line.added_by_name or _("A colleague"),
        "quantity": counted(line.quantity, line.unit),
    }


def _refuse(wrong: dict[str, tuple[str, str]], stale: dict[str, str]) -> None:
    """Raise for what cannot be saved; a single sentence stands for itself, several are counted."""
    if wrong:
        code, message = next(iter(wrong.values()))
        fields = {field: text for field, (_code, text) in wrong.items()} | stale
        raise Refused(code, message if len(fields) == 1 else _several(len(fields)), fields)
    if stale:
        message = next(iter(stale.values()))
        raise Stale("stale", message if len(stale) == 1 else _several(len(stale)), stale)


def _several(count: int) -> str:
    return _("Nothing was saved: %(count)d lines need another look.") % {"count": count}


def _write(
    actor: Actor,
    cart: Cart,
    wishes: list[tuple[int, Decimal, str]],
    lines: dict[int, CartLine],
    goods: dict[int, Goods],
) -> list[CartLine]:
    ids, quantities, notes = (list(column) for column in zip(*wishes, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(CHANGE, [actor.name[:150], ids, quantities, notes])
        changed = CART_LINES.read_several(cursor.fetchall())
    facts = {
        goods[line.product_id].sku if line.product_id in goods else str(line.product_id): [
            plain(lines[line.pk].quantity),
            plain(line.quantity),
        ]
        for line in changed
    }
    record(actor, "carts.lines_changed", ("cart", cart.pk), changes=facts)
    return changed


@transaction.atomic
def remove_line(*, actor: Actor, line: CartLine, revision: int) -> RemovedLine:
    """Take a line out; what is returned brings it back. Raises Stale when a colleague changed it since `revision`."""
    cart = line.cart
    require_cart_editor(actor, cart)
    lock_cart(cart)
    found = cart.lines.filter(pk=line.pk).select_related("product").first()
    if found is None:
        raise Stale("line_removed", _("A colleague has removed this line already."))
    if found.revision != revision:
        message = _changed_meanwhile(found)
        raise Stale("stale", message, {"quantity": message})
    facts = {"sku": found.product.sku, "quantity": plain(found.quantity), "unit": found.unit}
    record(actor, "carts.line_removed", ("cart", cart.pk), changes=facts)
    removed = RemovedLine(
        product_id=found.product_id, unit=found.unit, quantity=str(plain(found.quantity)), note=found.note,
        position=found.position, configuration_id=found.configuration_id,
    )  # fmt: skip
    found.delete()
    return removed


@transaction.atomic
def restore_line(*, actor: Actor, cart: Cart, removed: RemovedLine) -> CartLine:
    """Bring a removed line back to its place; if the article was added again meanwhile, quantities add up."""
    require_cart_editor(actor, cart)
    quantity = checked_quantity(Decimal(removed.quantity), field="quantity")
    lock_cart(cart)
    goods = goods_for(cart, [removed.product_id]).get(removed.product_id)
    sold = goods.sold_by(removed.unit, removed.configuration_id) if goods else None
    if goods is None or sold is None:
        raise Refused("not_available", _("This article is not on sale any more and cannot be brought back."))
    if sold.in_cart + quantity > MAX_QUANTITY:
        message = bad_quantity(BadQuantity.TOO_LARGE)
        raise Refused(BadQuantity.TOO_LARGE.value, message, {"quantity": message})
    note = joined_notes(sold.note, checked_text(removed.note, field="note", limit=NOTE_LENGTH))
    position = min(max(removed.position, 0), cart.revision)
    addition = Addition(
        product_id=goods.product_id, unit=removed.unit, quantity=quantity, note=note, position=position,
        configuration_id=removed.configuration_id,
    )  # fmt: skip
    (line,) = add(cart, [addition], name=actor.name)
    record(actor, "carts.line_restored", ("cart", cart.pk), changes=_facts(goods, quantity, removed.unit))
    return line
