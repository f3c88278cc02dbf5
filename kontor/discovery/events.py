from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DigestMade:
    """Something was found that a person waited for, and the person wants a mail."""

    digest_id: int

    @property
    def key(self) -> str:
        return f"digest:{self.digest_id}"
