"""Log lines, figures, and the three questions of machines."""

import logging as standard
import os
import subprocess
import sys

import orjson
import pytest
import structlog
from django.http import HttpRequest
from django.test import RequestFactory
from prometheus_client.mmap_dict import MmapedDict

from kontor.kernel import clock
from kontor.kernel.models import Heartbeat
from kontor.kernel.observability import logging, metrics
from kontor.web.views import health

SAY = """
import structlog, logging
from kontor.kernel.observability.logging import configure
configure(style="json", level="info")
structlog.contextvars.bind_contextvars(request_id="abc12345")
structlog.get_logger("kontor.orders").info("placed", order=17, api_token="s3cret")
structlog.get_logger("kontor.orders").debug("unheard")
logging.getLogger("somebody.else").warning("watch %s", "out")
try:
    1 / 0
except ZeroDivisionError:
    structlog.get_logger("kontor.orders").exception("failed")
"""


def lines_of(script):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return [orjson.loads(line) for line in ran.stderr.splitlines()]


def test_every_line_is_json_with_the_id_of_its_request_and_no_secret():
    placed, foreign, failed = lines_of(SAY)

    assert placed["event"] == "placed"
    assert (placed["order"], placed["level"], placed["logger"]) == (17, "info", "kontor.orders")
    assert placed["api_token"] == "(hidden)"
    assert placed["timestamp"].endswith("Z")
    assert (foreign["event"], foreign["logger"]) == ("watch out", "somebody.else")
    assert {one["request_id"] for one in (placed, foreign, failed)} == {"abc12345"}
    assert failed["exception"][0]["exc_type"] == "ZeroDivisionError"


def test_the_console_shows_a_line_for_people(capsys):
    root = standard.getLogger()
    before, level = root.handlers[:], root.level
    try:
        logging.configure(style="console", level="info")
        structlog.get_logger("kontor.orders").info("placed", order=17)
        assert "placed" in capsys.readouterr().err
    finally:
        root.handlers[:], root.level = before, level


def test_figures_of_ended_processes_are_kept_in_one_file(tmp_path, monkeypatch):
    monkeypatch.setattr(metrics, "FOLDER", tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for process, value in ((ended.pid, 5.0), (0, 2.0), (os.getpid(), 7.0)):
        figures = MmapedDict(str(tmp_path / f"counter_{process}.db"))
        figures.write_value("orders", value, 0.0)
        figures.close()

    assert metrics.fold_dead() == 1

    assert sorted(path.name for path in tmp_path.glob("*.db")) == [
        "counter_0.db",
        f"counter_{os.getpid()}.db",
    ]
    kept = MmapedDict(str(tmp_path / "counter_0.db"))
    assert kept.read_value("orders")[0] == 7.0
    kept.close()


@pytest.fixture
def ask():
    def asking(view, **headers) -> object:
        request: HttpRequest = RequestFactory().get("/", **headers)
        return view(request)

    return asking


def test_health_asks_nobody(ask):
    answer = ask(health.health)
    assert (answer.status_code, answer.content) == (200, b'{"status": "ok"}')


@pytest.mark.django_db
def test_ready_says_whether_a_worker_lives(ask):
    assert orjson.loads(ask(health.ready).content) == {
        "status": "ok",
        "database": "ok",
        "worker": "never seen",
    }

    Heartbeat.objects.create(name="worker:here:1", seen_at=clock.now())
    assert orjson.loads(ask(health.ready).content)["worker"] == "running"


@pytest.mark.django_db
def test_figures_are_for_this_machine_or_the_bearer_of_the_token(ask, settings):
    answer = ask(health.figures)
    assert answer.status_code == 200
    assert b"kontor_outbox_pending 0.0" in answer.content
    assert ask(health.figures, REMOTE_ADDR="203.0.113.5").status_code == 403
    assert ask(health.figures, HTTP_X_FORWARDED_FOR="203.0.113.5").status_code == 403

    secret = type(settings.CONFIG.metrics_token)("open sesame")
    settings.CONFIG = settings.CONFIG.model_copy(update={"metrics_token": secret})
    assert ask(health.figures).status_code == 403
    assert (
        ask(health.figures, HTTP_AUTHORIZATION="Bearer open sesame", REMOTE_ADDR="203.0.113.5").status_code
        == 200
    )
