from django.db import transaction

from kontor.audit.trail import record
from kontor.catalog.ownership import selling_company_id
from kontor.companies.models import Company
from kontor.kernel.actors import Actor, require
from kontor.pricing.models import PricePolicy
from kontor.pricing.permissions import APPROVE_ROUND


@transaction.atomic
def set_price_policy(
    *, actor: Actor, rounds_need_approval: bool, seller: Company | None = None
) -> PricePolicy:
    """Say whether a second person must approve changes of prices. For those who may approve them."""
    require(actor, APPROVE_ROUND)
    seller_id = selling_company_id(actor, seller)
    policy, _made = PricePolicy.objects.select_for_update().get_or_create(pk=seller_id)
    if policy.rounds_need_approval != rounds_need_approval:
        before, policy.rounds_need_approval = policy.rounds_need_approval, rounds_need_approval
        policy.save()
        changes = {"rounds_need_approval": [before, rounds_need_approval]}
        record(actor, "pricing.policy_set", ("company", seller_id), changes=changes)
    return policy
