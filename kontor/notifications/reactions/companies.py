"""Mails about companies, their accounts at sellers and their people."""

from django.utils.translation import gettext as _

from kontor.companies.events import (
    AccountAccepted,
    AccountDeclined,
    AccountRequested,
    ColleagueInvited,
    CompanyRegistered,
    RegistrationRepeated,
)
from kontor.companies.links import invitation_token
from kontor.companies.models import CustomerAccount, Invitation, Membership, User
from kontor.kernel import clock
from kontor.kernel.events import on, this_event
from kontor.notifications.audience import Recipient, people, person
from kontor.notifications.letters import Letter, day
from kontor.notifications.links import link
from kontor.notifications.operations import Posting, queue_account_mail, queue_mail
from kontor.notifications.topics import ACCOUNT, CUSTOMERS, INVITATION, SELLER


@on(CompanyRegistered)
def welcome(event: CompanyRegistered) -> None:
    """Tell who registered the company what happens next."""
    members = Membership.objects.filter(company_id=event.company_id).select_related("user", "company")
    first = members.order_by("pk").first()
    if first is None:
        return

    def write(_to: Recipient) -> Letter:
        names = {"company": str(first.company)}
        return Letter(
            subject=_("Welcome: %(company)s is registered") % names,
            heading=_("%(company)s is registered") % names,
            paragraphs=[
                _(
                    "You can look around and fill carts at once. You can order as soon as a seller has accepted you."
                ),
                _("You are the administrator: invite colleagues, and say who may order up to which amount."),
            ],
            action=(_("Sign in"), link("sign_in")),
        )

    posting = Posting(topic=ACCOUNT, about=this_event())
    queue_mail(posting=posting, to=[person(first)], write=write)


@on(RegistrationRepeated)
def say_that_an_account_exists(event: RegistrationRepeated) -> None:
    """Somebody tried to register with this address; only its owner learns that it is known."""
    user = User.objects.get(pk=event.user_id)
    queue_account_mail("account/email/account_already_exists", email=user.email, context={})


@on(AccountRequested)
def tell_sales_of_a_new_customer(event: AccountRequested) -> None:
    account = _account(event.account_id)
    if account.status != CustomerAccount.Status.REQUESTED:
        return

    def write(_to: Recipient) -> Letter:
        buyer = account.buyer
        facts = [
            (_("Company"), buyer.legal_name),
            (_("VAT number"), buyer.vat_id),
            (_("Country"), buyer.country),
        ]
        return Letter(
            subject=_("%(company)s wants to become a customer") % {"company": buyer},
            heading=_("%(company)s wants to become a customer") % {"company": buyer},
            paragraphs=[
                _("Look at the company, then accept it with a payment term and prices, or decline it.")
            ],
            facts=[fact for fact in facts if fact[1]],
            words=account.note,
            words_by=str(buyer) if account.note else "",
            action=(_("Review the request"), link("customer", account.pk, side=SELLER)),
        )

    posting = Posting(topic=CUSTOMERS, about=this_event())
    queue_mail(posting=posting, to=people(CUSTOMERS, account.seller_id), write=write)


@on(AccountAccepted)
def tell_the_buyer_of_acceptance(event: AccountAccepted) -> None:
    account = _account(event.account_id)

    def write(_to: Recipient) -> Letter:
        names = {"seller": str(account.seller), "company": str(account.buyer)}
        term = account.payment_term
        facts = [
            (_("Your customer number"), account.customer_number),
            (_("Payment"), str(term) if term else ""),
            (_("Your contact"), account.sales_rep.user.name if account.sales_rep else ""),
        ]
        return Letter(
            sender=str(account.seller),
            subject=_("%(seller)s has accepted you as a customer") % names,
            heading=_("%(company)s can order now") % names,
            paragraphs=[
                _("%(seller)s has opened an account for %(company)s. Your own prices are in the store.")
                % names
            ],
            facts=[fact for fact in facts if fact[1]],
            action=(_("Go to the store"), link("home")),
        )

    posting = Posting(topic=ACCOUNT, about=this_event(), reply_to=_contact(account))
    queue_mail(posting=posting, to=people(ACCOUNT, account.buyer_id), write=write)


@on(AccountDeclined)
def tell_the_buyer_of_refusal(event: AccountDeclined) -> None:
    account = _account(event.account_id)

    def write(_to: Recipient) -> Letter:
        names = {"seller": str(account.seller)}
        return Letter(
            sender=str(account.seller),
            subject=_("%(seller)s did not open an account for you") % names,
            heading=_("%(seller)s did not open an account for you") % names,
            paragraphs=[_("Your request to become a customer was declined.")],
            words=account.decision_note,
            words_by=str(account.seller) if account.decision_note else "",
        )

    posting = Posting(topic=ACCOUNT, about=this_event())
    queue_mail(posting=posting, to=people(ACCOUNT, account.buyer_id), write=write)


@on(ColleagueInvited)
def invite(event: ColleagueInvited) -> None:
    invitation = Invitation.objects.select_related("company", "invited_by__user").get(pk=event.invitation_id)
    if invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= clock.now():
        return
    by = invitation.invited_by.user if invitation.invited_by else None
    to = Recipient(
        email=invitation.email,
        name=invitation.name,
        language=by.language if by else invitation.company.language,
        timezone=invitation.company.timezone,
        company_id=invitation.company_id,
    )

    def write(_to: Recipient) -> Letter:
        company = str(invitation.company)
        names = {"name": by.name if by else company, "company": company, "day": day(invitation.expires_at)}
        return Letter(
            sender=company,
            subject=_("%(name)s invites you to join %(company)s") % names,
            heading=_("Join %(company)s") % names,
            paragraphs=[
                _("%(name)s has a seat for you at %(company)s. Choose a password, and you are in.") % names
            ],
            action=(_("Accept the invitation"), link("join", invitation_token(invitation))),
            closing=[
                _("The link is good until %(day)s. If you do not know %(name)s, ignore this mail.") % names
            ],
        )

    posting = Posting(topic=INVITATION, about=this_event(), reply_to=by.email if by else "")
    queue_mail(posting=posting, to=[to], write=write)


def _account(pk: int) -> CustomerAccount:
    related = ("buyer", "seller", "payment_term", "sales_rep__user")
    return CustomerAccount.objects.select_related(*related).get(pk=pk)


def _contact(account: CustomerAccount) -> str:
    return account.sales_rep.user.email if account.sales_rep else ""
