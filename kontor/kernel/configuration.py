"""What an operator may set, read once at start-up from environment variables named KONTOR_*.

`load()` gives a frozen `Configuration` or raises `ConfigurationProblem`, which names every wrong variable, what is
wrong with it and what to do. `kontor settings` prints the table of `describe()`. Nothing here knows Django.
"""

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from kontor.kernel import embedded_postgres
from kontor.kernel.secret_key import kept_secret
from kontor.kernel.storage.address import s3_address

PREFIX = "KONTOR_"
NOT_SETTINGS = ("KONTOR_TEST_", "KONTOR_BENCH_", "KONTOR_SHARED")
"""Names with our prefix that belong to tests and benchmarks, not to the product."""


class ConfigurationProblem(Exception):
    """One or more variables are wrong. `str()` has a line for each: name, what is wrong, what to do."""


def _words(value: object) -> object:
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Positive = Annotated[int, Field(ge=1)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Configuration(BaseModel):
    """All settings. A field `mail_from` is set by the variable KONTOR_MAIL_FROM."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    home: Path = Field(Path("var"), description="Folder for data: database, files, secret key, logs.")
    production: bool = Field(
        False, description="Serve real customers: refuses to start with unsafe settings."
    )
    debug: bool = Field(False, description="Show errors in full. Never together with production.")

    database_url: str = Field(
        "",
        description="PostgreSQL 15 or newer, as postgresql://user:password@host:5432/name. Empty: the embedded one.",
    )
    database_pool: Positive = Field(8, description="Most database connections of one web or worker process.")
    database_prepares: bool = Field(
        True, description="Prepare statements. Off behind PgBouncer older than 1.21."
    )
    postgres_bin: Path | None = Field(
        None,
        description="Folder with initdb and pg_ctl for the embedded server, instead of the packaged ones.",
    )

    host: str = Field("127.0.0.1", description="Address that the web server listens on.")
    port: Port = Field(8000, description="Port that the web server listens on.")
    public_url: str = Field(
        "", description="Address that customers type, used in mails. Empty: http://host:port."
    )
    allowed_hosts: Words = Field(
        (), description="Host names that are answered, with commas. Empty: from public_url."
    )
    proxies: int = Field(
        0, ge=0, le=9, description="Trusted proxies in front that add X-Forwarded-For and -Proto."
    )
    web_workers: Positive = Field(1, description="Web processes.")
    web_threads: Positive = Field(4, description="Threads of one web process.")
    worker_threads: Positive = Field(2, description="Jobs that the worker does at the same time.")

    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs sessions and links. Empty outside production: made once, kept in home.",
    )
    old_secret_keys: Words = Field(
        (),
        repr=False,
        description="Earlier secret keys, with commas, still accepted while sessions move to the new one.",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token for /metrics. Empty: /metrics answers this machine only."
    )

    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Mail server as smtp://user:password@host:587 or smtps://. Instead of the five below.",
    )
    smtp_host: str = Field(
        "", description="Mail server. Empty: mails are kept in the mailbox page, none is sent."
    )
    smtp_port: Port = Field(587, description="Port of the mail server.")
    smtp_user: str = Field("", description="User name at the mail server.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the mail server.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How mail is encrypted on its way."
    )
    mail_from: str = Field("Kontor <kontor@localhost>", description="Sender of all mails.")

    default_language: str = Field(
        "en", pattern=r"^[a-z]{2}(-[a-z]{2,4})?$", description="Language of guests."
    )
    default_timezone: str = Field(
        "UTC", description="Time zone of guests and new companies, as Europe/Berlin."
    )
    default_currency: str = Field(
        "EUR", pattern="^[A-Z]{3}$", description="Currency of guests and new companies."
    )
    prices_for_guests: bool = Field(True, description="Show list prices to people who are not signed in.")
    search_trade_words: bool = Field(
        True,
        description="The search knows common synonyms (laptop, notebook) besides those of the back office.",
    )
    load_demo: bool = Field(
        True, description="`kontor up` fills an empty database with the demo. Off in production."
    )

    files_url: SecretStr = Field(
        SecretStr(""),
        description="S3 storage of files: s3://KEY:SECRET@host/bucket/folder?region=eu-central-1. Empty: in home.",
    )

    private_hosts: Words = Field(
        (),
        description="Names and networks (10.1.0.0/16) inside the own network that webhooks may call, with commas.",
    )

    vat_registry: str = Field(
        "",
        description="Registry of VAT IDs: vies, or the address of one that answers like it. Empty: none is asked.",
    )

    rates_url: str = Field(
        "",
        description="Address of the European Central Bank's eurofxref-daily.xml, asked daily. Empty: none is asked.",
    )

    log_format: Literal["console", "json"] = Field(
        "console", description="One readable or one JSON line per event."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severity that is logged."
    )

    limit_sign_ins: Positive = Field(10, description="Failed sign-ins per account in 15 minutes.")
    limit_sign_ins_by_address: Positive = Field(60, description="Failed sign-ins per address in 15 minutes.")
    limit_by_account: Positive = Field(1200, description="Requests per account and minute.")
    limit_by_company: Positive = Field(6000, description="Requests per company and minute.")
    limit_by_address: Positive = Field(2400, description="Requests per network address and minute.")
    limit_configurations: Positive = Field(240, description="Configurator: tries per account and minute.")
    limit_price_files: Positive = Field(20, description="Price files per account and minute.")
    request_body_max: Positive = Field(
        12_000_000, description="Longest request body, in bytes, files included."
    )
    session_hours: Positive = Field(12, description="Hours after the last request until a session ends.")
    idempotency_days: Positive = Field(30, description="Days that the answer to an Idempotency-Key is kept.")

    test_name: str = Field(
        "", pattern="^[a-z0-9_]*$", description="Keeps test databases of several people apart."
    )

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("postgresql", "postgres"):
            raise ValueError("it must begin with postgresql://")
        return value

    @field_validator("files_url")
    @classmethod
    def _is_s3(cls, value: SecretStr) -> SecretStr:
        s3_address(value.get_secret_value() or "s3://host/bucket")
        return value

    @field_validator("vat_registry")
    @classmethod
    def _is_a_registry(cls, value: str) -> str:
        if value not in ("", "vies") and not value.startswith(("https://", "http://")):
            raise ValueError("it must be vies, or begin with https://")
        return value

    @field_validator("default_timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("no such time zone; write it like Europe/Berlin")
        ZoneInfo(value)
        return value

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (
            parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/")
        ):
            raise ValueError("it must look like https://shop.example.com, without a path")
        return value.rstrip("/")

    @field_validator("home")
    @classmethod
    def _is_absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @model_validator(mode="before")
    @classmethod
    def _mail_server_from_url(cls, given: dict[str, object]) -> dict[str, object]:
        url = str(given.get("smtp_url") or "")
        if not url:
            return given
        if given.get("smtp_host"):
            raise ValueError("set KONTOR_SMTP_URL or KONTOR_SMTP_HOST, not both")
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError(
                "KONTOR_SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465"
            )
        tls = "tls" if parts.scheme == "smtps" else given.get("smtp_tls", "starttls")
        return given | {
            "smtp_host": parts.hostname,
            "smtp_port": parts.port or (465 if tls == "tls" else 587),
            "smtp_user": unquote(parts.username or ""),
            "smtp_password": unquote(parts.password or ""),
            "smtp_tls": tls,
        }

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if not self.production:
            return self
        wrong = []
        if self.debug:
            wrong.append("KONTOR_DEBUG must be off")
        if len(self.secret_key.get_secret_value()) < 50:
            wrong.append("KONTOR_SECRET_KEY must be set to 50 random characters or more")
        if not self.public_url.startswith("https://"):
            wrong.append("KONTOR_PUBLIC_URL must be set and begin with https://")
        if wrong:
            raise ValueError("in production " + "; ".join(wrong))
        return self

    @property
    def address(self) -> str:
        """Where people find this installation, without a slash at the end."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names to answer: those allowed, that of the public address, and loopback outside production."""
        own = urlsplit(self.address).hostname or ""
        local = () if self.production else ("localhost", "127.0.0.1", "[::1]")
        return tuple(dict.fromkeys((*self.allowed_hosts, own, *local)))

    @property
    def embedded(self) -> bool:
        """True when the database is the packaged PostgreSQL under `home`."""
        return not self.database_url

    @property
    def postgres_root(self) -> Path:
        return self.home / "pg"

    @property
    def dsn(self) -> str:
        """Where the database is. Starts nothing: `kontor.kernel.embedded_postgres.ensure` does."""
        return self.database_url or embedded_postgres.dsn(self.postgres_root, "kontor")

    @property
    def sends_mail(self) -> bool:
        return bool(self.smtp_host)


def load(environ: Mapping[str, str] | None = None) -> Configuration:
    """Read the settings from `environ` (the process's own by default).

    Raises ConfigurationProblem with one line per wrong variable. Makes the secret key when there is none.
    """
    environ = os.environ if environ is None else environ
    fields = Configuration.model_fields
    given: dict[str, object] = {
        name: environ[PREFIX + name.upper()]
        for name in fields
        if environ.get(PREFIX + name.upper(), "") != ""
    }
    mistyped = [_did_you_mean(name) for name in unknown_names(environ) if _nearest(name)]
    if mistyped:
        raise ConfigurationProblem("\n".join(mistyped))
    try:
        configuration = Configuration.model_validate(given)
    except ValidationError as invalid:
        raise ConfigurationProblem("\n".join(_lines(invalid, environ))) from None
    if not configuration.secret_key.get_secret_value():
        home = configuration.home
        try:
            key = SecretStr(kept_secret(home))
        except OSError as problem:
            raise ConfigurationProblem(
                f"KONTOR_HOME is {str(home)!r}: the secret key cannot be kept there ({problem.strerror}). "
                "Make the folder writable for this user, or set KONTOR_SECRET_KEY."
            ) from None
        configuration = configuration.model_copy(update={"secret_key": key})
    return configuration


def unknown_names(environ: Mapping[str, str]) -> list[str]:
    """Variables with our prefix that are no setting."""
    known = {PREFIX + name.upper() for name in Configuration.model_fields}
    return sorted(
        name
        for name in environ
        if name.startswith(PREFIX) and name not in known and not name.startswith(NOT_SETTINGS)
    )


@dataclass(frozen=True)
class Setting:
    """One row of `kontor settings`; a secret's value is masked."""

    variable: str
    value: str
    default: str
    description: str
    is_set: bool


def describe(configuration: Configuration, environ: Mapping[str, str] | None = None) -> list[Setting]:
    environ = os.environ if environ is None else environ
    rows = []
    for name, field in Configuration.model_fields.items():
        value, variable = getattr(configuration, name), PREFIX + name.upper()
        default = field.get_default()
        rows.append(
            Setting(
                variable=variable,
                value=_shown(name, value),
                default=_shown(name, default),
                description=field.description or "",
                is_set=environ.get(variable, "") != "",
            )
        )
    return rows


def _shown(name: str, value: object) -> str:
    if isinstance(value, SecretStr):
        return "(hidden)" if value.get_secret_value() else ""
    if name == "old_secret_keys":
        return "(hidden)" if value else ""
    if name == "database_url" and isinstance(value, str) and urlsplit(value).password:
        return value.replace(f":{urlsplit(value).password}@", ":(hidden)@")
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _lines(invalid: ValidationError, environ: Mapping[str, str]) -> Iterator[str]:
    for error in invalid.errors(include_url=False):
        message = error["msg"].removeprefix("Value error, ")
        if not error["loc"]:
            yield f"Settings: {message}."
            continue
        name = str(error["loc"][0])
        field, variable = Configuration.model_fields[name], PREFIX + name.upper()
        default = _shown(name, field.get_default())
        value = (
            ""
            if field.annotation is SecretStr or name == "database_url"
            else f" is {environ.get(variable, '')!r}"
        )
        yield (
            f"{variable}{value}: {message[:1].lower()}{message[1:]}. {field.description} "
            f"Correct it, or unset it for the default ({default or 'empty'})."
        )


def _nearest(name: str) -> str | None:
    known = [PREFIX + field.upper() for field in Configuration.model_fields]
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.88)), None)


def _did_you_mean(name: str) -> str:
    return f"{name}: there is no such setting. Did you mean {_nearest(name)}? `kontor settings` lists all."
