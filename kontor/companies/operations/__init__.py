"""What people do with companies: each verb once, for every door."""

from kontor.companies.operations.account import (
    accept_customer,
    block_customer,
    decline_customer,
    request_account,
    unblock_customer,
)
from kontor.companies.operations.address import (
    AddressFacts,
    add_address,
    archive_address,
    change_address,
    facts_of,
    set_billing_address,
    set_default_delivery,
)
from kontor.companies.operations.company import ACCENTS, CompanyChanges, change_company
from kontor.companies.operations.customer_terms import change_customer_terms
from kontor.companies.operations.group import delete_customer_group, put_in_group, save_customer_group
from kontor.companies.operations.invite import (
    NewColleague,
    accept_invitation,
    invite_colleague,
    withdraw_invitation,
)
from kontor.companies.operations.key import (
    KeyHolder,
    actor_for_key,
    create_api_key,
    holder_of_key,
    note_use_of_key,
    revoke_api_key,
)
from kontor.companies.operations.member import change_member, deactivate_member, reactivate_member
from kontor.companies.operations.operate import activate_company, block_company, open_store
from kontor.companies.operations.person import change_profile, choose_company
from kontor.companies.operations.register import Contact, Registration, register_company
from kontor.companies.operations.term import TermFacts, save_payment_term

__all__ = [
    "ACCENTS",
    "AddressFacts",
    "CompanyChanges",
    "Contact",
    "KeyHolder",
    "NewColleague",
    "Registration",
    "TermFacts",
    "accept_customer",
    "accept_invitation",
    "activate_company",
    "actor_for_key",
    "add_address",
    "archive_address",
    "block_company",
    "block_customer",
    "change_address",
    "change_company",
    "change_customer_terms",
    "change_member",
    "change_profile",
    "choose_company",
    "create_api_key",
    "deactivate_member",
    "decline_customer",
    "delete_customer_group",
    "facts_of",
    "holder_of_key",
    "invite_colleague",
    "note_use_of_key",
    "open_store",
    "put_in_group",
    "reactivate_member",
    "register_company",
    "request_account",
    "revoke_api_key",
    "save_customer_group",
    "save_payment_term",
    "set_billing_address",
    "set_default_delivery",
    "unblock_customer",
    "withdraw_invitation",
]
