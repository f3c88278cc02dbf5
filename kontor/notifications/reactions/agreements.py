"""Mails about agreements: in force, terminated, about to end."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kontor.agreements.events import AgreementActivated, AgreementTerminated
from kontor.agreements.models import Agreement, Commitment
from kontor.agreements.queries import accounts_in
from kontor.kernel.events import on, this_event
from kontor.notifications.audience import Recipient, people
from kontor.notifications.letters import Letter, Writer, day, money, quantity
from kontor.notifications.links import link
from kontor.notifications.operations import Posting, queue_mail
from kontor.notifications.topics import AGREEMENTS, SELLER, SELLER_AGREEMENTS

Facts = list[tuple[str, str]]


@on(AgreementActivated)
def tell_the_buyer_of_an_agreement(event: AgreementActivated) -> None:
    agreement = _agreement(event.agreement_id)

    def write(_to: Recipient) -> Letter:
        names = _names(agreement)
        return Letter(
            sender=names["seller"],
            subject=_("Agreement %(title)s with %(seller)s") % names,
            heading=_("Agreement %(title)s is in force") % names,
            paragraphs=[_("Its prices count on every page from the first day on; you need not name it.")],
            facts=_dates(agreement) + _commitments(agreement),
            action=(_("See the agreement"), link("agreement", agreement.pk)),
        )

    _tell_buyers(agreement, write)


@on(AgreementTerminated)
def tell_the_buyer_of_a_termination(event: AgreementTerminated) -> None:
    agreement = _agreement(event.agreement_id)

    def write(_to: Recipient) -> Letter:
        names = _names(agreement)
        return Letter(
            sender=names["seller"],
            subject=_("%(seller)s has ended the agreement %(title)s") % names,
            heading=_("%(seller)s has ended the agreement %(title)s") % names,
            paragraphs=[_("Orders that you have placed keep their prices.")],
            words=agreement.end_note,
            words_by=names["seller"],
            action=(_("See the agreement"), link("agreement", agreement.pk)),
        )

    _tell_buyers(agreement, write)


def remind_of_ending(agreement: Agreement, about: str) -> int:
    """Tell both sides that it ends, each once for `about`; how many mails."""

    def to_buyer(_to: Recipient) -> Letter:
        names = _names(agreement)
        text = _("After that your usual prices count again. Ask %(seller)s if you want it to go on.") % names
        return _ending(agreement, text, link("agreement", agreement.pk))

    def to_seller(_to: Recipient) -> Letter:
        text = _("Renew it with new dates and prices, or let it end.")
        return _ending(agreement, text, link("agreement", agreement.pk, side=SELLER))

    mails = 0
    accounts = list(accounts_in(agreement))
    thread = f"agreement:{agreement.pk}"
    for account in accounts:
        posting = Posting(topic=AGREEMENTS, about=about, thread=thread)
        to = people(AGREEMENTS, account.buyer_id, otherwise=("admin", "buyer"))
        mails += len(queue_mail(posting=posting, to=to, write=to_buyer))
    posting = Posting(topic=SELLER_AGREEMENTS, about=about, thread=thread)
    reps = {account.sales_rep_id for account in accounts}
    to = people(SELLER_AGREEMENTS, agreement.seller_id, concerned=reps, otherwise=SELLER_AGREEMENTS.roles)
    return mails + len(queue_mail(posting=posting, to=to, write=to_seller))


def _ending(agreement: Agreement, text: str, address: str) -> Letter:
    names = _names(agreement)
    return Letter(
        sender=names["seller"],
        subject=_("Agreement %(title)s ends on %(day)s") % names,
        heading=_("Agreement %(title)s ends on %(day)s") % names,
        paragraphs=[text],
        facts=_dates(agreement) + _commitments(agreement),
        action=(_("See the agreement"), address),
    )


def _tell_buyers(agreement: Agreement, write: Writer) -> None:
    posting = Posting(topic=AGREEMENTS, about=this_event(), thread=f"agreement:{agreement.pk}")
    for account in accounts_in(agreement):
        to = people(AGREEMENTS, account.buyer_id, otherwise=("admin", "buyer"))
        queue_mail(posting=posting, to=to, write=write)


def _agreement(pk: int) -> Agreement:
    return Agreement.objects.select_related("seller").get(pk=pk)


def _names(agreement: Agreement) -> dict[str, str]:
    return {
        "title": agreement.title,
        "number": agreement.number,
        "seller": str(agreement.seller),
        "day": day(agreement.last_day),
    }


def _dates(agreement: Agreement) -> Facts:
    last = day(agreement.last_day) if agreement.last_day else _("further notice")
    told = [
        (_("Number"), agreement.number),
        (_("First day"), day(agreement.first_day)),
        (_("Last day"), last),
    ]
    return [*told, (_("Your number"), agreement.buyer_number)] if agreement.buyer_number else told


def _commitments(agreement: Agreement) -> Facts:
    """What is committed and what is left; of a group's nobody is told what the others used."""
    rows: Sequence[Commitment] = list(agreement.commitments.select_related("product")[:20])
    return [
        (
            f"{one.get_kind_display()}: {one.product.name if one.product else _('All goods')}",
            _much(one, agreement)
            if agreement.group_id
            else _("%(whole)s, of which %(left)s are left")
            % {"whole": _much(one, agreement), "left": _much(one, agreement, left=True)},
        )
        for one in rows
    ]


def _much(one: Commitment, agreement: Agreement, *, left: bool = False) -> str:
    amount = one.left if left else one.committed
    if one.measure == Commitment.Measure.VALUE or one.product is None:
        return money(amount, agreement.currency)
    return quantity(amount, one.product.base_unit)
