from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgreementActivated:
    """An agreement was put in force."""

    agreement_id: int

    @property
    def key(self) -> str:
        return f"agreement:{self.agreement_id}"


@dataclass(frozen=True, slots=True)
class AgreementTerminated:
    """An agreement was ended before its time."""

    agreement_id: int

    @property
    def key(self) -> str:
        return f"agreement:{self.agreement_id}"
