"""The people and things that all tests share.

Buyers Acme and Globex, sellers Hansa (the house) and Levante, and the platform's operator; who works there; what
Hansa sells at which price. A test that asks for one member gets them all.
"""

import pytest

from kontor.catalog.models import Product
from kontor.companies.models import Company, CustomerAccount, Membership, PaymentTerm
from kontor.inventory.models import Warehouse
from kontor.kernel.actors import Actor
from kontor.pricing.models import PriceList
from tests.assembly import PASSWORD, Cast, assemble

__all__ = ["PASSWORD", "Cast", "actor", "assemble"]


def actor(membership: Membership, door: str = "page") -> Actor:
    """This member as the one who acts."""
    return membership.as_actor(door)


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody and everything, freshly written."""
    return assemble()


@pytest.fixture
def acme(cast: Cast) -> Company:
    """A buyer, customer 10001 of Hansa with a contract price for the drill."""
    return cast.companies["acme"]


@pytest.fixture
def globex(cast: Cast) -> Company:
    """The rival buyer, customer 10002 of Hansa at list prices."""
    return cast.companies["globex"]


@pytest.fixture
def hansa(cast: Cast) -> Company:
    """The house seller."""
    return cast.companies["hansa"]


@pytest.fixture
def levante(cast: Cast) -> Company:
    """The rival seller, of whom nobody is a customer."""
    return cast.companies["levante"]


@pytest.fixture
def platform(cast: Cast) -> Company:
    """The operator's company."""
    return cast.companies["platform"]


@pytest.fixture
def ana(cast: Cast) -> Membership:
    """Buyer at Acme, orders up to 500.00 alone."""
    return cast.people["ana"]


@pytest.fixture
def ben(cast: Cast) -> Membership:
    """Approver at Acme, no limit."""
    return cast.people["ben"]


@pytest.fixture
def cy(cast: Cast) -> Membership:
    """Viewer at Acme."""
    return cast.people["cy"]


@pytest.fixture
def dora(cast: Cast) -> Membership:
    """Administrator of Acme."""
    return cast.people["dora"]


@pytest.fixture
def gil(cast: Cast) -> Membership:
    """Administrator and buyer at Globex."""
    return cast.people["gil"]


@pytest.fixture
def sal(cast: Cast) -> Membership:
    """Sales representative of Hansa."""
    return cast.people["sal"]


@pytest.fixture
def wim(cast: Cast) -> Membership:
    """Warehouse of Hansa."""
    return cast.people["wim"]


@pytest.fixture
def fin(cast: Cast) -> Membership:
    """Finance at Hansa."""
    return cast.people["fin"]


@pytest.fixture
def cat(cast: Cast) -> Membership:
    """Catalog at Hansa."""
    return cast.people["cat"]


@pytest.fixture
def store_admin(cast: Cast) -> Membership:
    """Store administrator of Hansa."""
    return cast.people["store_admin"]


@pytest.fixture
def lev(cast: Cast) -> Membership:
    """Store administrator of Levante."""
    return cast.people["lev"]


@pytest.fixture
def olga(cast: Cast) -> Membership:
    """The platform's operator."""
    return cast.people["olga"]


@pytest.fixture
def acme_account(cast: Cast) -> CustomerAccount:
    return cast.accounts["acme"]


@pytest.fixture
def globex_account(cast: Cast) -> CustomerAccount:
    return cast.accounts["globex"]


@pytest.fixture
def n30(cast: Cast) -> PaymentTerm:
    """30 days net."""
    return cast.term


@pytest.fixture
def bolt(cast: Cast) -> Product:
    """Hansa's bolt: pieces and boxes of 100; 12.50 per 100, from 1000 pieces 11.00; 5000 in HAM."""
    return cast.products["bolt"]


@pytest.fixture
def drill(cast: Cast) -> Product:
    """Hansa's drill: 99.00, for Acme 89.00; 12 in HAM."""
    return cast.products["drill"]


@pytest.fixture
def assembly(cast: Cast) -> Product:
    """Hansa's service by the hour: 65.00."""
    return cast.products["assembly"]


@pytest.fixture
def lamp(cast: Cast) -> Product:
    """Levante's lamp: 40.00; 40 in VLC."""
    return cast.products["lamp"]


@pytest.fixture
def public_list(cast: Cast) -> PriceList:
    """Hansa's public prices."""
    return cast.price_lists["public"]


@pytest.fixture
def acme_list(cast: Cast) -> PriceList:
    """Acme's contract prices, asked before the public ones."""
    return cast.price_lists["acme"]


@pytest.fixture
def ham(cast: Cast) -> Warehouse:
    """Hansa's warehouse."""
    return cast.warehouses["ham"]
