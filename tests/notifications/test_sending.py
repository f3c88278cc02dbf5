"""Mails and a mail server that has bad days."""

from datetime import timedelta
from io import BytesIO

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params
from pypdf import PdfReader

from kontor.fulfilment.operations import ship_now
from kontor.invoicing.operations import issue_invoice
from kontor.kernel.delivery import deliver_due
from kontor.notifications import attachments
from kontor.notifications.attachments import Attachment
from kontor.notifications.audience import Recipient
from kontor.notifications.letters import Letter
from kontor.notifications.models import Mail
from kontor.notifications.operations import Posting, queue_account_mail, queue_mail, send_again
from kontor.notifications.queries import failed_mails
from kontor.notifications.sending import RETRY_AFTER, NotSentYet, forgotten, send_mail
from kontor.notifications.topics import ORDERS
from kontor.orders.operations import confirm_order
from tests.cast import actor
from tests.orders.trade import SYSTEM, placed

pytestmark = pytest.mark.django_db

ANA = Recipient(email="ana@acme.example", name="Ana Brandt", language="en", user_id=None, company_id=None)


def queued(about="event:1", to=ANA, **facts):
    (mail,) = queue_mail(
        posting=Posting(topic=ORDERS, about=about, thread="order:17", reply_to="sal@hansa.example", **facts),
        to=[to],
        write=lambda _to: Letter(
            subject="Order SO-1 received", heading="Order SO-1", paragraphs=["It is here."]
        ),
    )
    return mail


def attempt(mail):
    """One attempt; None, or the seconds until the next."""
    Mail.objects.filter(pk=mail.pk).update(due_at=timezone.now())
    try:
        send_mail(mail.pk)
    except NotSentYet as later:
        return later.seconds
    finally:
        mail.refresh_from_db()


def test_without_a_mail_server_mails_are_kept_and_no_job_is_written():
    mail = queued()

    assert mail.status == Mail.Status.KEPT
    assert not ProcrastinateJob.objects.exists()


def test_a_mail_goes_out_in_text_and_html_and_bears_its_thread(sends_mail):
    mail = queued()
    (job,) = ProcrastinateJob.objects.all()
    assert (job.task_name, job.args["mail_id"]) == ("send_mail", mail.pk)

    assert attempt(mail) is None

    (message,) = sends_mail.messages
    assert message["Subject"] == "Order SO-1 received"
    assert message["To"] == "Ana Brandt <ana@acme.example>"
    assert message["From"] == "Kontor <shop@kontor.example>"
    assert message["Reply-To"] == "sal@hansa.example"
    assert message["References"] == message["In-Reply-To"] == "<order-17.0@kontor.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"].endswith("#orders>")
    text, html = (message.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert "It is here." in text
    assert "<p>It is here.</p>" in html
    assert (mail.status, mail.attempts, mail.last_error) == (Mail.Status.SENT, 1, "")
    assert mail.sent_at is not None


def test_a_sent_mail_is_not_sent_again(sends_mail):
    mail = queued()
    attempt(mail)
    attempt(mail)

    assert len(sends_mail.messages) == 1


def test_a_server_that_hangs_up_in_the_middle_gets_the_mail_later_under_the_same_id(sends_mail):
    sends_mail.hang_up = 2
    mail = queued()

    assert attempt(mail) == 30
    assert mail.status == Mail.Status.QUEUED
    assert mail.last_error.startswith("SMTPServerDisconnected")
    assert attempt(mail) == 120
    assert attempt(mail) is None

    assert (mail.status, mail.attempts) == (Mail.Status.SENT, 3)
    assert len(sends_mail.messages) == 1


def test_the_message_id_is_the_same_in_each_attempt(sends_mail):
    mail = queued()
    attempt(mail)
    Mail.objects.filter(pk=mail.pk).update(status="queued", sent_at=None)
    attempt(mail)

    first, second = sends_mail.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_an_address_refused_for_good_fails_at_once_and_is_listed(sends_mail):
    sends_mail.refuse["ana@acme.example"] = "550 nobody of that name"
    mail = queued()

    assert attempt(mail) is None

    assert (mail.status, mail.attempts) == (Mail.Status.FAILED, 1)
    (listed,) = failed_mails()
    assert listed.id == mail.pk
    assert "nobody of that name" in listed.last_error


def test_an_address_refused_for_now_is_tried_again(sends_mail):
    sends_mail.refuse["ana@acme.example"] = "451 greylisted"
    mail = queued()

    assert attempt(mail) == 30
    sends_mail.refuse.clear()
    assert attempt(mail) is None
    assert mail.status == Mail.Status.SENT


def test_after_three_days_a_mail_fails(sends_mail, settings):
    settings.EMAIL_PORT = 1  # nobody listens there
    mail = queued()
    waits = []
    while (seconds := attempt(mail)) is not None:
        waits.append(seconds)

    assert waits == [int(one.total_seconds()) for one in RETRY_AFTER]
    assert (mail.status, mail.attempts) == (Mail.Status.FAILED, 11)
    assert mail.last_error.startswith("ConnectionRefusedError")


def test_the_operator_sends_a_failed_mail_again(sends_mail, olga):
    sends_mail.refuse["ana@acme.example"] = "550 nobody of that name"
    mail = queued()
    attempt(mail)
    sends_mail.refuse.clear()

    assert send_again(actor=actor(olga), mail=mail) is True
    assert attempt(mail) is None
    assert mail.status == Mail.Status.SENT
    assert send_again(actor=actor(olga), mail=mail) is False


def test_a_mail_put_off_is_not_sent_early(sends_mail):
    mail = queued()
    Mail.objects.filter(pk=mail.pk).update(due_at=timezone.now() + timedelta(seconds=90))

    with pytest.raises(NotSentYet) as later:
        send_mail(mail.pk)
    assert 85 <= later.value.seconds <= 90
    assert not sends_mail.messages


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_have_one_mail_in_hand(sends_mail):
    mail = queued()
    with psycopg.connect(**connector_params(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"mail:{mail.pk}"])
        assert attempt(mail) == 10
        assert mail.attempts == 0
        # A closed connection keeps its locks until its server process has gone, which may be later.
        other.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"mail:{mail.pk}"])

    assert attempt(mail) is None
    assert len(sends_mail.messages) == 1


def test_a_queued_mail_whose_job_is_gone_is_found(sends_mail):
    mail = queued()
    Mail.objects.update(due_at=timezone.now() - timedelta(minutes=3))
    assert forgotten() == []

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert forgotten() == [mail.pk]


def test_the_document_is_made_when_the_mail_is_sent(sends_mail, monkeypatch):
    made = []

    def confirmation(order_id, language):
        made.append((order_id, language))
        return Attachment(name="SO-1.pdf", content=b"%PDF-1.7")

    monkeypatch.setitem(attachments.MAKERS, "order_confirmation", confirmation)
    mail = queued(attachment=("order_confirmation", 17))
    assert made == []

    attempt(mail)

    assert made == [(17, "en")]
    (attached,) = sends_mail.messages[0].iter_attachments()
    assert attached.get_filename() == "SO-1.pdf"
    assert attached.get_content() == b"%PDF-1.7"
    assert attached.get_content_type() == "application/pdf"


def test_a_link_to_a_new_password_is_forgotten_once_it_is_sent(sends_mail, ana):
    url = "https://evil.example/account/password/reset/key/abc-123/"
    queue_account_mail(
        "account/email/password_reset_key", email=ana.user.email, context={"password_reset_url": url}
    )
    mail = Mail.objects.get()
    assert "http://127.0.0.1:8000/account/password/reset/key/abc-123/" in mail.text
    assert "evil.example" not in mail.text + mail.html

    attempt(mail)

    assert "abc-123" in sends_mail.messages[0].get_body(["plain"]).get_content()
    assert (mail.text, mail.html) == ("", "")


def test_a_company_cannot_smuggle_headers_into_a_subject(sends_mail):
    (mail,) = queue_mail(
        posting=Posting(topic=ORDERS, about="event:9"),
        to=[Recipient(email="ana@acme.example", name="Ana\r\nBcc: all@acme.example")],
        write=lambda _to: Letter(subject="Acme\r\nBcc: all@acme.example", heading="Hello"),
    )
    attempt(mail)

    (message,) = sends_mail.messages
    assert message["Subject"] == "Acme Bcc: all@acme.example"
    assert message["Bcc"] is None


@pytest.mark.covers("R0.18")
def test_confirmation_and_invoice_go_out_as_pdf(sends_mail, ana, drill, acme):
    acme.invoice_email = "invoices@acme.example"
    acme.save()
    order = confirm_order(actor=SYSTEM, order=placed(ana, (drill, 2)))
    invoice = issue_invoice(actor=SYSTEM, shipment=ship_now(actor=SYSTEM, order=order))
    deliver_due()
    for mail in Mail.objects.exclude(attachment_kind="").order_by("pk"):
        assert attempt(mail) is None

    attached = {
        message["To"]: [(part.get_filename(), part.get_content()) for part in message.iter_attachments()]
        for message in sends_mail.messages
    }
    ((confirmation, first),) = attached["Ana Brandt <ana@acme.example>"]
    ((paper, second),) = attached["Acme GmbH <invoices@acme.example>"]
    assert (confirmation, paper) == (f"{order.number}.pdf", f"{invoice.number}.pdf")
    assert order.number in text_of(first)
    assert invoice.number in text_of(second)


def text_of(pdf):
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
