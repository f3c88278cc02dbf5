"""What customers look for, and what they find first, as the catalog's people decide it."""

import pytest
from django.test import Client
from django.urls import reverse

from kontor.companies.models import Membership
from kontor.search.models import Asked, Pin, Redirect, Synonym
from kontor.search.queries import Viewer, find
from kontor.search.queries.curated import forget_curation
from kontor.search.queries.noting import note, write_notes
from tests.cast import Cast
from tests.traces import unchanged
from tests.web.markup import problems


@pytest.fixture
def office(client: Client, store_admin: Membership) -> Client:
    client.force_login(store_admin.user)
    return client


@pytest.fixture(autouse=True)
def fresh(db: None) -> None:
    forget_curation()
    write_notes()


def shown(answer: object) -> str:
    return answer.content.decode()


def decide(office: Client, **form: str) -> object:
    return office.post(reverse("backoffice:search_decide"), form)


def test_the_empty_desk_says_what_will_stand_there(office: Client):
    page = shown(office.get(reverse("backoffice:search")))

    assert "Nobody asked in vain." in page
    assert "There are no synonyms yet." in page
    assert problems(page) == []


@pytest.mark.covers("R3.20")
def test_what_is_asked_is_counted_by_words_and_day_and_reported(office: Client, cast: Cast):
    Asked.objects.all().delete()
    for words in ("Sprocket", "sprocket", "bolt"):
        find(Viewer(), words)
    note("gear", "Gear", 3)
    assert write_notes() == 3
    page = shown(office.get(reverse("backoffice:search")))

    assert dict(Asked.objects.values_list("words", "times")) == {"sprocket": 2, "bolt": 1, "gear": 1}
    assert page.count("sprocket") > page.count("Gear")
    assert problems(page) == []


@pytest.mark.covers("R3.18", "R3.21")
def test_synonyms_redirects_and_first_places_come_and_go(office: Client, cast: Cast):
    decide(office, do="add_synonym", terms="drill, power driver")
    decide(office, do="set_redirect", words="Tools", address="/catalog/power-tools/")
    decide(office, do="pin", words="hex bolts", sku="bolt-m8")
    page = shown(office.get(reverse("backoffice:search")))

    assert all(
        part in page for part in ("drill, power driver", "/catalog/power-tools/", "BOLT-M8", "hex bolts")
    )
    assert find(Viewer(), "tools").redirect == "/catalog/power-tools/"
    assert problems(page) == []
    for do, model in (("remove_synonym", Synonym), ("remove_redirect", Redirect), ("unpin", Pin)):
        decide(office, do=do, id=str(model.objects.get().pk))
        assert not model.objects.exists()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"do": "add_synonym", "terms": "drill"}, "Enter two to twelve different terms"),
        ({"do": "add_synonym", "terms": "drill, Drill , DRILL"}, "Enter two to twelve different terms"),
        ({"do": "set_redirect", "words": "x", "address": "https://elsewhere.example/"}, "Enter an address of this shop"),
        ({"do": "set_redirect", "words": "x", "address": "//elsewhere.example/"}, "Enter an address of this shop"),
        ({"do": "set_redirect", "words": "!!", "address": "/x/"}, "Enter the words as customers type them"),
        ({"do": "pin", "words": "bolt", "sku": "NO-SUCH"}, "You have no product with this number."),
        ({"do": "dance"}, "Choose what to do."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_reason(office: Client, form: dict[str, str], sentence: str):
    with unchanged():
        answer = decide(office, **form)

    assert answer.status_code == 422
    assert sentence in shown(answer)


def test_another_seller_only_reads(client: Client, cast: Cast, lev: Membership):
    client.force_login(lev.user)
    with unchanged():
        answer = decide(client, do="set_redirect", words="bolt", address="/sellers/levante/")

    assert answer.status_code == 422
    assert "Only the shop’s own company decides" in shown(answer)
    assert client.get(reverse("backoffice:search")).status_code == 200
