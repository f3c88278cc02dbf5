"""An installation begins with one company that sells and operates the platform."""

import pytest

from kontor.commands.found import Founding, make
from kontor.companies.models import Company, Membership, PaymentTerm, User
from kontor.companies.permissions import OPERATE
from kontor.kernel.configuration import load
from kontor.kernel.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.covers("R1.37")]

CONFIG = load({"KONTOR_SECRET_KEY": "k" * 50, "KONTOR_DEFAULT_CURRENCY": "SEK"})


def founding(**other: str) -> Founding:
    given = {
        "company": "Hansa Supply GmbH",
        "country": "de",
        "street": "Kai 1",
        "postal_code": "20457",
        "city": "Hamburg",
        "name": "Stella Brandt",
        "email": "stella@hansa.example",
        "password": "a long enough phrase",
    }
    return Founding(**(given | other))


def test_the_first_company_sells_and_operates_and_its_person_may_do_both():
    make(founding(), CONFIG)

    company = Company.objects.get()
    assert (company.is_seller, company.is_operator, company.status) == (True, True, Company.Status.ACTIVE)
    assert (company.country, company.currency) == ("DE", "SEK")
    assert PaymentTerm.objects.filter(seller=company).count() == 3
    membership = Membership.objects.select_related("user", "company").get()
    assert membership.roles == ["admin", "seller_admin", "operator"]
    assert membership.user.check_password("a long enough phrase")
    actor = membership.as_actor("page")
    assert actor.is_operator
    assert actor.may(OPERATE)


def test_what_is_wrong_is_refused_and_leaves_nothing_behind():
    with pytest.raises(Refused) as refusal:
        make(founding(email="no mail", password="short"), CONFIG)
    assert set(refusal.value.fields) == {"contact/email", "contact/password"}
    assert not Company.objects.exists()
    assert not User.objects.exists()
