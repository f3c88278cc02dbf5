"""What happens to requests and offers; delivered in order per request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _AboutRequest:
    request_id: int

    @property
    def key(self) -> str:
        return f"quote:{self.request_id}"


@dataclass(frozen=True, slots=True)
class _AboutOffer:
    offer_id: int
    request_id: int

    @property
    def key(self) -> str:
        return f"quote:{self.request_id}"


@dataclass(frozen=True, slots=True)
class QuoteRequested(_AboutRequest):
    """A buyer asked for prices."""


@dataclass(frozen=True, slots=True)
class RequestWithdrawn(_AboutRequest):
    """The buyer does not want an answer any more."""


@dataclass(frozen=True, slots=True)
class RequestDeclined(_AboutRequest):
    """The seller makes no offer; `close_note` of the request says why."""


@dataclass(frozen=True, slots=True)
class OfferSent(_AboutOffer):
    """The seller sent a version, the first or a newer one."""


@dataclass(frozen=True, slots=True)
class BetterOfferAsked(_AboutOffer):
    """The buyer answered an offer with new targets; it is the seller's turn again."""


@dataclass(frozen=True, slots=True)
class OfferRefused(_AboutOffer):
    """The buyer refused the offer and closed the request."""


@dataclass(frozen=True, slots=True)
class OfferAccepted(_AboutOffer):
    """The buyer accepted the offer; its order is made in the same transaction."""
