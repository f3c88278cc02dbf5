"""What a worker does besides events: the jobs, when those of the clock are due, and what happens when one fails."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from inspect import iscoroutinefunction
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.jobs import Job
from procrastinate.worker import Worker

from kontor.catalog.operations import follow_sale_dates
from kontor.discovery.models import Rhythm
from kontor.discovery.operations import look_for_news
from kontor.exchange.jobs import carry_out_import, fetch_waiting_pictures
from kontor.exchange.pictures import pictures_are_due, send_for_pictures
from kontor.fulfilment.operations import announce_arrivals
from kontor.kernel import clock, idempotency, rates, refusal_counts
from kontor.kernel.delivery import forget_delivered
from kontor.kernel.jobs import defer
from kontor.notifications import sending
from kontor.notifications.operations import remind_of_expiring_offers
from kontor.notifications.operations.queue import QUEUE
from kontor.notifications.reminders import remind_of_ending_agreements
from kontor.pricing.fetching import fetch_rates_of_today
from kontor.publishing import schedules
from kontor.search.operations import follow_price_dates
from kontor.taxes import jobs as tax_jobs
from kontor.web.models import Session
from kontor.worker import heartbeat

log = structlog.get_logger(__name__)

MAIL, DEFAULT = QUEUE, "default"
UPKEEP = "upkeep"
STALLED_AFTER = 30.0
"""Seconds without a heartbeat after which a worker counts as dead and its jobs go to others."""
KEEP_EVENTS = timedelta(days=30)
KEEP_FAILED_JOBS_HOURS = 30 * 24
WAKING_HOURS = range(6, 21)
DIGEST_HOUR = 6
RETRY_IN = (10, 60, 300, 1800, 3600, 14400, 43200)


class PutOff(BaseRetryStrategy):
    """A mail says itself when to try again; anything else is tried again after 10 s, 1 min … 12 h, seven times."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, sending.NotSentYet):
            return RetryDecision(retry_in={"seconds": exception.seconds})
        if job.attempts < len(RETRY_IN):
            return RetryDecision(retry_in={"seconds": RETRY_IN[job.attempts]})
        return None


def register(app: App) -> None:
    """Give procrastinate our tasks."""
    app.task(name="send_mail", queue=MAIL, retry=PutOff())(send_mail)
    app.task(name="carry_out_import", queue=DEFAULT)(import_file)
    app.task(name="carry_out_schedule", queue=DEFAULT, retry=PutOff())(carry_out_schedule)
    app.task(name="fetch_pictures", queue=DEFAULT, retry=PutOff())(fetch_pictures)
    app.task(name="check_vat_id", queue=DEFAULT, retry=PutOff())(check_vat_id)
    for cron, task in CLOCKWORK:
        named: Any = app.task(name=task.__name__, queue=UPKEEP, pass_context=iscoroutinefunction(task))  # type: ignore[call-overload]  # overloads know True and False, not bool
        app.periodic(cron=cron)(named(task))


def send_mail(*, mail_id: int, request_id: str = "") -> None:
    """Send one mail."""
    sending.send_mail(mail_id)


def import_file(*, run_id: int, check: int, request_id: str = "") -> None:
    """Check a file, or import it."""
    carry_out_import(run_id, check=bool(check))


def carry_out_schedule(*, run_id: int, request_id: str = "") -> None:
    """Import, export, or make a feed or a price file, as a schedule says."""
    schedules.carry_out_schedule(run_id)


def fetch_pictures(*, request_id: str = "") -> None:
    """Fetch pictures that an import named by their address."""
    fetch_waiting_pictures()


def check_vat_id(*, seller_id: int, buyer_id: int, asked_by: str, request_id: str = "") -> None:
    """Ask the registry about a customer's VAT id."""
    tax_jobs.check_vat_id(seller_id, buyer_id, asked_by)


async def rescue_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Put jobs back in line whose worker was killed in the middle of them."""
    jobs = context.app.job_manager
    for stalled in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        log.warning("job_rescued", task=stalled.task_name, job=stalled.id)
        await jobs.retry_job(stalled)


def rescue_mails(timestamp: int) -> None:
    """Give queued mails a job that have none."""
    for mail_id in sending.forgotten():
        log.warning("mail_rescued", mail=mail_id)
        defer("send_mail", queue=MAIL, mail_id=mail_id)


def forget_the_old(timestamp: int) -> None:
    """Delete what is of no use any more: answers to old keys, rate windows, sessions, delivered events."""
    now = clock.now()
    expired, _by_model = Session.objects.filter(expire_date__lt=now).delete()
    heartbeat.forget_the_silent()
    log.info(
        "forgot_the_old",
        sessions=expired,
        idempotency_keys=idempotency.forget_old(settings.CONFIG.idempotency_days),
        rate_windows=rates.forget_past(),
        refusal_counts=refusal_counts.forget_old(),
        events=forget_delivered(now - KEEP_EVENTS),
    )


async def forget_failed_jobs(context: JobContext, timestamp: int) -> None:
    """Delete failed and aborted jobs after a month; those that went well leave no row."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEEP_FAILED_JOBS_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


def look_for_alerts(timestamp: int) -> None:
    """Tell those who want it at once what came in, is back in stock or costs something else."""
    log.info("looked_for_alerts", people=look_for_news(rhythms=(Rhythm.INSTANT,)))


def look_for_daily_alerts(timestamp: int) -> None:
    """The same for those who want it once a day, in the morning of the installation's time zone."""
    moment = clock.now().astimezone(ZoneInfo(settings.CONFIG.default_timezone))
    if moment.hour == DIGEST_HOUR:
        log.info("looked_for_alerts", people=look_for_news(rhythms=(Rhythm.DAILY, Rhythm.NEVER)))


def keep_to_sale_dates(timestamp: int) -> None:
    """Put approved goods on sale whose day has come, and take off sale those whose time is over."""
    begun, ended = follow_sale_dates()
    if begun or ended:
        log.info("kept_to_sale_dates", on_sale=begun, off_sale=ended)


def keep_to_price_dates(timestamp: int) -> None:
    """Sort by prices and lists whose time has come, and no longer by those whose time is over."""
    if follow_price_dates():
        log.info("kept_to_price_dates")


def fetch_due_pictures(timestamp: int) -> None:
    """Fetch pictures whose next try has come, or whose worker was killed."""
    if pictures_are_due():
        send_for_pictures()


def begin_due_schedules(timestamp: int) -> None:
    """Begin what the schedules of imports, exports, feeds and price files say."""
    if begun := schedules.begin_due():
        log.info("began_schedules", count=begun)


def check_vat_ids(timestamp: int) -> None:
    """Ask the registry about customers whose proof is missing or will soon be too old."""
    if asked := tax_jobs.send_for_proofs():
        log.info("asked_about_vat_ids", customers=asked)


def fetch_reference_rates(timestamp: int) -> None:
    """Fetch the exchange rates of today, where the operator has set an address."""
    if settings.CONFIG.rates_url and (found := fetch_rates_of_today(settings.CONFIG)):
        log.info("fetched_rates", day=str(found.last), changed=found.changed)


def look_at_the_calendar(timestamp: int) -> None:
    """What is due on this day. Both remember whom they told, so each hour tells only what is new."""
    moment = clock.now().astimezone(ZoneInfo(settings.CONFIG.default_timezone))
    if moment.hour in WAKING_HOURS:
        log.info(
            "looked_at_the_calendar",
            arriving_shipments=announce_arrivals(moment.date()),
            ending_offers=remind_of_expiring_offers(),
            ending_agreements=remind_of_ending_agreements(),
        )


CLOCKWORK: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("* * * * * */20", rescue_stalled_jobs),
    ("*/5 * * * *", rescue_mails),
    ("17 * * * *", forget_the_old),
    ("47 3 * * *", forget_failed_jobs),
    ("23 2 * * *", check_vat_ids),
    ("0 * * * *", look_at_the_calendar),
    ("* * * * *", begin_due_schedules),
    ("* * * * *", fetch_due_pictures),
    ("*/5 * * * *", keep_to_sale_dates),
    ("* * * * *", keep_to_price_dates),
    ("*/5 * * * *", look_for_alerts),
    ("20 * * * *", look_for_daily_alerts),
    ("35 6,14-18 * * *", fetch_reference_rates),
)


async def tell(call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """Around each job: the id of the request that it came from in all log lines, and one line at its end."""
    job, begun = context.job, perf_counter()
    about = {"job": job.id, "task": job.task_name, "request_id": str(job.task_kwargs.get("request_id", ""))}
    with structlog.contextvars.bound_contextvars(**about):
        try:
            result = await call_next()
        except sending.NotSentYet:
            raise
        except Exception:
            log.exception("job_failed", attempts=job.attempts + 1)
            raise
        if job.queue != UPKEEP:
            log.info("job_done", ms=round((perf_counter() - begun) * 1000, 1))
        return result
