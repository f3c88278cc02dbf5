import pytest

from tests.notifications.mail_server import MailServer


@pytest.fixture
def mail_server():
    with MailServer() as server:
        yield server


@pytest.fixture
def sends_mail(settings, mail_server):
    """The installation has a mail server, and it is this one."""
    settings.CONFIG = settings.CONFIG.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": mail_server.port}
    )
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "Kontor <shop@kontor.example>"
    return mail_server


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ROOT_URLCONF = "tests.notifications.addresses"
