"""Assortments: what of a seller's goods a company may see and buy."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.events import AssortmentsChanged
from kontor.catalog.models import Assortment, AssortmentAssignment, CatalogSettings
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.catalog.permissions import EDIT_ASSORTMENTS
from kontor.catalog.visibility import change_rules, place
from kontor.companies.models import Company, CustomerAccount, CustomerGroup
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import NotAllowed, Refused

DEEPEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AssortmentFacts:
    """An assortment as a form gives it. What it extends is where it begins; else it begins with all goods or none."""

    name: str
    start: str = Assortment.Start.ALL
    extends: Assortment | None = None
    is_standard: bool = False


@transaction.atomic
def save_assortment(
    *,
    actor: Actor,
    facts: AssortmentFacts,
    assortment: Assortment | None = None,
    seller: Company | None = None,
) -> Assortment:
    """Add an assortment of the actor's company (the system names the seller), or change one.

    The first one of a seller brings the standard assortment with all goods along, unless it is to be the standard
    itself: so nobody loses sight of anything by it. Making one the standard takes this from the other. Raises Refused:
    ``incomplete`` or ``name_taken`` at ``name``, ``extends_itself`` at ``extends``, ``standard_needed`` at
    ``is_standard``. Publishes AssortmentsChanged.
    """
    require(actor, EDIT_ASSORTMENTS)
    if assortment is None:
        assortment = Assortment(seller_id=selling_company_id(actor, seller))
    else:
        require_own(actor, assortment.seller_id)
    change_rules(assortment.seller_id)
    _check(facts, assortment)
    before = [assortment.name, assortment.start, assortment.extends_id, assortment.is_standard]
    _make_room_for_standard(facts, assortment)
    assortment.name, assortment.start = facts.name.strip(), facts.start
    assortment.extends, assortment.is_standard = facts.extends, facts.is_standard
    try:
        with transaction.atomic():
            assortment.save()
    except IntegrityError:
        message = _("Another of your assortments has this name.")
        raise Refused("name_taken", message, {"name": message}) from None
    after = [assortment.name, assortment.start, assortment.extends_id, assortment.is_standard]
    names = ("name", "start", "extends", "is_standard")
    changes = {name: [old, new] for name, old, new in zip(names, before, after, strict=True) if old != new}
    record(
        actor, "catalog.assortment_saved", ("assortment", assortment.pk), changes=changes | {"name": after[0]}
    )
    _tell(assortment.seller_id)
    return assortment


def _check(facts: AssortmentFacts, assortment: Assortment) -> None:
    problems = {}
    if not 0 < len(facts.name.strip()) <= 120:
        problems["name"] = _("Enter a name of up to 120 characters.")
    if facts.start not in Assortment.Start.values:
        problems["start"] = _("Choose whether it begins with all goods or with none.")
    if problems:
        raise Refused("incomplete", _("The assortment was not saved. Correct the marked fields."), problems)
    if assortment.pk and assortment.is_standard and not facts.is_standard:
        message = _("There must be a standard assortment. Make another one the standard instead.")
        raise Refused("standard_needed", message, {"is_standard": message})
    depth = 0
    above: Assortment | None = facts.extends
    while above is not None:
        depth += 1
        if above.seller_id != assortment.seller_id:
            raise NotAllowed("not_allowed", _("This belongs to another seller."))
        if above.pk == assortment.pk or depth > DEEPEST:
            message = _("An assortment cannot begin with itself, nor with one that begins with it.")
            raise Refused("extends_itself", message, {"extends": message})
        above = above.extends


def _make_room_for_standard(facts: AssortmentFacts, assortment: Assortment) -> None:
    others = Assortment.objects.filter(seller_id=assortment.seller_id, is_standard=True).exclude(
        pk=assortment.pk
    )
    if facts.is_standard:
        others.update(is_standard=False)
    elif not others.exists():
        name = _("All goods")
        if facts.name.strip() == name:
            name = _("Standard")
        Assortment.objects.create(seller_id=assortment.seller_id, name=name, is_standard=True)


@transaction.atomic
def delete_assortment(*, actor: Actor, assortment: Assortment) -> None:
    """Remove an assortment that nobody has. The standard one goes last; then everybody sees everything again.

    Raises Refused: ``assigned`` while somebody has it, ``extended`` while another begins with it, ``standard_needed``
    for the standard while there are others. Publishes AssortmentsChanged.
    """
    require(actor, EDIT_ASSORTMENTS)
    require_own(actor, assortment.seller_id)
    change_rules(assortment.seller_id)
    others = Assortment.objects.filter(seller_id=assortment.seller_id).exclude(pk=assortment.pk)
    if assortment.is_standard and others.exists():
        message = _("This is the standard assortment. Make another one the standard first.")
        raise Refused("standard_needed", message)
    if assortment.assignments.exists():
        raise Refused("assigned", _("Somebody has this assortment. Take it from them first."))
    pk, name = assortment.pk, assortment.name
    try:
        assortment.delete()
    except ProtectedError:
        raise Refused("extended", _("Another assortment begins with this one. Change that first.")) from None
    record(actor, "catalog.assortment_deleted", ("assortment", pk), changes={"name": name})
    _tell(assortment.seller_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """Who has an assortment beside those who have it as the standard."""

    accounts: Sequence[CustomerAccount] = ()
    groups: Sequence[CustomerGroup] = ()
    visitors: bool = False


@transaction.atomic
def assign_assortment(*, actor: Actor, assortment: Assortment, holders: Holders) -> None:
    """Give an assortment to these customers, groups and visitors, and take it from all others that had it.

    A customer's own assortments hide those of its group, and those hide the standard. Raises NotAllowed for customers
    or groups of another seller. It counts from the next request on; no product is written.
    """
    require(actor, EDIT_ASSORTMENTS)
    require_own(actor, assortment.seller_id)
    sellers = {one.seller_id for one in holders.accounts} | {one.seller_id for one in holders.groups}
    if sellers - {assortment.seller_id}:
        raise NotAllowed("not_allowed", _("This belongs to another seller."))
    change_rules(assortment.seller_id)
    wanted: set[tuple[int | None, int | None]] = {(one.pk, None) for one in holders.accounts}
    wanted |= {(None, one.pk) for one in holders.groups}
    wanted |= {(None, None)} if holders.visitors else set()
    held = {(one.account_id, one.group_id): one.pk for one in assortment.assignments.all()}
    gone = [pk for key, pk in held.items() if key not in wanted]
    new = sorted(wanted - set(held), key=str)
    if not gone and not new:
        return
    AssortmentAssignment.objects.filter(pk__in=gone).delete()
    AssortmentAssignment.objects.bulk_create(
        AssortmentAssignment(assortment=assortment, account_id=account, group_id=group)
        for account, group in new
    )
    changes = {"name": assortment.name, "given": len(new), "taken": len(gone)}
    record(actor, "catalog.assortment_assigned", ("assortment", assortment.pk), changes=changes)


@transaction.atomic
def assign_assortments(*, actor: Actor, account: CustomerAccount, assortments: Sequence[Assortment]) -> None:
    """Give a customer these assortments instead of its own; none: it has those of its group, or the standard."""
    require(actor, EDIT_ASSORTMENTS)
    require_own(actor, account.seller_id)
    if any(one.seller_id != account.seller_id for one in assortments):
        raise NotAllowed("not_allowed", _("This belongs to another seller."))
    change_rules(account.seller_id)
    held = AssortmentAssignment.objects.filter(account=account)
    before = sorted(held.values_list("assortment_id", "assortment__name"))
    after = sorted({(one.pk, one.name) for one in assortments})
    if before == after:
        return
    held.delete()
    AssortmentAssignment.objects.bulk_create(
        AssortmentAssignment(assortment_id=pk, account=account) for pk, _name in after
    )
    names = [[name for _pk, name in before], [name for _pk, name in after]]
    record(actor, "catalog.assortments_given", ("account", account.pk), changes={"assortments": names})


@transaction.atomic
def set_guest_mode(*, actor: Actor, mode: str, seller: Company | None = None) -> CatalogSettings:
    """Say what visitors see: goods and prices, goods alone, or nothing without sign-in.

    Whether visitors see prices stands on the company as well, where the price resolver reads it; this keeps both equal.
    Raises Refused("unknown_mode") at ``guest_mode``. Publishes AssortmentsChanged.
    """
    require(actor, EDIT_ASSORTMENTS)
    seller_id = selling_company_id(actor, seller)
    if mode not in CatalogSettings.GuestMode.values:
        message = _("Choose what visitors see.")
        raise Refused("unknown_mode", message, {"guest_mode": message})
    change_rules(seller_id)
    before = guest_mode_of(seller_id)
    settings, _new = CatalogSettings.objects.update_or_create(
        seller_id=seller_id, defaults={"guest_mode": mode}
    )
    Company.objects.filter(pk=seller_id).update(prices_for_guests=mode == CatalogSettings.GuestMode.PUBLIC)
    record(actor, "catalog.guest_mode_set", ("company", seller_id), changes={"guest_mode": [before, mode]})
    _tell(seller_id)
    return settings


def guest_mode_of(seller_id: int) -> str:
    """What visitors see of a seller; the company's own switch for prices counts unless nothing is shown at all."""
    kept = CatalogSettings.objects.filter(seller_id=seller_id).values_list("guest_mode", flat=True).first()
    if kept == CatalogSettings.GuestMode.SIGN_IN:
        return kept
    shown = Company.objects.filter(pk=seller_id, prices_for_guests=True).exists()
    return CatalogSettings.GuestMode.PUBLIC if shown else CatalogSettings.GuestMode.PRICES_HIDDEN


def _tell(seller_id: int) -> None:
    place(seller_id)
    publish(AssortmentsChanged(seller_id))
