"""What the worker does for imports. Run twice, a job does no harm: what is there already is not written again."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic

import psycopg
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django.utils import connector_params

from kontor.companies.models import Membership
from kontor.exchange.archives import FORM, carry_out_pictures
from kontor.exchange.imports import Progress, carry_out, keep_out
from kontor.exchange.models import ImportRun
from kontor.exchange.pictures import fetch_pictures, send_for_pictures
from kontor.kernel.actors import Actor, system_actor
from kontor.kernel.refusal import Refused

EVERY = 1
"""Seconds between two notes of how far an import is."""
NOTE = "UPDATE exchange_run SET rows_done = %s WHERE id = %s"


def carry_out_import(run_id: int, *, check: bool) -> None:
    """Check or import a file that somebody asked for, with the rights that this person has now."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None or not run.is_busy:
        return
    actor, language = _actor_of(run)
    if actor is None:
        keep_out(run, _("Who asked for this import does not work here any more. Start it yourself."))
        return
    with override(language), _noting(run_id) as progress:
        try:
            act = carry_out_pictures if run.form == FORM else carry_out
            act(actor=actor, run=run, check=check, progress=progress)
        except Refused as refusal:
            keep_out(run, refusal.message)


def fetch_waiting_pictures() -> None:
    """Fetch some pictures and, while more wait, ask for another turn, so that mails come in between."""
    if fetch_pictures(system_actor("import"), private=tuple(settings.CONFIG.private_hosts)):
        send_for_pictures()


def _actor_of(run: ImportRun) -> tuple[Actor | None, str]:
    if run.membership_id is None:
        return system_actor(run.actor_name), settings.LANGUAGE_CODE
    members = Membership.objects.active().select_related("user", "company")
    member = members.filter(pk=run.membership_id).first()
    if member is None:
        return None, settings.LANGUAGE_CODE
    return member.as_actor(run.door), member.user.language or settings.LANGUAGE_CODE


@contextmanager
def _noting(run_id: int) -> Iterator[Progress]:
    """Writes how far it is on a connection of its own: the import's own transaction shows nothing before its end."""
    with psycopg.connect(**connector_params(), autocommit=True) as connection:
        last = monotonic()

        def note(done: int) -> None:
            nonlocal last
            if monotonic() - last >= EVERY:
                last = monotonic()
                with suppress(psycopg.Error):
                    connection.execute(NOTE, [done, run_id])

        yield note
