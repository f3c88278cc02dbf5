"""A customer's price list as PDF: what it may buy from one seller, with breaks and units, on the seller's paper."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.companies.models import Company, CustomerAccount
from kontor.kernel import clock
from kontor.kernel.pdf import Column, Note, Paper, render
from kontor.kernel.refusal import Refused
from kontor.orders.documents import price_cell
from kontor.orders.letterhead import Writer, letterhead_of, speaking
from kontor.publishing.pricefiles import Offer, offers
from kontor.search.queries import viewer_for

SECOND = timedelta(seconds=1)
MOST_ARTICLES = 3_000
"""Of more articles nobody turns pages; the file for spreadsheets has them all."""


def price_list_pdf(account: CustomerAccount, language: str) -> bytes:
    """The paper as of now. Raises Refused("too_long") for more articles than a paper holds.

    The caller has checked that the account is the reader's own, on either side.
    """
    with speaking(language):
        return render(price_list_paper(account, language))


def price_list_paper(account: CustomerAccount, language: str) -> Paper:
    """The paper behind the PDF."""
    seller: Company = account.seller
    write = Writer(language)
    head = letterhead_of(seller, write)
    found = list(_at_most(offers(viewer_for(account.buyer_id), seller_id=seller.pk)))
    now = clock.now()
    return Paper(
        language=language,
        title=_("Price list"),
        number=account.customer_number,
        sender=head.sender,
        accent=head.accent,
        footer=head.footer,
        page_word=_("Page"),
        recipient=[str(account.buyer)],
        facts=[
            (_("Customer number"), account.customer_number),
            (_("As of"), write.day(now, head.zone)),
            (_("Articles"), str(len(found))),
        ],
        intro=[
            _(
                "Your prices without VAT. They hold until we change them, or to the day that stands beside them."
            )
        ],
        columns=[
            Column(_("Article"), wide=True),
            Column(_("Unit")),
            Column(_("From"), number=True),
            Column(_("Unit price"), number=True),
        ],
        rows=[row for one in found for row in _rows(one, write, head.zone)],
        notes=[Note([_("What is ordered is charged at the price of the day of the order.")])],
    )


def _at_most(found: Iterator[Offer]) -> Iterator[Offer]:
    for count, one in enumerate(found):
        if count == MOST_ARTICLES:
            message = _("The price list has more than %(most)s articles. Take it as a file for spreadsheets.")
            raise Refused("too_long", message % {"most": MOST_ARTICLES})
        yield one


def _rows(offer: Offer, write: Writer, zone: str) -> Iterator[list[list[str]]]:
    """An article with its first price, and a line for each further break."""
    article = [offer.name, offer.sku]
    if offer.own_number:
        article.append(_("Your number: %(number)s") % {"number": offer.own_number})
    if offer.changes_at is not None:
        article.append(_("until %(day)s") % {"day": write.day(offer.changes_at - SECOND, zone)})
    unit = [write.quantity(Decimal(1), offer.unit)]
    if offer.unit != offer.base_unit:
        unit.append(write.quantity(offer.factor, offer.base_unit))
    if not offer.steps:
        yield [article, unit, [""], [_("on request")]]
    for place, step in enumerate(offer.steps):
        price = price_cell(step.amount, step.base, offer.base_unit, offer.currency, write)
        price[0] = f"{price[0]} {offer.currency}"
        least = [write.quantity(step.least, offer.base_unit)]
        yield [[""] if place else article, [""] if place else unit, least, price]
