"""Sales look after costs, margins and prices in the office: by page, grid, mass change and price round."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.pricing.models import Price, PriceList, PriceRound, ProductCost
from kontor.pricing.operations import CostRow, set_costs
from tests.cast import actor
from tests.web.markup import problems


@pytest.fixture
def office(client: Client, sal: Membership) -> Client:
    client.force_login(sal.user)
    return client


@pytest.fixture
def costs(sal: Membership, drill: Product) -> None:
    """The drill costs 80.00 and may not be sold below 90.00."""
    rows = [CostRow(drill.pk, date(2026, 1, 1), Decimal(80), Decimal(90))]
    set_costs(actor=actor(sal), rows=rows)


def amounts(price_list: PriceList, product: Product) -> list[tuple[str, str]]:
    rows = Price.objects.filter(price_list=price_list, product=product).order_by("min_quantity")
    return [
        (f"{one.min_quantity.normalize():f}", "–" if one.amount is None else f"{one.amount:.2f}")
        for one in rows
    ]


@pytest.mark.covers("R4.20")
def test_costs_are_typed_pasted_and_shown_with_the_margin(
    office: Client, costs: None, drill: Product, bolt: Product, acme_list: PriceList
):
    address = reverse("backoffice:margins")
    shown = office.get(address, {"list": acme_list.pk}).content.decode()
    below = office.get(address, {"list": acme_list.pk, "show": "below"}).content.decode()
    without = office.get(address, {"show": "without"}).content.decode()
    form = {f"costs/{bolt.pk}/cost": "0.08", f"costs/{bolt.pk}/least_margin": "20 %", "day": "2026-02-01"}
    office.post(address, form)
    pasted = "SKU\tcost\nDRILL-18V\t81\t\t10\t2026-03-01\nNONE\t1\n"
    wrong = office.post(reverse("backoffice:margins_paste"), {"rows": pasted})
    office.post(reverse("backoffice:margins_paste"), {"rows": pasted.replace("NONE\t1\n", "")})

    assert "10.1 %" in shown
    assert '<small class="quiet">below the lowest price</small>' in shown
    assert drill.sku in below
    assert bolt.sku not in below
    assert bolt.sku in without
    assert (wrong.status_code, "NONE is not one of your articles." in wrong.content.decode()) == (422, True)
    kept = ProductCost.objects.order_by("product__sku", "day").values_list(
        "product__sku", "cost", "least_margin"
    )
    assert [(sku, f"{cost:.2f}", least) for sku, cost, least in kept] == [
        (bolt.sku, "0.08", Decimal(20)),
        ("DRILL-18V", "80.00", None),
        ("DRILL-18V", "81.00", Decimal(10)),
    ]
    assert problems(shown) == []
    assert b"".join(office.get(reverse("backoffice:margins_csv"))).count(b"\n") == 4


def test_the_grid_takes_figures_formulas_and_further_quantities_or_nothing(
    office: Client, costs: None, acme_list: PriceList, drill: Product
):
    address = reverse("backoffice:price_grid", args=[acme_list.pk])
    page = office.get(address).content.decode()
    assert "89.00" in page
    assert "below the lowest price" in page
    cells = f"cells/{drill.pk}"
    form = {"columns": ["1", "10"], f"{cells}/base": "1", f"seen/{drill.pk}/all": "89.00", "do": "save"}

    wrong = office.post(address, form | {f"{cells}/c0": "=cost/x", f"{cells}/c1": "=list-10%"})
    assert wrong.status_code == 422
    assert "“x” has no value here." in wrong.content.decode()
    assert amounts(acme_list, drill) == [("1", "89.00")]
    shown = office.post(address, form | {f"{cells}/c0": "=cost/0.9", "do": "show"}).content.decode()
    assert 'value="88.89"' in shown
    office.post(address, form | {f"{cells}/c0": "+1%", f"{cells}/c1": "=list-10%"})
    assert amounts(acme_list, drill) == [("1", "89.89"), ("10", "89.10")]
    seen = {f"seen/{drill.pk}/all": "89.89|89.10"}
    office.post(address, form | seen | {f"{cells}/c0": "on request", f"{cells}/c1": ""})
    assert amounts(acme_list, drill) == [("1", "–")]
    negative = office.post(address, form | {f"{cells}/c0": "=5-9"})
    assert (negative.status_code, problems(negative.content.decode())) == (422, [])


@pytest.mark.parametrize("cell", ["=" + "9" * 30, "=99999999999*99999999999", "=1/3*99999999999999999999999"])
def test_a_formula_that_comes_to_no_price_is_told_at_its_cell(
    office: Client, acme_list: PriceList, drill: Product, cell: str
):
    address = reverse("backoffice:price_grid", args=[acme_list.pk])
    form = {"columns": ["1"], f"cells/{drill.pk}/base": "1", f"cells/{drill.pk}/c0": cell, "do": "show"}
    answer = office.post(address, form)
    assert answer.status_code == 422
    assert "Enter a price of 0 or more" in answer.content.decode()


@pytest.mark.parametrize("key", ["²", "007", "x", "-1"])
def test_rows_of_keys_that_nobody_sent_change_nothing(office: Client, acme_list: PriceList, key: str):
    rows = {f"cells/{key}/base": "1", f"cells/{key}/c0": "5", f"prices/{key}/amount": "5"}
    for name in ("price_grid", "prices_change"):
        answer = office.post(reverse(f"backoffice:{name}", args=[acme_list.pk]), rows | {"columns": ["1"]})
        assert answer.status_code == 303
    assert office.post(reverse("backoffice:margins"), {f"costs/{key}/cost": ""}).status_code == 303


def test_two_people_in_one_grid_do_not_undo_each_other(
    office: Client, acme_list: PriceList, drill: Product, bolt: Product
):
    address = reverse("backoffice:price_grid", args=[acme_list.pk]) + "?all=1"
    loaded = {"columns": ["1"]}
    for one, was in ((drill, "89.00"), (bolt, "")):
        cells = {f"cells/{one.pk}/base": "1", f"cells/{one.pk}/c0": was, f"seen/{one.pk}/all": was}
        loaded |= cells
    office.post(address, loaded | {f"cells/{drill.pk}/c0": "80"})
    office.post(address, loaded | {f"cells/{bolt.pk}/c0": "1"})
    assert (amounts(acme_list, drill), amounts(acme_list, bolt)) == ([("1", "80.00")], [("1", "1.00")])

    late = office.post(address, loaded | {f"cells/{drill.pk}/c0": "70"})
    assert late.status_code == 422
    assert "Somebody else has changed this meanwhile: 80.00." in late.content.decode()
    assert amounts(acme_list, drill) == [("1", "80.00")]


def test_two_people_with_one_page_of_costs_do_not_undo_each_other(
    office: Client, costs: None, drill: Product, bolt: Product
):
    address = reverse("backoffice:margins")
    loaded = {
        f"costs/{drill.pk}/cost": "80", f"costs/{drill.pk}/floor": "90", f"costs/{drill.pk}/seen": "80|90|",
        f"costs/{bolt.pk}/cost": "", f"costs/{bolt.pk}/seen": "||", "day": "2026-01-01",
    }  # fmt: skip
    assert f'name="costs/{drill.pk}/seen" value="80|90|"' in office.get(address).content.decode()
    office.post(address, loaded | {f"costs/{drill.pk}/cost": "70"})
    office.post(address, loaded | {f"costs/{bolt.pk}/cost": "0.08"})
    late = office.post(address, loaded | {f"costs/{drill.pk}/cost": "60"})

    assert late.status_code == 422
    assert "Somebody else has changed this meanwhile: 70 / 90 / –." in late.content.decode()
    kept = dict(ProductCost.objects.values_list("product", "cost"))
    assert kept == {drill.pk: Decimal(70), bolt.pk: Decimal("0.08")}


def test_a_mass_change_is_looked_at_and_goes_into_a_round(
    office: Client, costs: None, public_list: PriceList, drill: Product, store_admin: Membership
):
    address = reverse("backoffice:mass_change", args=[public_list.pk])
    asked = {"words": "drill", "percent": "-10", "round_to": "1", "ending": "-0.05"}
    shown = office.get(address, asked).content.decode()
    assert "88.95" in shown
    assert "▼" in shown
    assert problems(shown) == []
    assert amounts(public_list, drill) == [("1", "99.00")]
    wrong = office.get(address, {"percent": "many"})
    assert wrong.status_code == 422

    answer = office.post(address, asked | {"do": "round", "name": "Sale"})
    (begun,) = PriceRound.objects.all()
    assert answer.headers["Location"] == reverse("backoffice:price_round", args=[begun.pk])
    page = office.get(answer.headers["Location"]).content.decode()
    assert "below the lowest price" in page
    assert problems(page) == []
    act = reverse("backoffice:price_round_act", args=[begun.pk])
    policy = reverse("backoffice:price_policy")
    assert office.post(policy, {"rounds_need_approval": "on"}).status_code == 403
    admin = Client()
    admin.force_login(store_admin.user)
    admin.post(policy, {"rounds_need_approval": "on"})
    assert office.post(act, {"do": "approve"}).status_code == 403
    office.post(act, {"do": "submit"})
    assert "Approve" in admin.get(answer.headers["Location"]).content.decode()
    admin.post(act, {"do": "reject", "reason": "Too low"})
    assert "Too low" in office.get(answer.headers["Location"]).content.decode()
    office.post(act, {"do": "submit"})
    admin.post(act, {"do": "approve"})
    assert amounts(public_list, drill) == [("1", "88.95")]
    assert b"88.95" in b"".join(office.get(reverse("backoffice:price_round_csv", args=[begun.pk])))
    assert office.post(act, {"do": "approve"}).status_code in (403, 422)


def test_a_mass_change_at_once_says_what_it_did(office: Client, public_list: PriceList, drill: Product):
    address = reverse("backoffice:mass_change", args=[public_list.pk])
    office.post(address, {"words": "drill", "percent": "5", "do": "apply"})
    assert amounts(public_list, drill) == [("1", "103.95")]
    nothing = office.post(address, {"words": "nowhere", "percent": "5", "do": "apply"})
    assert nothing.status_code == 422
    assert PriceRound.objects.count() == 1
    listed = office.get(reverse("backoffice:price_rounds")).content.decode()
    assert "Mass change of" in listed
    assert problems(listed) == []
