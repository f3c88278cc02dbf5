"""Every operation on companies, tried by a visitor, by a viewer, and by a key that only reads."""

import inspect
from decimal import Decimal
from typing import Any

import pytest

from kontor.companies import operations
from kontor.companies.models import ApiKey, Company, CustomerAccount, CustomerGroup, Invitation
from kontor.kernel.actors import Actor
from tests.cast import Cast, actor
from tests.companies.operations.test_register import ADDRESS
from tests.traces import refused

OPEN_TO_ALL = {"register_company", "accept_invitation", "change_profile", "choose_company"}
"""Strangers join through the first two, and everybody has the others about themselves; their own tests say who may."""


def taking_an_actor() -> set[str]:
    verbs = {name: getattr(operations, name) for name in operations.__all__ if name[0].islower()}
    return {name for name, verb in verbs.items() if "actor" in inspect.signature(verb).parameters}


def arguments(cast: Cast) -> dict[str, dict[str, Any]]:
    account: CustomerAccount = cast.accounts["acme"]
    address, member, acme = cast.addresses["acme_plant"], cast.people["ana"], cast.companies["acme"]
    seller: Company = cast.companies["levante"]
    group = CustomerGroup(pk=1, seller=account.seller, name="Workshops")
    return {
        "accept_customer": {"account": account, "payment_term": cast.term},
        "activate_company": {"company": acme},
        "add_address": {"address": ADDRESS},
        "archive_address": {"address": address},
        "block_company": {"company": acme, "reason": "x"},
        "block_customer": {"account": account, "reason": "x"},
        "change_address": {"address": address, "changed": ADDRESS},
        "change_company": {"changes": operations.CompanyChanges(phone="1")},
        "change_customer_terms": {
            "account": account,
            "payment_term": cast.term,
            "sales_rep": None,
            "note": "x",
        },
        "change_member": {"membership": member, "roles": ["admin"], "order_limit": None, "job_title": ""},
        "create_api_key": {"name": "x", "roles": ("buyer",), "order_limit": Decimal(1)},
        "deactivate_member": {"membership": member},
        "decline_customer": {"account": account, "reason": "x"},
        "delete_customer_group": {"group": group},
        "invite_colleague": {"invitation": operations.NewColleague(email="e@x.example", roles=("admin",))},
        "open_store": {"company": acme},
        "put_in_group": {"accounts": [account], "group": group},
        "reactivate_member": {"membership": member},
        "request_account": {"seller": seller},
        "revoke_api_key": {"key": ApiKey(pk=1, company=acme)},
        "save_customer_group": {"name": "x", "group": group},
        "save_payment_term": {"term": operations.TermFacts(code="N1", name="x")},
        "set_billing_address": {"address": address},
        "set_default_delivery": {"address": address},
        "unblock_customer": {"account": account},
        "withdraw_invitation": {"invitation": Invitation(pk=1, company=acme)},
    }


def test_no_operation_is_forgotten(cast):
    assert set(arguments(cast)) == taking_an_actor() - OPEN_TO_ALL


@pytest.mark.parametrize("verb", sorted(taking_an_actor() - OPEN_TO_ALL))
def test_who_lacks_the_right_is_refused_and_leaves_no_trace(cast, verb):
    act, given = getattr(operations, verb), arguments(cast)[verb]
    _key, secret = operations.create_api_key(
        actor=actor(cast.people["dora"]), name="BI", roles=("admin",), is_read_only=True
    )
    machine = operations.actor_for_key(secret)
    assert machine is not None
    nobody = Actor(name="", door="page")
    for somebody in (nobody, actor(cast.people["cy"]), machine):
        with refused("not_allowed"):
            act(actor=somebody, **given)


@pytest.mark.parametrize("verb", sorted(taking_an_actor() - OPEN_TO_ALL))
def test_all_rights_without_a_company_open_nothing(cast, verb):
    """Two unknown owners are not the same owner."""
    everything = actor(cast.people["dora"]).capabilities | actor(cast.people["store_admin"]).capabilities
    homeless = Actor(name="x", door="page", capabilities=everything)
    act, given = getattr(operations, verb), arguments(cast)[verb]
    with pytest.raises(Exception, match=r"not_allowed|no_company|not_yours"):
        act(actor=homeless, **given)
