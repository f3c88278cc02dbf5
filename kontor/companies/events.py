"""What happens to companies and their people, for the apps above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CompanyRegistered:
    """A company has registered; it may look around, and order once a seller accepts it."""

    company_id: int

    @property
    def key(self) -> str:
        return f"company:{self.company_id}"


@dataclass(frozen=True, slots=True)
class CompanyChanged:
    """Name, data or status of a company have changed."""

    company_id: int

    @property
    def key(self) -> str:
        return f"company:{self.company_id}"


@dataclass(frozen=True, slots=True)
class RegistrationRepeated:
    """Somebody who was not signed in tried to register a company with the e-mail of this user: tell the user."""

    user_id: int

    @property
    def key(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, slots=True)
class AccountRequested:
    """A company asks a seller to become its customer."""

    account_id: int

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class AccountAccepted:
    """A seller has accepted a customer."""

    account_id: int

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class AccountDeclined:
    """A seller has declined a customer; the reason stands in the account's decision note."""

    account_id: int

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class AccountBlocked:
    """A seller takes no more orders from this customer."""

    account_id: int

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class AccountUnblocked:
    """A blocked customer may order again."""

    account_id: int

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class AccountTermsChanged:
    """An accepted customer has another payment term or another sales representative."""

    account_id: int

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class ColleagueInvited:
    """A seat was offered. The link for the mail comes from `kontor.companies.links.invitation_token`."""

    invitation_id: int

    @property
    def key(self) -> str:
        return f"invitation:{self.invitation_id}"


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """A person has joined a company, or got other rights there, or lost or regained access."""

    membership_id: int

    @property
    def key(self) -> str:
        return f"member:{self.membership_id}"
