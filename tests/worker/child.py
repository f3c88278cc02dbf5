"""A worker as a process of its own on the test's database, for tests that kill it."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from django.db import connection

RUN = """
import os, django
django.setup()
from django.conf import settings
settings.ROOT_URLCONF = "tests.notifications.addresses"
port = int(os.environ["KONTOR_TEST_SMTP_PORT"])
if port:
    settings.CONFIG = settings.CONFIG.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": port})
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
import tests.kernel.reactions_for_tests
from kontor.worker.process import work
work()
"""


def database_address():
    """The test database as this process uses it."""
    wanted = connection.settings_dict
    options = {
        "host": wanted["HOST"],
        "port": wanted["PORT"],
        "user": wanted["USER"],
        "password": wanted["PASSWORD"],
    }
    return f"postgresql:///{quote(wanted['NAME'])}?" + urlencode({k: v for k, v in options.items() if v})


class Worker:
    def __init__(self, *, slowness="0", smtp_port=0, log=None):
        environment = os.environ | {
            "KONTOR_TEST_DATABASE_URL": database_address(),
            "KONTOR_TEST_SLOWNESS": slowness,
            "KONTOR_TEST_SMTP_PORT": str(smtp_port),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        self.process = subprocess.Popen([sys.executable, "-c", RUN], env=environment, stderr=log)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        return self.process.wait()

    def stop(self, seconds=20):
        """Ask it to end; returns its exit code."""
        self.process.terminate()
        return self.process.wait(seconds)


@contextmanager
def worker(**how):
    running = Worker(**how)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.kill()


def eventually(question, seconds=30):
    """Ask until the answer is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = question()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} seconds")
