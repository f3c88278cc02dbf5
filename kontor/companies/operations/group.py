"""A seller puts customers that it treats alike into groups."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.entries import Entries
from kontor.companies.models import Company, CustomerAccount, CustomerGroup
from kontor.companies.ownership import own_company_id
from kontor.companies.permissions import ACCEPT_CUSTOMERS
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import NotAllowed, Refused


@transaction.atomic
def save_customer_group(*, actor: Actor, name: str, group: CustomerGroup | None = None) -> CustomerGroup:
    """Add a group of the own company's customers, or rename one. Raises Refused("invalid_entries", "name_taken")."""
    require(actor, ACCEPT_CUSTOMERS)
    seller = Company.objects.get(pk=own_company_id(actor))
    if not seller.is_seller:
        raise NotAllowed("not_a_seller", _("Only sellers have customer groups."))
    if group is not None:
        _require_own(actor, group.seller_id)
    entries = Entries()
    clean = entries.text("name", name, longest=120, required=True)
    entries.done()
    group = group or CustomerGroup(seller=seller)
    before, group.name = group.name, clean
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        message = _("Another of your groups has this name.")
        raise Refused("name_taken", message, {"name": message}) from None
    record(
        actor,
        "companies.group_saved",
        ("customer_group", group.pk),
        changes={"name": clean, "before": before},
    )
    return group


@transaction.atomic
def delete_customer_group(*, actor: Actor, group: CustomerGroup) -> None:
    """Remove a group that no customer is in. Raises Refused("not_empty")."""
    require(actor, ACCEPT_CUSTOMERS)
    _require_own(actor, group.seller_id)
    CustomerGroup.objects.select_for_update().get(pk=group.pk)
    if CustomerAccount.objects.filter(group=group).exists():
        raise Refused("not_empty", _("There are customers in this group. Take them out first."))
    record(actor, "companies.group_deleted", ("customer_group", group.pk), changes={"name": group.name})
    group.delete()


@transaction.atomic
def put_in_group(*, actor: Actor, accounts: Sequence[CustomerAccount], group: CustomerGroup | None) -> int:
    """Put customers into a group, or (None) take them out of theirs; each is in one at most. How many moved."""
    require(actor, ACCEPT_CUSTOMERS)
    for seller_id in {one.seller_id for one in accounts} | ({group.seller_id} if group else set()):
        _require_own(actor, seller_id)
    moving = [one for one in accounts if one.group_id != (group.pk if group else None)]
    if group is not None:
        CustomerGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    CustomerAccount.objects.filter(pk__in=[one.pk for one in moving]).update(group=group)
    for account in moving:
        account.group = group
        changes = {"group": group.name if group else ""}
        code = "companies.put_in_group" if group else "companies.taken_out_of_group"
        record(actor, code, ("account", account.pk), changes=changes)
    return len(moving)


def _require_own(actor: Actor, seller_id: int) -> None:
    if not actor.is_system and seller_id != actor.company_id:
        raise NotAllowed("not_allowed", _("This belongs to another seller."))
