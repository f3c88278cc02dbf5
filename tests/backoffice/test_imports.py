"""A catalog manager uploads a messy file, says what it means, checks, repairs, imports."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.exchange import folder
from kontor.exchange.jobs import carry_out_import
from kontor.exchange.models import ImportRun, SavedMapping
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.covers("R0.7", "R1.34")]
MESSY = "Katalog 2026;;;\nArt.;Text;Was;EAN\nX-1;Säge;Elbwerk;4006381333931\nX-2;Axt;Elbwerk;4006381333932\n"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "root", lambda: tmp_path / "exchange")


@pytest.fixture
def office(cast: Cast, cat: Membership) -> Client:
    client = Client()
    client.force_login(cat.user)
    return client


def upload(client: Client, content: str, name: str = "katalog.csv"):
    return client.post("/office/imports/", {"file": SimpleUploadedFile(name, content.encode("cp1252"))})


def test_a_messy_file_is_mapped_checked_repaired_and_imported(office: Client):
    answer = upload(office, MESSY)
    run = ImportRun.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/office/imports/{run.pk}/")
    assert (run.form, run.about["encoding"], run.about["delimiter"], run.about["header"]) == (
        "csv",
        "cp1252",
        ";",
        "2",
    )
    page = office.get(f"/office/imports/{run.pk}/").content.decode()
    assert "Säge" in page
    assert "Elbwerk" in page

    form = {
        "columns/0": "sku",
        "columns/1": "name",
        "columns/2": "brand",
        "columns/3": "gtin",
        "decimal": ",",
        "header": "2",
    }
    assert (
        office.post(f"/office/imports/{run.pk}/", form | {"columns/0": "", "do": "check"}).status_code == 422
    )
    assert office.post(f"/office/imports/{run.pk}/", form | {"do": "check"}).status_code == 303
    assert "rows so far" in office.get(f"/office/imports/{run.pk}/").content.decode()
    carry_out_import(run.pk, check=True)
    page = office.get(f"/office/imports/{run.pk}/").content.decode()
    assert "“4006381333932” is not a GTIN" in page
    assert not Product.objects.filter(sku="X-1").exists()
    errors = b"".join(office.get(f"/office/imports/{run.pk}/errors.csv").streaming_content).decode(
        "utf-8-sig"
    )
    assert errors.splitlines()[1].startswith('"4","EAN: “4006381333932” is not a GTIN')

    assert office.post(f"/office/imports/{run.pk}/", form | {"do": "run", "rows": "good"}).status_code == 303
    carry_out_import(run.pk, check=False)
    run.refresh_from_db()
    assert (run.status, run.counts["new"], run.counts["wrong"]) == ("done", 1, 1)
    assert "Report" in office.get(f"/office/imports/{run.pk}/").content.decode()
    assert office.post(f"/office/imports/{run.pk}/", form | {"do": "run"}).status_code == 422


def test_the_summary_names_the_column_that_is_wrong_and_leads_to_it(office: Client):
    upload(office, MESSY)
    run = ImportRun.objects.get()
    form = {"columns/0": "sku", "columns/1": "name", "columns/2": "sku", "header": "2", "do": "check"}
    page = office.post(f"/office/imports/{run.pk}/", form).content.decode()
    assert '<a href="#f-columns-2">Was: “Art.” means this already.</a>' in page
    assert 'id="f-columns-2"' in page
    assert 'id="f-columns-2-error"' in page


def test_an_import_whose_file_is_gone_says_so_on_its_page(office: Client):
    upload(office, MESSY)
    run = ImportRun.objects.get()
    form = {"columns/0": "sku", "columns/1": "name", "header": "2", "do": "check"}
    assert office.post(f"/office/imports/{run.pk}/", form).status_code == 303
    for path in folder.root().rglob("*"):
        if path.is_file():
            path.unlink()
    with pytest.raises(FileNotFoundError):
        carry_out_import(run.pk, check=True)
    run.refresh_from_db()
    answer = office.get(f"/office/imports/{run.pk}/")
    assert (run.status, answer.status_code) == ("failed", 200)
    assert run.problem
    assert run.problem in answer.content.decode()


def test_a_mapping_is_kept_used_and_removed(office: Client):
    upload(office, MESSY)
    run = ImportRun.objects.get()
    form = {"columns/0": "sku", "columns/1": "name", "header": "2", "do": "keep", "mapping_name": "Katalog"}
    assert office.post(f"/office/imports/{run.pk}/", form).status_code == 303
    kept = SavedMapping.objects.get()
    assert (kept.name, kept.plan["columns"]) == ("Katalog", {"Art.": "sku", "Text": "name"})
    upload(office, MESSY.replace("X-1", "X-9"))
    assert ImportRun.objects.latest("id").mapping == kept
    assert office.post(f"/office/imports/mappings/{kept.pk}/forget/").status_code == 303
    assert not SavedMapping.objects.exists()


def test_what_cannot_be_read_says_so_beside_the_file(office: Client):
    answer = upload(office, "%PDF-1.7")
    assert answer.status_code == 422
    assert "This is a PDF file. Send the table itself as CSV or Excel." in answer.content.decode()
    assert office.post("/office/imports/").status_code == 422


def test_the_template_and_an_export_come_in_without_a_hand_on_them(office: Client):
    assert office.get("/office/imports/").status_code == 200
    template = b"".join(office.get("/office/imports/template.csv").streaming_content)
    upload(office, template.decode("utf-8-sig"))
    run = ImportRun.objects.get()
    assert set(run.plan["columns"]) == {one["name"] for one in run.columns}
    assert office.get("/office/exports/").status_code == 200
    for form in ("csv", "jsonl", "bmecat", "xlsx"):
        answer = office.get(f"/office/exports/file?form={form}&status=active")
        assert b"".join(answer.streaming_content)


@pytest.mark.parametrize(("who", "may", "not_"), [("cat", "options", "agreed"), ("sal", "agreed", "options")])
def test_options_and_agreed_quantities_go_out_to_whom_their_pages_are_open(
    cast: Cast, who: str, may: str, not_: str
):
    client = Client()
    client.force_login(cast.people[who].user)
    page = client.get("/office/exports/").content.decode()
    assert (f'value="{may}"' in page, f'value="{not_}"' in page) == (True, False)
    for form in ("csv", "jsonl", "xlsx"):
        answer = client.get(f"/office/exports/stated?subject={may}&form={form}")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{may}.{form}"'
    assert client.get(f"/office/exports/stated?subject={not_}").status_code == 403
    assert client.get("/office/exports/stated?subject=goods").status_code == 404


def test_what_is_in_a_file_may_be_said_at_its_upload(office: Client):
    template = b"".join(office.get("/office/imports/template.csv?subject=options").streaming_content)
    upload(office, template.decode("utf-8-sig"))
    run = ImportRun.objects.get()
    assert run.plan["subject"] == "options"
    page = office.get(f"/office/imports/{run.pk}/").content.decode()
    assert "what they leave out is removed" in page
    assert "Prices go into" not in page
    form = {f"columns/{place}": one["name"] for place, one in enumerate(run.columns)}
    assert office.post(f"/office/imports/{run.pk}/", form | {"do": "check"}).status_code == 303
    run.refresh_from_db()
    assert (run.plan["subject"], run.status) == ("options", "checking")
    file = SimpleUploadedFile("x.csv", b"sku;Kunde\nX;1\n")
    office.post("/office/imports/", {"file": file, "subject": "agreed"})
    assert ImportRun.objects.latest("pk").plan["subject"] == "agreed"


def test_the_people_of_another_seller_find_nothing(office: Client, lev: Membership):
    upload(office, MESSY)
    run = ImportRun.objects.get()
    rival = Client()
    rival.force_login(lev.user)
    assert rival.get(f"/office/imports/{run.pk}/").status_code == 404
    assert "katalog.csv" not in rival.get("/office/imports/").content.decode()
