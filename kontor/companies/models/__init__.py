from kontor.companies.models.access import ApiKey, Invitation
from kontor.companies.models.account import CustomerAccount, CustomerGroup, PaymentTerm
from kontor.companies.models.company import Address, Company
from kontor.companies.models.person import Membership, User

__all__ = [
    "Address",
    "ApiKey",
    "Company",
    "CustomerAccount",
    "CustomerGroup",
    "Invitation",
    "Membership",
    "PaymentTerm",
    "User",
]
