"""What people can be told about: the registry behind the preferences page and every mail.

A person *concerned* (who placed the order, asked for the price, must approve) gets the mail unless they said no; other
colleagues with one of the topic's roles get it where `colleagues` says so, or when they asked for it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BUYER = "buyer"
SELLER = "seller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """`side` is who reads it; a topic without a side (sign-in, invitations) cannot be declined.

    The text of a `secret` one, which holds a link that opens something, is forgotten once it is sent.
    """

    name: str
    label: str | Promise
    hint: str | Promise = ""
    side: str = ""
    roles: frozenset[str] = frozenset()
    colleagues: bool = False
    secret: bool = False

    @property
    def can_be_declined(self) -> bool:
        return bool(self.side)


_all_buyers = frozenset(("admin", "buyer", "approver", "viewer"))
_topics: dict[str, Topic] = {}


def _topic(topic: Topic) -> Topic:
    _topics[topic.name] = topic
    return topic


ACCESS = _topic(Topic(name="access", label=_("Sign-in and password"), secret=True))
INVITATION = _topic(Topic(name="invitation", label=_("Invitations"), secret=True))

ACCOUNT = _topic(
    Topic(
        name="account",
        label=_("Customer account"),
        hint=_("Registered, accepted or declined by a seller"),
        side=BUYER,
        roles=frozenset(("admin",)),
        colleagues=True,
    )
)
APPROVALS_WAITING = _topic(
    Topic(
        name="approvals_waiting",
        label=_("Orders that wait for my approval"),
        side=BUYER,
        roles=frozenset(("admin", "approver")),
    )
)
APPROVALS_DECIDED = _topic(
    Topic(
        name="approvals_decided",
        label=_("Decisions about my orders"),
        hint=_("Approved, or sent back with a reason"),
        side=BUYER,
        roles=_all_buyers,
    )
)
ORDERS = _topic(
    Topic(
        name="orders",
        label=_("Orders"),
        hint=_("Received, confirmed with the document, cancelled"),
        side=BUYER,
        roles=_all_buyers,
    )
)
SHIPMENTS = _topic(
    Topic(
        name="shipments",
        label=_("Deliveries"),
        hint=_("On the way, arriving today, delivered"),
        side=BUYER,
        roles=_all_buyers,
    )
)
OFFERS = _topic(
    Topic(
        name="offers",
        label=_("Offers"),
        hint=_("New offers, declined requests, offers that expire soon"),
        side=BUYER,
        roles=frozenset(("admin", "buyer", "approver")),
    )
)
AGREEMENTS = _topic(
    Topic(
        name="agreements",
        label=_("Agreements"),
        hint=_("In force, ended early, about to end"),
        side=BUYER,
        roles=frozenset(("admin", "buyer", "approver")),
        colleagues=True,
    )
)
RETURNS = _topic(
    Topic(
        name="returns",
        label=_("Returns"),
        hint=_("Accepted, declined, received"),
        side=BUYER,
        roles=frozenset(("admin", "buyer", "approver")),
    )
)
INVOICES = _topic(
    Topic(
        name="invoices",
        label=_("Invoices and credit notes"),
        hint=_("With the document; the company’s invoice address gets them in any case"),
        side=BUYER,
        roles=_all_buyers,
    )
)
MESSAGES = _topic(
    Topic(
        name="messages",
        label=_("Messages from sellers"),
        side=BUYER,
        roles=_all_buyers,
    )
)
ALERTS = _topic(
    Topic(
        name="alerts",
        label=_("Alerts"),
        hint=_("What is new in my saved searches, back in stock, or costs something else"),
        side=BUYER,
        roles=_all_buyers,
    )
)

PRICE_FILES = _topic(
    Topic(
        name="price_files",
        label=_("Price files"),
        hint=_("When the file of the night could not be made"),
        side=BUYER,
        roles=frozenset(("admin", "buyer", "approver")),
    )
)

CUSTOMERS = _topic(
    Topic(
        name="seller_customers",
        label=_("New customers"),
        hint=_("Companies that ask for an account"),
        side=SELLER,
        roles=frozenset(("sales", "seller_admin")),
        colleagues=True,
    )
)
SELLER_ORDERS = _topic(
    Topic(
        name="seller_orders",
        label=_("New and cancelled orders"),
        side=SELLER,
        roles=frozenset(("sales", "seller_admin")),
    )
)
SELLER_QUOTES = _topic(
    Topic(
        name="seller_quotes",
        label=_("Requests for prices and answers to offers"),
        side=SELLER,
        roles=frozenset(("sales", "seller_admin")),
    )
)
SELLER_AGREEMENTS = _topic(
    Topic(
        name="seller_agreements",
        label=_("Agreements that end soon"),
        side=SELLER,
        roles=frozenset(("sales", "seller_admin")),
    )
)
SELLER_PICKING = _topic(
    Topic(
        name="seller_picking",
        label=_("New pick lists"),
        side=SELLER,
        roles=frozenset(("warehouse", "seller_admin")),
    )
)
SELLER_RETURNS = _topic(
    Topic(
        name="seller_returns",
        label=_("Announced returns"),
        side=SELLER,
        roles=frozenset(("warehouse", "sales", "seller_admin")),
    )
)
SCHEDULES = _topic(
    Topic(
        name="seller_schedules",
        label=_("Imports, exports and feeds"),
        hint=_("When one that runs by itself has failed"),
        side=SELLER,
        roles=frozenset(("catalog", "sales", "warehouse", "seller_admin")),
    )
)
SELLER_MESSAGES = _topic(
    Topic(
        name="seller_messages",
        label=_("Messages from customers"),
        side=SELLER,
        roles=frozenset(("sales", "warehouse", "finance", "seller_admin")),
    )
)


def topic(name: str) -> Topic:
    """The topic of that name. Raises KeyError."""
    return _topics[name]


def topics_for(roles: frozenset[str]) -> list[Topic]:
    """What somebody with these roles can be told about, in the order of the preferences page."""
    return [one for one in _topics.values() if one.can_be_declined and one.roles & roles]
