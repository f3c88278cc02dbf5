"""Sales send files of prices and costs, and are led to a price round where a second person approves."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.exchange import folder
from kontor.exchange.jobs import carry_out_import
from kontor.exchange.models import ImportRun
from kontor.pricing.models import Price, PriceList, PriceRound
from kontor.pricing.operations import set_price_policy
from tests.cast import actor
from tests.web.markup import problems

pytestmark = [pytest.mark.django_db, pytest.mark.covers("R0.7")]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "root", lambda: tmp_path / "exchange")


@pytest.fixture
def office(client: Client, sal: Membership) -> Client:
    client.force_login(sal.user)
    return client


@pytest.fixture
def held(store_admin: Membership) -> None:
    set_price_policy(actor=actor(store_admin), rounds_need_approval=True)


@pytest.mark.parametrize("subject", ["prices", "costs"])
def test_templates_and_files_of_prices_and_costs_are_known_by_their_columns(office: Client, subject: str):
    template = b"".join(office.get(f"/office/imports/template.csv?subject={subject}").streaming_content)
    office.post("/office/imports/", {"file": SimpleUploadedFile("x.csv", template)})
    run = ImportRun.objects.get()
    assert (run.plan["subject"], set(run.plan["columns"])) == (subject, {one["name"] for one in run.columns})
    page = office.get(f"/office/imports/{run.pk}/").content.decode()
    assert ("Prices go into" in page) is (subject == "prices")
    assert "Empty cells" not in page
    assert problems(page) == []
    answer = office.get(f"/office/exports/stated?subject={subject}&form=csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{subject}.csv"'


def test_a_file_of_prices_is_checked_and_imported_by_the_worker(
    office: Client, public_list: PriceList, bolt: Product
):
    content = b"sku;price_list;price;per;valid_from\nBOLT-M8;public;13,25;100;01.03.2030 06:00\n"
    office.post("/office/imports/", {"file": SimpleUploadedFile("prices.csv", content)})
    run = ImportRun.objects.get()
    form = {f"columns/{place}": one["name"] for place, one in enumerate(run.columns)} | {"decimal": ","}
    for do, status in (("check", "checked"), ("run", "done")):
        assert office.post(f"/office/imports/{run.pk}/", form | {"do": do}).status_code == 303
        carry_out_import(run.pk, check=do == "check")
        run.refresh_from_db()
        assert (run.status, run.counts["new"], run.problem) == (status, 1, "")
    assert f"{Price.objects.get(product=bolt, valid_from__isnull=False).amount:.2f}" == "13.25"


def test_where_a_second_person_approves_pages_lead_to_a_price_round(
    office: Client, held: None, acme_list: PriceList, drill: Product
):
    page = office.get(reverse("backoffice:price_list", args=[acme_list.pk])).content.decode()
    assert "A second person approves changes of prices here." in page
    assert "Save changes" not in page
    assert "Take over" not in page
    grid = reverse("backoffice:price_grid", args=[acme_list.pk])
    page = office.get(grid).content.decode()
    assert "Save changes" not in page
    assert "Put into a price round" in page
    cells = {"columns": ["1"], f"cells/{drill.pk}/base": "1", f"cells/{drill.pk}/c0": "70"}
    seen = {f"seen/{drill.pk}/all": "89.00"}
    refused = office.post(grid, cells | seen | {"do": "save"})
    assert refused.status_code == 422
    assert "Put them into a price round and submit it, or ask" in refused.content.decode()
    for name, form in (
        ("price_add", {"sku": "DRILL-18V", "price": "70"}),
        ("prices_paste", {"rows": "DRILL-18V 70"}),
        ("prices_change", {"remove": "1", "selected": str(Price.objects.get(price_list=acme_list).pk)}),
    ):
        answer = office.post(reverse(f"backoffice:{name}", args=[acme_list.pk]), form)
        assert answer.status_code == 422
        assert "Put them into a price round and submit it, or ask" in answer.content.decode()
    office.post(grid, cells | seen | {"do": "round"})
    assert PriceRound.objects.get().prices.count() == 1
    assert f"{Price.objects.get(price_list=acme_list).amount:.2f}" == "89.00"


def test_a_file_that_became_a_price_round_leads_there(office: Client, held: None, public_list: PriceList):
    content = b"sku,price_list,price\nBOLT-M8,public,13\n"
    office.post("/office/imports/", {"file": SimpleUploadedFile("spring.csv", content)})
    run = ImportRun.objects.get()
    form = {f"columns/{place}": one["name"] for place, one in enumerate(run.columns)} | {"do": "run"}
    office.post(f"/office/imports/{run.pk}/", form)
    carry_out_import(run.pk, check=False)
    page = office.get(f"/office/imports/{run.pk}/").content.decode()
    assert reverse("backoffice:price_round", args=[PriceRound.objects.get(name="spring.csv").pk]) in page
