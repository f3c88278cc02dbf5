"""A customer was accepted, or has another VAT id: its proof is fetched before the first order, not after."""

from kontor.companies.events import AccountAccepted, CompanyChanged
from kontor.companies.models import CustomerAccount
from kontor.kernel.events import on
from kontor.taxes.jobs import send_for_proofs_about


@on(AccountAccepted)
def prove_the_accepted(event: AccountAccepted) -> None:
    send_for_proofs_about(CustomerAccount.objects.values_list("buyer_id", flat=True).get(pk=event.account_id))


@on(CompanyChanged)
def prove_the_changed(event: CompanyChanged) -> None:
    send_for_proofs_about(event.company_id)
