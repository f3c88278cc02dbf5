"""Delivery note and pick list as PDF."""

from django.utils.translation import gettext as _

from kontor.catalog.queries import numbers_on_paper
from kontor.fulfilment.models import PickList, Shipment, ShipmentLine
from kontor.fulfilment.queries import pick_lines, shipment_lines
from kontor.kernel.pdf import Column, Note, Paper, SecondAddress, render
from kontor.orders.letterhead import Writer, letterhead_of, speaking
from kontor.orders.models import OrderLine


def delivery_note_pdf(shipment: Shipment, language: str) -> bytes:
    """What is in the parcels, without prices, with room for a signature. The caller has checked who may see it."""
    with speaking(language):
        return render(delivery_note(shipment, language))


def delivery_note(shipment: Shipment, language: str) -> Paper:
    """The paper behind the PDF."""
    write = Writer(language)
    order = shipment.order
    head = letterhead_of(order.seller, write)
    packed = shipment_lines(shipment)
    numbers = numbers_on_paper(order.buyer_id, {line.article.product_id for line in packed})
    return Paper(
        language=language,
        title=_("Delivery note"),
        number=shipment.number,
        sender=head.sender,
        accent=head.accent,
        footer=head.footer,
        page_word=_("Page"),
        recipient=write.address(order.delivery_address, home=head.country),
        facts=_shipment_facts(shipment, write, head.zone),
        columns=[
            Column(_("No."), number=True),
            Column(_("Article"), wide=True),
            Column(_("Ordered"), number=True),
            Column(_("Delivered"), number=True),
        ],
        rows=[
            [
                [str(line.order_line.position)],
                _article(line, numbers.get(line.article.product_id, "")),
                [write.quantity(line.ordered, line.article.base_unit)],
                [write.quantity(line.quantity, line.article.base_unit)],
            ]
            for line in packed
        ],
        notes=[
            Note(
                [_("Please check the goods for damage and completeness, and tell us within the time agreed.")]
            )
        ],
        signatures=[_("Received on"), _("Name in block letters"), _("Signature")],
    )


def _article(line: ShipmentLine, own_number: str) -> list[str]:
    article = [line.article.name, line.article.sku]
    if line.part is not None:
        article.append(_part_of(line.order_line))
    if own_number:
        article.append(_("Your number: %(number)s") % {"number": own_number})
    return [*article, line.lot] if line.lot else article


def _part_of(kit: OrderLine) -> str:
    return _("part of %(sku)s %(name)s") % {"sku": kit.sku, "name": kit.name}


def _shipment_facts(shipment: Shipment, write: Writer, zone: str) -> list[tuple[str, str]]:
    order = shipment.order
    facts = [
        (_("Date"), write.day(shipment.shipped_at or shipment.packed_at, zone)),
        (_("Order"), order.number),
        (_("Your order number"), order.po_number),
        (_("Customer number"), order.account.customer_number),
        (_("Packages"), str(shipment.packages)),
        (_("Weight"), write.kilograms(shipment.weight_grams) if shipment.weight_grams else ""),
        (_("Carrier"), shipment.carrier),
        (_("Tracking number"), shipment.tracking_number),
    ]
    return [(label, value) for label, value in facts if value]


def pick_list_pdf(pick_list: PickList, language: str) -> bytes:
    """What to take from which bin, in the order of bins, with a box to tick."""
    with speaking(language):
        return render(pick_list_paper(pick_list, language))


def pick_list_paper(pick_list: PickList, language: str) -> Paper:
    """The paper behind the PDF."""
    write = Writer(language)
    order, warehouse = pick_list.order, pick_list.warehouse
    head = letterhead_of(order.seller, write)
    place = list(dict.fromkeys(line for line in (warehouse.name, warehouse.city) if line))
    facts = [
        (_("Order"), order.number),
        (_("Made on"), write.day(pick_list.created_at, head.zone)),
        (_("Promised for"), write.day(order.confirmed_date)),
        (_("Lines"), str(pick_list.lines.count())),
    ]
    return Paper(
        language=language,
        title=_("Pick list"),
        number=pick_list.number,
        sender=head.sender,
        accent=head.accent,
        footer=[place],
        page_word=_("Page"),
        recipient=[_("Warehouse %(code)s") % {"code": warehouse.code}, *place],
        second_address=SecondAddress(_("Goes to"), write.address(order.delivery_address, home=head.country)),
        facts=[(label, value) for label, value in facts if value],
        columns=[
            Column(_("Bin")),
            Column(_("Article"), wide=True),
            Column(_("To pick"), number=True),
            Column(_("Picked")),
        ],
        rows=[
            [
                [line.stock_item.bin or "–"],
                [
                    line.article.name,
                    line.article.sku,
                    *([_part_of(line.order_line)] if line.part is not None else []),
                    *([line.order_line.note] if line.order_line.note else []),
                ],
                [write.quantity(line.quantity, line.article.base_unit)],
                None,
            ]
            for line in pick_lines(pick_list)
        ],
        notes=[Note(order.note.splitlines(), _("Note of the customer"))] if order.note else [],
        signatures=[_("Picked by"), _("Checked by")],
    )
