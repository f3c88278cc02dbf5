"""The life of one request under any sequence of moves, against a model in plain Python."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kontor.carts.models import Cart
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.invariants import check_all
from kontor.kernel.refusal import Refused
from kontor.quotes.models import Offer, QuoteRequest
from kontor.quotes.operations import (
    ask_again,
    decline_request,
    mark_accepted,
    refuse_offer,
    reopen_offer,
    save_offer,
    send_offer,
    start_offer,
    withdraw_request,
)
from kontor.search.operations.index import rebuild_all
from tests.quotes.conftest import CONTENT, NOON


@dataclass
class Version:
    status: str = "draft"
    revision: int = 1
    priced: bool = False
    ends_day: int = 0


@dataclass
class Model:
    """What ought to happen. Days count from the request; an offer sent on day n can be accepted up to day n + 14."""

    status: str = "submitted"
    versions: list[Version] = field(default_factory=list)
    day: int = 0

    @property
    def goes_on(self) -> bool:
        return self.status in ("submitted", "offered")

    def draft(self) -> Version | None:
        return next((one for one in self.versions if one.status == "draft"), None)

    def start(self) -> bool:
        if not self.goes_on:
            return False
        if self.draft() is None:
            self.versions.append(Version(priced=True))
        return True

    def save(self, no: int, revision: int) -> bool:
        one = self.versions[no]
        if not self.goes_on or one.status != "draft" or one.revision != revision:
            return False
        one.revision, one.priced = revision + 1, True
        return True

    def send(self, no: int, revision: int) -> bool:
        one = self.versions[no]
        if not self.goes_on or one.status != "draft" or one.revision != revision or not one.priced:
            return False
        for other in self.versions:
            other.status = "superseded" if other.status == "sent" else other.status
        one.status, one.revision, one.ends_day = "sent", revision + 1, self.day + 14
        self.status = "offered"
        return True

    def answer(self, no: int, version_status: str, status: str) -> bool:
        one = self.versions[no]
        if self.status != "offered" or one.status != "sent":
            return False
        if version_status == "accepted" and self.day > one.ends_day:
            return False
        one.status, self.status = version_status, status
        return True

    def close(self, status: str) -> bool:
        if self.status != "submitted":
            return False
        self.status = status
        return True


RARELY = st.sampled_from([False, False, True])
"""Final moves end the story; without this most runs would be over after two steps."""


class Life(RuleBasedStateMachine):
    """The machine over one request; what a run did is undone in its end."""

    request: QuoteRequest
    buyer: Actor
    seller: Actor

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        broken = [finding for finding in check_all() if finding.bad]
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        assert broken == []

    def both(self, expected: bool, move) -> None:
        """The model has moved; so must the database, at the model's time, or refuse if the model did."""
        try:
            with clock.at(NOON + timedelta(days=self.model.day)):
                move()
            happened = True
        except Refused:
            happened = False
        assert happened == expected

    def offer(self, no: int) -> Offer:
        return Offer.objects.select_related("request").get(request=self.request, version=no + 1)

    def pick(self, data) -> int:
        last = len(self.model.versions) - 1
        return data.draw(st.just(last) | st.integers(0, last), label="version")

    def pick_revision(self, no: int, data) -> int:
        behind = data.draw(st.sampled_from([0, 0, 0, 1]), label="behind")
        return max(1, self.model.versions[no].revision - behind)

    @precondition(lambda self: self.model.status == "offered")
    @rule(days=st.sampled_from([1, 14, 15]))
    def wait(self, days: int) -> None:
        self.model.day += days

    @rule()
    def start(self) -> None:
        self.both(
            self.model.start(), lambda: start_offer(actor=self.seller, request=QuoteRequest.objects.get())
        )

    @precondition(lambda self: self.model.goes_on)
    @rule()
    def offer_something(self) -> None:
        """What sellers mostly do, so that most runs come to an offer."""
        self.start()
        no = len(self.model.versions) - 1
        for act, call in ((self.model.save, self.saving), (self.model.send, self.sending)):
            revision = self.model.versions[no].revision
            self.both(act(no, revision), call(no, revision))

    def saving(self, no: int, revision: int):
        offer = self.offer(no)
        return lambda: save_offer(actor=self.seller, offer=offer, content=CONTENT, revision=revision)

    def sending(self, no: int, revision: int):
        offer = self.offer(no)
        return lambda: send_offer(actor=self.seller, offer=offer, revision=revision)

    @precondition(lambda self: self.model.versions)
    @rule(data=st.data())
    def save(self, data) -> None:
        no = self.pick(data)
        revision = self.pick_revision(no, data)
        self.both(self.model.save(no, revision), self.saving(no, revision))

    @precondition(lambda self: self.model.versions)
    @rule(data=st.data())
    def send(self, data) -> None:
        no = self.pick(data)
        revision = self.pick_revision(no, data)
        self.both(self.model.send(no, revision), self.sending(no, revision))

    @precondition(lambda self: self.model.versions)
    @rule(data=st.data())
    def accept(self, data) -> None:
        no = self.pick(data)
        offer = self.offer(no)
        self.both(
            self.model.answer(no, "accepted", "accepted"),
            lambda: mark_accepted(actor=self.buyer, offer=offer, content_hash=offer.content_hash),
        )

    @precondition(lambda self: self.model.status == "offered")
    @rule(days=st.sampled_from([0, 13, 14, 15]))
    def accept_the_newest_after(self, days: int) -> None:
        self.model.day += days
        no = max(no for no, one in enumerate(self.model.versions) if one.status == "sent")
        offer = self.offer(no)
        self.both(
            self.model.answer(no, "accepted", "accepted"),
            lambda: mark_accepted(actor=self.buyer, offer=offer, content_hash=offer.content_hash),
        )

    @precondition(lambda self: self.model.versions)
    @rule(data=st.data(), really=RARELY)
    def refuse(self, data, really: bool) -> None:
        if not really:
            return
        no = self.pick(data)
        offer = self.offer(no)
        self.both(
            self.model.answer(no, "refused", "refused"), lambda: refuse_offer(actor=self.buyer, offer=offer)
        )

    @precondition(lambda self: self.model.versions)
    @rule(data=st.data())
    def wish(self, data) -> None:
        no = self.pick(data)
        offer = self.offer(no)
        self.both(
            self.model.answer(no, "countered", "submitted"),
            lambda: ask_again(actor=self.buyer, offer=offer, targets={}, note="Better, please"),
        )

    @rule(really=RARELY)
    def withdraw(self, really: bool) -> None:
        if not really:
            return
        self.both(
            self.model.close("withdrawn"),
            lambda: withdraw_request(actor=self.buyer, request=QuoteRequest.objects.get()),
        )

    @rule(really=RARELY)
    def decline(self, really: bool) -> None:
        if not really:
            return
        self.both(
            self.model.close("declined"),
            lambda: decline_request(actor=self.seller, request=QuoteRequest.objects.get(), reason="No"),
        )

    @precondition(lambda self: self.model.status == "accepted")
    @rule()
    def send_order_back(self) -> None:
        (one,) = (version for version in self.model.versions if version.status == "accepted")
        one.status, self.model.status = "sent", "offered"
        reopen_offer(offer_id=self.offer(self.model.versions.index(one)).pk)

    @invariant()
    def the_database_agrees(self) -> None:
        versions = Offer.objects.order_by("version").values_list("status", "revision")
        assert QuoteRequest.objects.get().status == self.model.status
        assert list(versions) == [(one.status, one.revision) for one in self.model.versions]
        gave_back = self.model.status in ("withdrawn", "declined")
        assert Cart.objects.get().status == ("open" if gave_back else "requested")


def test_any_sequence_of_moves_follows_the_model(request_, ana, sal):
    rebuild_all()
    facts = {"request": request_, "buyer": ana.as_actor("page"), "seller": sal.as_actor("page")}
    calm = settings(
        max_examples=60, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
    )

    run_state_machine_as_test(type("ThisLife", (Life,), facts), settings=calm)
