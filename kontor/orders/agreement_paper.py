"""An agreement as PDF: with whom and how long, what is committed, and its prices, on the seller's paper."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.agreements.models import Agreement, Commitment
from kontor.agreements.queries import Progress, current_prices, progress_of
from kontor.companies.models import Company
from kontor.kernel.actors import Actor
from kontor.kernel.pdf import Column, Note, Paper, render
from kontor.orders.documents import price_cell
from kontor.orders.letterhead import Writer, letterhead_of, speaking
from kontor.pricing.models import Price

MOST_PRICES = 3_000
"""Of more prices nobody turns pages: the paper names the file for spreadsheets, which has them all."""


def agreement_pdf(actor: Actor, agreement: Agreement, language: str) -> bytes:
    """The paper, with the prices of now, else of its first or last moment.

    The caller has checked that the actor may see the agreement.
    """
    with speaking(language):
        return render(agreement_paper(actor, agreement, language))


def agreement_paper(actor: Actor, agreement: Agreement, language: str) -> Paper:
    """The paper behind the PDF."""
    write = Writer(language)
    head = letterhead_of(agreement.seller, write)
    prices = list(
        current_prices(actor, agreement).order_by("product__sku", "min_quantity", "id")[: MOST_PRICES + 1]
    )
    intro = [agreement.title]
    if len(prices) > MOST_PRICES:
        prices = []
        intro.append(
            _("The prices are too many for paper. They are in the file of prices of this agreement.")
        )
    draft = agreement.status == Agreement.Status.DRAFT
    return Paper(
        language=language,
        title=_("Draft of an agreement") if draft else _("Agreement"),
        number=agreement.number,
        sender=head.sender,
        accent=head.accent,
        footer=head.footer,
        page_word=_("Page"),
        recipient=[_party(actor, agreement)],
        facts=_facts(agreement, write),
        intro=intro,
        columns=[
            Column(_("Article"), wide=True),
            Column(_("From"), number=True),
            Column(_("Unit price %(currency)s") % {"currency": agreement.currency}, number=True),
        ],
        rows=[_row(one, agreement.currency, write) for one in prices],
        notes=list(_notes(agreement, progress_of(actor, [agreement])[agreement.pk], write)),
        signatures=[str(agreement.seller), str(agreement.account.buyer)] if agreement.account else (),
    )


def _party(actor: Actor, agreement: Agreement) -> str:
    """The customer. What a seller calls a group of customers is its own business: each reads its own name."""
    if agreement.account is not None:
        return str(agreement.account.buyer)
    if actor.company_id == agreement.seller_id and not actor.acting_for_id:
        return str(agreement.group)
    return str(Company.objects.get(pk=actor.buying_company_id or 0))


def _facts(agreement: Agreement, write: Writer) -> list[tuple[str, str]]:
    facts = [
        (_("Kind"), agreement.get_kind_display()),
        (_("First day"), write.day(agreement.first_day)),
        (_("Last day"), write.day(agreement.last_day) or _("further notice")),
        (_("Ended on"), write.day(agreement.ended_at, agreement.seller.timezone)),
        (_("Customer number"), agreement.account.customer_number if agreement.account else ""),
        (_("Your number"), agreement.buyer_number),
        (_("Contact"), agreement.contact),
    ]
    return [(label, value) for label, value in facts if value]


def _row(price: Price, currency: str, write: Writer) -> list[list[str]]:
    product = price.product
    shown = [_("on request")]
    if price.amount is not None:
        shown = price_cell(price.amount, price.price_base, product.base_unit, currency, write)
    least = [write.quantity(price.min_quantity, product.base_unit)]
    if price.unit:
        least.append(_("when ordered by %(unit)s") % {"unit": write.quantity(Decimal(1), price.unit)})
    return [[product.name, product.sku], least, shown]


def _notes(agreement: Agreement, committed: list[Progress], write: Writer) -> Iterator[Note]:
    if committed:
        yield Note([_committed(one.commitment, agreement, write) for one in committed], _("Committed"))
    if agreement.terms:
        yield Note(agreement.terms.splitlines(), _("Terms"))
    yield Note([_("Prices are net; tax is added as the law has it on the day of delivery.")])


def _committed(one: Commitment, agreement: Agreement, write: Writer) -> str:
    if one.product is not None and one.measure == Commitment.Measure.QUANTITY:
        amount = write.quantity(one.committed, one.product.base_unit)
    else:
        amount = f"{write.amount(one.committed, agreement.currency)} {agreement.currency}"
    goods = f"{one.product.name} ({one.product.sku})" if one.product else _("All goods")
    return f"{one.get_kind_display()}: {goods}: {amount}"
