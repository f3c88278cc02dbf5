"""A catalog manager lets files come in and go out by themselves, and looks at what came of it."""

import pytest
from django.test import Client

from kontor.companies.models import Company, Membership
from kontor.exchange import folder
from kontor.kernel import clock
from kontor.kernel.events import delivering, publish
from kontor.kernel.models import OutboxEvent
from kontor.notifications.models import Mail
from kontor.notifications.reactions.publishing import tell_of_a_failure
from kontor.publishing.events import ScheduleFailed
from kontor.publishing.models import ProductFeed, Schedule, ScheduleRun
from kontor.publishing.schedules import carry_out_schedule
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.covers("R3.53")]
FORM = {"name": "Supplier", "source": "https://supplier.example/goods.csv", "times": "0 4 * * *"}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "root", lambda: tmp_path / "exchange")


@pytest.fixture
def office(cast: Cast, cat: Membership) -> Client:
    client = Client()
    client.force_login(cat.user)
    return client


def text(answer) -> str:
    return answer.content.decode()


def test_a_schedule_is_set_up_run_paused_continued_and_removed(office: Client):
    answer = office.post("/office/schedules/", FORM)
    one = Schedule.objects.get()
    address = f"/office/schedules/{one.pk}/"
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert "Supplier" in text(office.get("/office/schedules/"))
    assert "It did not run yet." in text(office.get(address))

    assert office.post(f"{address}act/", {"do": "run"}).status_code == 303
    assert "In the queue" in text(office.get(address))
    ScheduleRun.objects.update(
        status="failed", said="supplier.example cannot be reached.", finished_at=clock.now()
    )
    assert "supplier.example cannot be reached." in text(office.get(address))

    office.post(f"{address}act/", {"do": "pause"})
    assert "Paused by Cat Novak." in text(office.get(address))
    office.post(f"{address}act/", {"do": "continue"})
    one.refresh_from_db()
    assert one.next_at is not None

    assert office.post(address, FORM | {"times": "own", "own_times": "30 5 * * 1-5"}).status_code == 303
    one.refresh_from_db()
    assert one.times == "30 5 * * 1-5"
    assert office.post(address, FORM | {"times": "own", "own_times": "* * * * *"}).status_code == 422
    assert office.post(f"{address}act/", {"do": "remove"}).headers["Location"] == "/office/schedules/"
    assert not Schedule.objects.exists()


def test_a_wrong_form_says_where(office: Client):
    answer = office.post("/office/schedules/", FORM | {"source": "ftp://x", "name": ""})
    assert answer.status_code == 422
    assert "A web address begins with https:// or http://." in text(answer)
    assert not Schedule.objects.exists()


def test_an_export_is_made_and_downloaded(office: Client):
    form = {"name": "Goods", "times": "0 6 * * 1-5", "form": "jsonl", "status": "active"}
    office.post("/office/schedules/?kind=export", form)
    one = Schedule.objects.get()
    office.post(f"/office/schedules/{one.pk}/act/", {"do": "run"})
    run = one.runs.get()
    assert office.get(f"/office/schedules/{one.pk}/runs/{run.pk}/file").status_code == 404
    carry_out_schedule(run.pk)
    answer = office.get(f"/office/schedules/{one.pk}/runs/{run.pk}/file")
    assert b"DRILL-18V" in b"".join(answer.streaming_content)


def test_a_feed_is_switched_on_and_says_what_is_wrong(office: Client, cast: Cast, hansa: Company):
    assert "Visitors of your shop see no prices" in text(office.get("/office/feeds/"))
    Company.objects.filter(pk=hansa.pk).update(prices_for_guests=True)
    assert office.post("/office/feeds/", {"is_on": "yes", "tax_country": "XX"}).status_code == 422
    assert office.post("/office/feeds/", {"is_on": "yes"}).status_code == 303
    carry_out_schedule(ScheduleRun.objects.get().pk)
    page = text(office.get("/office/feeds/"))
    assert "without a picture" in page
    assert "/feeds/" in page
    assert ProductFeed.objects.get().problems["no_picture"] == 2
    assert office.post("/office/feeds/", {"is_on": "no"}).status_code == 303
    assert not ProductFeed.objects.get().is_on


def test_who_set_it_up_gets_a_mail_that_says_what_to_do(office: Client, cat: Membership):
    office.post("/office/schedules/", FORM)
    run = ScheduleRun.objects.create(
        schedule=Schedule.objects.get(),
        status="failed",
        said="The server answered 404.",
        finished_at=clock.now(),
    )
    publish(ScheduleFailed(run.pk))
    with delivering(OutboxEvent.objects.get(name="publishing.ScheduleFailed").pk):
        tell_of_a_failure(ScheduleFailed(run.pk))
    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == (cat.user.email, "Failed: Supplier")
    assert "The server answered 404." in mail.text
    assert f"/office/schedules/{run.schedule_id}/" in mail.text
