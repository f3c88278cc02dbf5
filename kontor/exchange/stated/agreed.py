from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kontor.catalog.models import AgreedQuantity, SalesUnit
from kontor.catalog.operations import AgreedFacts, agree_quantities
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.exchange.drafts import Draft
from kontor.exchange.plan import Plan
from kontor.exchange.stated.blocks import Block, Came, differences, tell
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused

Holder = CustomerAccount | CustomerGroup
Key = tuple[str, str]
"""Customer and group, as a row names them; one is empty."""
Kept = dict[tuple[str, str], AgreedFacts]
"""By SKU and unit."""


class Agreements:
    """What files state about quantities agreed with customers and groups."""

    def __init__(self, actor: Actor, seller_id: int, plan: Plan) -> None:
        self._actor, self._seller_id, self._plan = actor, seller_id, plan
        self._holders: dict[Key, Holder] = {}
        self._kept: dict[Holder | None, Kept] = {}
        self._first_units: dict[str, str] = {}

    def key_of(self, draft: Draft) -> Key | None:
        """Whose row it is; None when it names nobody, or a customer and a group."""
        key = (draft.facts.get("customer", "").strip(), draft.facts.get("customer_group", "").strip())
        return None if all(key) or not any(key) else key

    def look_up(self, blocks: Sequence[Block]) -> None:
        """Read whom these blocks name, and what is agreed with them. Five statements at most."""
        accounts = _accounts(self._seller_id, {block.key[0] for block in blocks} - {""})
        groups = CustomerGroup.objects.filter(
            seller_id=self._seller_id, name__in={block.key[1] for block in blocks}
        )
        self._holders = {(name, ""): one for name, one in accounts.items()}
        self._holders |= {("", one.name): one for one in groups}
        self._kept = {}
        of_these = Q(account__in=list(accounts.values())) | Q(group__in=list(groups))
        for one in AgreedQuantity.objects.filter(of_these).select_related("product", "account", "group"):
            figures = {"minimum": one.minimum, "multiple": one.multiple, "maximum": one.maximum}
            facts = AgreedFacts(sku=one.product.sku, unit=one.unit, **figures)
            self._kept.setdefault(one.account or one.group, {})[facts.sku, facts.unit] = facts
        unnamed = {row.sku for block in blocks for row in block.drafts if "unit" not in row.facts}
        sold = SalesUnit.objects.filter(product__seller_id=self._seller_id, product__sku__in=unnamed)
        first = sold.order_by("product", "position").distinct("product")
        self._first_units = dict(first.values_list("product__sku", "unit"))

    def state(self, block: Block) -> Came | None:
        """Agree what the rows say, when it is something else; None when the rows are wrong."""
        holder = self._holders.get(block.key)
        if holder is None:
            target, name = ("customer", block.key[0]) if block.key[0] else ("customer_group", block.key[1])
            sentence = _("You have no customer or group “%(name)s”, or several of this name.") % {
                "name": name[:80]
            }
            tell(self._plan, block.drafts[0], target, sentence)
            return None
        kept = self._kept.get(holder, {})
        stated = [self._facts(draft, kept) for draft in block.drafts]
        after = {(one.sku, one.unit): one for one in stated}
        if len(after) == len(stated) and after == kept:
            return Came()
        try:
            with transaction.atomic():
                agree_quantities(actor=self._actor, holder=holder, agreed=stated)
        except Refused as refusal:
            for at, sentence in refusal.fields.items() or [("", refusal.message)]:
                place, _slash, label = at.removeprefix("agreed/").partition("/")
                tell(self._plan, block.drafts[int(place or 0)], label, sentence)
            return None
        return differences(kept, after)

    def _facts(self, draft: Draft, kept: Kept) -> AgreedFacts:
        """What a row states: what it gives, else what is agreed already."""
        unit = draft.facts.get("unit") or self._first_units.get(draft.sku, "")
        before = kept.get((draft.sku, unit), AgreedFacts(sku=draft.sku, unit=unit))
        figures: dict[str, Any] = {
            name: draft.facts[name] for name in ("minimum", "multiple", "maximum") if name in draft.facts
        }
        return replace(before, **figures)


def _accounts(seller_id: int, wanted: Collection[str]) -> dict[str, CustomerAccount]:
    """The seller's customers by number, else by a name that only one of them has."""
    own = CustomerAccount.objects.filter(seller_id=seller_id).select_related("buyer")
    found = {one.customer_number: one for one in own.filter(customer_number__in=wanted)}
    named: dict[str, list[CustomerAccount]] = {}
    rest = set(wanted) - found.keys()
    if rest:
        for one in own.filter(Q(buyer__legal_name__in=rest) | Q(buyer__trade_name__in=rest)):
            for name in {one.buyer.legal_name, one.buyer.trade_name} & rest:
                named.setdefault(name, []).append(one)
    return found | {name: some[0] for name, some in named.items() if len(some) == 1}
