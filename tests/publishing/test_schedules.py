"""Schedules: at their times by the clock on the wall, one at a time, and heard of when they fail."""

import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from kontor.catalog.models import Product
from kontor.companies.models import Company, Membership
from kontor.exchange import folder
from kontor.exchange.models import ImportRun
from kontor.kernel import clock
from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.entrances.http import HttpAnswer
from kontor.kernel.models import OutboxEvent
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.publishing.models import Schedule, ScheduleRun
from kontor.publishing.operations.schedules import (
    ScheduleFacts,
    continue_schedule,
    forget_schedule,
    pause_schedule,
    run_schedule,
    save_schedule,
)
from kontor.publishing.schedules import begin_due, carry_out_schedule, next_after, sources, times_problem
from tests.cast import Cast, actor

BERLIN = "Europe/Berlin"
GOODS = b"sku,name\nX-1,Thing\n"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "root", lambda: tmp_path / "exchange")
    monkeypatch.setattr(settings, "CONFIG", settings.CONFIG.model_copy(update={"home": tmp_path}))
    return tmp_path


@pytest.fixture
def web(monkeypatch):
    """What the address answers: set `web["body"]` or `web["problem"]`; `web["asked"]` counts."""
    answers: dict[str, Any] = {"body": GOODS, "asked": 0, "etag": '"1"', "problem": None, "status": 200}

    def ask(question, limits, into):
        answers["asked"] += 1
        if answers["problem"]:
            raise answers["problem"]
        if (question.headers or {}).get("If-None-Match") == answers["etag"]:
            return HttpAnswer(304, {}, b"")
        into.write(answers["body"])
        return HttpAnswer(answers["status"], {"etag": answers["etag"]}, b"")

    monkeypatch.setattr(sources, "ask", ask)
    return answers


@pytest.fixture
def nightly(cast: Cast, cat: Membership) -> Schedule:
    facts = ScheduleFacts(name="Nightly", times="0 4 * * *", source="https://supplier.example/goods.csv")
    return save_schedule(actor=actor(cat), facts=facts)


def carried_out(schedule: Schedule) -> ScheduleRun:
    """Due now, put into the queue, carried out."""
    Schedule.objects.filter(pk=schedule.pk, is_paused=False).update(next_at=clock.now())
    assert begin_due() == 1
    run = schedule.runs.order_by("-id")[0]
    carry_out_schedule(run.pk)
    run.refresh_from_db()
    schedule.refresh_from_db()
    return run


@pytest.mark.parametrize(
    ("line", "moment", "expected"),
    [
        ("0 4 * * *", "2026-11-22T12:00", "2026-11-23T03:00"),
        ("0 4 * * *", "2026-06-22T12:00", "2026-06-23T02:00"),
        ("30 2 * * *", "2026-03-28T12:00", "2026-03-29T01:30"),  # 2:30 is skipped: an hour later
        ("30 2 * * *", "2026-10-24T12:00", "2026-10-25T00:30"),  # 2:30 comes twice: the first
        ("30 2 * * *", "2026-10-25T00:30", "2026-10-26T01:30"),  # and not the second
        ("0 * * * *", "2026-10-25T00:00", "2026-10-25T01:00"),  # but every hour is every hour
        ("0 * * * *", "2026-10-25T01:00", "2026-10-25T02:00"),
        ("0 * * * *", "2026-03-29T00:00", "2026-03-29T01:00"),
        ("0 6 * * 1-5", "2026-11-20T12:00", "2026-11-23T05:00"),
    ],
)
def test_times_are_those_of_the_wall_clock(line, moment, expected):
    assert next_after(line, BERLIN, utc(moment)) == utc(expected)


def test_a_year_of_nights_has_365_runs_and_none_drifts():
    moment, nights = utc("2026-01-01T12:00"), []
    while len(nights) < 365:
        moment = next_after("15 4 * * *", BERLIN, moment)
        nights.append(moment.astimezone(ZoneInfo(BERLIN)))
    assert {(one.hour, one.minute) for one in nights} == {(4, 15)}
    assert len({one.date() for one in nights}) == 365


@pytest.mark.parametrize(
    "line", ["", "* * * * *", "*/5 * * * *", "0 4 * *", "0 4 30 2 *", "0 25 * * *", "@daily", "x y z a b"]
)
def test_times_that_make_no_sense_are_refused(line):
    assert times_problem(line)


@pytest.mark.covers("R3.53")
def test_a_file_at_an_address_is_imported_at_its_time_and_only_when_it_changed(cast: Cast, nightly, web):
    run = carried_out(nightly)
    assert (run.status, run.said) == ("done", "1 new, 0 changed, 0 wrong.")
    assert Product.objects.get(sku="X-1").name == "Thing"
    assert run.import_run.actor_name.startswith("Cat")

    assert carried_out(nightly).status == "nothing"  # the server says so
    web["etag"] = '"2"'
    assert carried_out(nightly).status == "nothing"  # the content says so
    web["etag"], web["body"] = '"3"', b"sku,name\nX-1,Other\n"
    assert carried_out(nightly).said == "0 new, 1 changed, 0 wrong."
    assert ImportRun.objects.count() == 2


def test_missed_times_are_caught_up_once(cast: Cast, nightly, web):
    Schedule.objects.filter(pk=nightly.pk).update(next_at=clock.now() - timedelta(days=9))
    assert (begin_due(), begin_due()) == (1, 0)
    nightly.refresh_from_db()
    assert nightly.next_at == next_after("0 4 * * *", BERLIN, clock.now())


def test_there_are_never_two_at_once(cast: Cast, nightly, web, cat: Membership):
    run_schedule(actor=actor(cat), schedule=nightly)
    with pytest.raises(Refused, match="on its way"):
        run_schedule(actor=actor(cat), schedule=nightly)
    Schedule.objects.filter(pk=nightly.pk).update(next_at=clock.now())
    assert begin_due() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduleRun.objects.create(schedule=nightly)
    assert nightly.runs.count() == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"problem": EntranceProblem("unreachable", "supplier.example cannot be reached.")},
         "supplier.example cannot be reached."),
        ({"status": 404}, "The server answered 404. Look whether the address still holds."),
        ({"body": b"sku,name\nX-2,\n"},
         "Some rows are wrong, so nothing was imported. The article X-2 is new and has no name."),
        ({"body": b"%PDF-1.7"}, "PDF"),
    ],
)  # fmt: skip
def test_what_goes_wrong_says_why_and_what_was_there_stays(cast: Cast, nightly, web, answer, said):
    web.update(answer)
    run = carried_out(nightly)
    assert run.status == "failed"
    assert said in run.said
    assert nightly.failures == 1
    event = OutboxEvent.objects.get(name="publishing.ScheduleFailed")
    assert event.payload == {"run_id": run.pk}
    assert not Product.objects.filter(sku="X-2").exists()


def test_after_five_failures_it_pauses_and_somebody_continues_it(cast: Cast, nightly, web, cat: Membership):
    web["status"] = 500
    for _time in range(5):
        carried_out(nightly)
    assert (nightly.is_paused, nightly.next_at, nightly.failures) == (True, None, 5)
    assert nightly.paused_because == "It failed 5 times in a row. Correct it, then continue."
    assert begin_due() == 0

    web["status"] = 200
    continue_schedule(actor=actor(cat), schedule=nightly)
    assert carried_out(nightly).status == "done"
    assert (nightly.is_paused, nightly.failures) == (False, 0)


def test_who_left_runs_nothing_any_more(cast: Cast, nightly, web, cat: Membership):
    Membership.objects.filter(pk=cat.pk).update(is_active=False)
    run = carried_out(nightly)
    assert (run.status, web["asked"]) == ("failed", 0)
    assert "does not work here any more" in run.said


@pytest.mark.parametrize("kind", ["import", "export"])
def test_who_lost_the_right_runs_nothing_any_more(cast: Cast, nightly, web, cat: Membership, kind: str):
    facts = ScheduleFacts(name="All", times="0 4 * * *", options={"form": "jsonl"})
    schedule = nightly if kind == "import" else save_schedule(actor=actor(cat), kind=kind, facts=facts)
    Schedule.objects.exclude(pk=schedule.pk).delete()
    Membership.objects.filter(pk=cat.pk).update(roles=["finance"])
    run = carried_out(schedule)
    assert (run.status, run.file, web["asked"]) == ("failed", "", 0)
    assert run.said == "Who set this up may not do it any more. Save the schedule to make it yours."


def test_files_in_a_folder_go_in_the_oldest_first_and_are_put_away(
    cast: Cast, hansa: Company, cat: Membership, home
):
    schedule = save_schedule(
        actor=actor(cat),
        facts=ScheduleFacts(name="Folder", times="0 * * * *", source="erp", options={"good_rows": True}),
    )
    assert carried_out(schedule).said == "No file lay in the folder."
    inbox = home / "inbox" / hansa.slug / "erp"
    for name, text, age in (("b.csv", "sku,name\nX-1,New\n", 60), ("a.csv", "sku,name\nX-1,Old\n", 90),
                            ("half.csv", "sku,na", 0)):  # fmt: skip
        (inbox / name).write_text(text)
        os.utime(inbox / name, (time.time() - age,) * 2)
    (inbox / "link.csv").symlink_to("/etc/passwd")
    run = carried_out(schedule)
    assert run.said == "a.csv: 1 new, 0 changed, 0 wrong. b.csv: 0 new, 1 changed, 0 wrong."
    assert Product.objects.get(sku="X-1").name == "New"
    assert sorted(one.name for one in inbox.iterdir()) == ["done", "half.csv", "link.csv"]
    assert [one.name[23:] for one in sorted((inbox / "done").iterdir())] == ["a.csv", "b.csv"]

    (inbox / "wrong.csv").write_bytes(b"%PDF")
    os.utime(inbox / "wrong.csv", (time.time() - 60,) * 2)
    assert carried_out(schedule).status == "failed"
    assert len(list((inbox / "wrong").iterdir())) == 1


def test_an_export_and_a_price_file_are_made(
    cast: Cast, cat: Membership, ana: Membership, django_capture_on_commit_callbacks
):
    export = save_schedule(
        actor=actor(cat),
        kind="export",
        facts=ScheduleFacts(name="All", times="0 4 * * *", options={"form": "jsonl"}),
    )
    run = carried_out(export)
    assert (run.status, b"DRILL-18V" in folder.path_of(run.file).read_bytes()) == ("done", True)
    prices = save_schedule(
        actor=actor(ana),
        kind="prices",
        facts=ScheduleFacts(name="Prices", times="0 4 * * *", options={"form": "csv"}),
    )
    run = carried_out(prices)
    assert run.status == "done"
    assert b"DRILL-18V" in folder.path_of(run.file).read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        files = [carried_out(prices).file for _night in range(4)]
    assert sum(folder.path_of(one).exists() for one in [run.file, *files]) == 3


def test_only_who_may_import_sets_one_up_and_only_for_the_own_company(
    cast: Cast, nightly, cat: Membership, fin: Membership, cy: Membership, ana: Membership
):
    facts = ScheduleFacts(name="Mine", times="0 4 * * *", source="https://supplier.example/x.csv")
    for person, kind in (
        (fin, "import"),
        (fin, "export"),
        (ana, "import"),
        (ana, "export"),
        (cy, "prices"),
        (cat, "prices"),
    ):
        with pytest.raises(NotAllowed):
            save_schedule(actor=actor(person), kind=kind, facts=facts)
    lev = cast.people["lev"]
    for act in (pause_schedule, continue_schedule, run_schedule, forget_schedule):
        with pytest.raises(NotAllowed):
            act(actor=actor(lev), schedule=nightly)
    assert list(Schedule.objects.visible_to(actor(lev))) == []
    assert Schedule.objects.count() == 1


def test_wrong_facts_are_told_at_their_fields(cast: Cast, cat: Membership):
    with pytest.raises(Refused) as refused:
        save_schedule(actor=actor(cat), facts=ScheduleFacts(name=" ", times="* * * * *", source="../../etc"))
    assert set(refused.value.fields) == {"name", "times", "source"}
    with pytest.raises(Refused) as refused:
        save_schedule(
            actor=actor(cat), facts=ScheduleFacts(name="x", times="0 4 * * *", source="ftp://x.example/a")
        )
    assert set(refused.value.fields) == {"source"}
