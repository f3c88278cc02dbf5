"""The demo, whole or not at all."""

from importlib import import_module

from django.db import transaction

from kontor.commands.start import start_django
from kontor.commands.steps import step


def load() -> None:
    """Fill the empty database. When it is interrupted, the database is as empty as before."""
    with step("Demo: a distributor and its customers") as running:
        start_django()
        with transaction.atomic():
            import_module("kontor.demo.load").load_demo(report=running.report)
