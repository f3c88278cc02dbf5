import pytest

from kontor.carts.operations import add_lines, open_cart
from kontor.catalog.models import BuyerPartNumber
from kontor.catalog.operations import forget_part_numbers, keep_part_numbers
from kontor.companies.models import Company
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.search.operations import rebuild_all
from kontor.search.queries import find, lookup_skus, viewer_for
from tests.cast import Cast, actor


@pytest.fixture
def numbered(cast: Cast) -> Cast:
    """Acme calls the drill M-4711; Globex calls the bolt so."""
    rebuild_all()
    keep_part_numbers(actor=actor(cast.people["ana"]), numbers={cast.products["drill"].pk: "M-4711"})
    keep_part_numbers(actor=actor(cast.people["gil"]), numbers={cast.products["bolt"].pk: "m4711"})
    return cast


@pytest.mark.covers("R1.26")
def test_a_company_finds_by_its_own_number_and_only_by_its_own(
    numbered: Cast, acme: Company, globex: Company
):
    def first(company: Company | None, words: str) -> list[str]:
        return [card.sku for card in find(viewer_for(company and company.pk), words).cards]

    assert first(acme, "M 4711") == first(acme, "m47") == ["DRILL-18V"]
    assert first(globex, "M-4711") == ["BOLT-M8"]
    assert first(None, "M-4711") == []


def test_pasted_numbers_are_the_companys_own_before_anybody_elses(
    numbered: Cast, acme: Company, globex: Company, hansa: Company
):
    keep_part_numbers(
        actor=actor(numbered.people["ben"]), numbers={numbered.products["bolt"].pk: "DRILL-18V"}
    )

    assert lookup_skus(viewer_for(acme.pk), ["m.4711"])["m.4711"].sku == "DRILL-18V"
    assert lookup_skus(viewer_for(acme.pk), ["drill 18v"])["drill 18v"].sku == "BOLT-M8"
    assert lookup_skus(viewer_for(globex.pk), ["drill 18v"])["drill 18v"].sku == "DRILL-18V"

    ana = actor(numbered.people["ana"])
    report = add_lines(actor=ana, cart=open_cart(actor=ana, seller=hansa), text_or_rows="M-4711 2\n4711 1")
    assert [(one.sku, one.quantity) for one in report.added] == [("DRILL-18V", 2)]
    assert [one.code for one in report.rejected] == ["unknown_article"]


def test_a_number_is_changed_or_forgotten_by_the_own_people(numbered: Cast, acme: Company):
    drill = numbered.products["drill"].pk
    dora = actor(numbered.people["dora"])

    assert keep_part_numbers(actor=dora, numbers={drill: "M-4711"}) == 0
    assert keep_part_numbers(actor=dora, numbers={drill: " M-4712 "}) == 1
    assert BuyerPartNumber.objects.values_list("number", "key").get(buyer=acme) == ("M-4712", "M4712")
    assert forget_part_numbers(actor=dora, product_ids=[drill, numbered.products["bolt"].pk]) == 1
    assert BuyerPartNumber.objects.count() == 1


def test_a_sales_representative_keeps_them_for_the_customer_it_works_for(numbered: Cast, acme: Company):
    sal = actor(numbered.people["sal"])
    with pytest.raises(NotAllowed):
        keep_part_numbers(actor=sal, numbers={numbered.products["bolt"].pk: "B-1"})

    keep_part_numbers(actor=sal.behalf_of(acme.pk, "Acme"), numbers={numbered.products["bolt"].pk: "B-1"})
    assert set(BuyerPartNumber.objects.filter(buyer=acme).values_list("number", flat=True)) == {
        "M-4711",
        "B-1",
    }


@pytest.mark.parametrize("who", ["cy", "wim", "olga"])
def test_who_does_not_buy_keeps_none(who: str, numbered: Cast):
    with pytest.raises(NotAllowed):
        keep_part_numbers(actor=actor(numbered.people[who]), numbers={numbered.products["bolt"].pk: "X-1"})
    with pytest.raises(NotAllowed):
        forget_part_numbers(actor=actor(numbered.people[who]), product_ids=[numbered.products["drill"].pk])

    assert BuyerPartNumber.objects.count() == 2


def test_a_bad_number_or_an_unknown_article_is_named_and_nothing_is_kept(numbered: Cast):
    bolt = numbered.products["bolt"].pk
    for numbers, code, field in (
        ({bolt: "---"}, "bad_number", f"numbers/{bolt}"),
        ({bolt: "x" * 61}, "bad_number", f"numbers/{bolt}"),
        ({bolt: "B-1", 10**9: "B-2"}, "unknown_article", f"numbers/{10**9}"),
    ):
        with pytest.raises(Refused) as refusal:
            keep_part_numbers(actor=actor(numbered.people["ana"]), numbers=numbers)
        assert (refusal.value.code, list(refusal.value.fields)) == (code, [field])

    assert BuyerPartNumber.objects.count() == 2
