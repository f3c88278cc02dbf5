"""Django's settings, made from `kontor.kernel.configuration`; nothing else reads the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO
from psycopg.conninfo import conninfo_to_dict

from kontor.kernel.configuration import load
from kontor.kernel.pooled_connection import PooledConnection
from kontor.web import fonts

CONFIG = load()
HERE = Path(__file__).parent

SECRET_KEY = CONFIG.secret_key.get_secret_value()
SECRET_KEY_FALLBACKS = list(CONFIG.old_secret_keys)
DEBUG = CONFIG.debug
ALLOWED_HOSTS = list(CONFIG.hosts)
CSRF_TRUSTED_ORIGINS = [CONFIG.address]
ROOT_URLCONF = "kontor.urls"
WSGI_APPLICATION = "kontor.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_URL = CONFIG.address
FILES_FOLDER = CONFIG.home
FILES_URL = CONFIG.files_url.get_secret_value()
SEARCH_FOLDER = CONFIG.home / "search"
SEARCH_NOTES_EVERY = 10  # seconds after which words asked for are counted in the database; 0: never by itself

DOMAIN_APPS = [
    "kontor.kernel",
    "kontor.audit",
    "kontor.companies",
    "kontor.catalog",
    "kontor.approvals",
    "kontor.messaging",
    "kontor.pricing",
    "kontor.taxes",
    "kontor.agreements",
    "kontor.charges",
    "kontor.promotions",
    "kontor.inventory",
    "kontor.search",
    "kontor.exchange",
    "kontor.publishing",
    "kontor.discovery",
    "kontor.carts",
    "kontor.quotes",
    "kontor.orders",
    "kontor.fulfilment",
    "kontor.invoicing",
    "kontor.rebates",
    "kontor.notifications",
]
INSTALLED_APPS = [
    *DOMAIN_APPS,
    "kontor.web",
    "kontor.storefront",
    "kontor.backoffice",
    "kontor.api",
    "kontor.replay",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "kontor.web.middleware.request_id.request_id",
    "kontor.web.middleware.security.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kontor.web.middleware.identity.identity",
    "kontor.api.keys.key_identity",
    "kontor.web.middleware.limits.limits",
    "kontor.web.middleware.language.language",
    "kontor.web.middleware.acting.acting_ended",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kontor.web.middleware.refusals.refusals",
    "allauth.account.middleware.AccountMiddleware",
    "kontor.web.middleware.once.once_per_form",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            HERE / app / "templates" for app in ("web", "storefront", "backoffice", "api", "notifications")
        ],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "kontor.web.jinja.environment",
            "context_processors": ["kontor.web.pages.context"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]


def database(dsn: str) -> dict[str, Any]:
    """Django's database settings for a PostgreSQL address; several hosts and libpq options pass through."""
    parts = conninfo_to_dict(dsn)
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    settings = {theirs: parts.pop(ours) for ours, theirs in known.items() if ours in parts}
    options: dict[str, Any] = {
        **parts,
        "pool": {
            "min_size": 1,
            "max_size": CONFIG.database_pool,
            "timeout": 10,
            "connection_class": PooledConnection,
        },
        "server_side_binding": True,
    }
    if CONFIG.database_prepares:
        options["prepare_threshold"] = 3
    # After a restart of PostgreSQL the pool replaces its connections before a request gets one.
    engine = {"ENGINE": "django.db.backends.postgresql", "CONN_HEALTH_CHECKS": True}
    return {**engine, **settings, "OPTIONS": options}


DATABASES = {"default": database(CONFIG.dsn)}

AUTH_USER_MODEL = "companies.User"
# E-mails are unique by their lower case, which this check does not see: constraint companies_user_email_once.
# Addresses of the API stand together by their first word, so the rest of each begins with a slash on purpose.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "urls.W002"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
SESSION_ENGINE = "kontor.web.sessions"
SESSION_COOKIE_NAME = "kontor_session"
SESSION_COOKIE_AGE = CONFIG.session_hours * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
_secure = urlsplit(CONFIG.address).scheme == "https"
SESSION_COOKIE_SECURE = _secure
CSRF_COOKIE_SECURE = _secure
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "kontor_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kontor.web.views.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.proxies else None
DATA_UPLOAD_MAX_MEMORY_SIZE = CONFIG.request_body_max
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

ACCOUNT_ADAPTER = "kontor.web.allauth_adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = False
ACCOUNT_TEMPLATE_EXTENSION = "html"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Kontor"
MFA_FORMS = {
    "authenticate": "kontor.web.second_factor.AuthenticateForm",
    "reauthenticate": "kontor.web.second_factor.ReauthenticateForm",
}
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"

LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LANGUAGE_CODE = CONFIG.default_language
LOCALE_PATHS = [HERE / "locale"]
FORMAT_MODULE_PATH = "kontor.kernel.formats"
LANGUAGES_BIDI = [code for code, facts in LANG_INFO.items() if facts.get("bidi")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.home / "static"
STATICFILES_DIRS = [("fonts", fonts.folder())]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_FOLDER / "media"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = CONFIG.smtp_host
EMAIL_PORT = CONFIG.smtp_port
EMAIL_HOST_USER = CONFIG.smtp_user
EMAIL_HOST_PASSWORD = CONFIG.smtp_password.get_secret_value()
EMAIL_USE_TLS = CONFIG.smtp_tls == "starttls"
EMAIL_USE_SSL = CONFIG.smtp_tls == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = CONFIG.mail_from

LOGGING_CONFIG = None
PROCRASTINATE_ON_APP_READY = "kontor.worker.ready"
