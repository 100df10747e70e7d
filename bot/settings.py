"""What can be set from outside: environment variables with the prefix ``ANSINH_``.

``docs/settings.md`` describes each in one table, which a test compares with this class. The
defaults run everything on one machine with SQLite.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Literal, Self

from limits import parse_many
from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.hours import parse_days, parse_week

_SHORTEST_SECRET = 16


def _rate(value: str) -> str:
    """Check a rate such as ``20/minute;5/3second``; ``ValueError`` says what one looks like."""
    try:
        parse_many(value)
    except ValueError as error:
        message = f"a rate looks like 20/minute or 20/minute;5/3second, not {value!r}"
        raise ValueError(message) from error
    return value


def _web_address(value: str) -> str:
    """Check the beginning of an address, such as ``https://ansinh.example``; ``ValueError`` says so."""
    if value and not re.fullmatch(r"https?://[^\s/?#]+/?", value):
        message = f"an address looks like https://ansinh.example, not {value!r}"
        raise ValueError(message)
    return value


def _redis_address(value: str) -> str:
    """Check an address such as ``redis://host:6379``; ``ValueError`` says so, without what may hold a password."""
    if value and not re.fullmatch(r"rediss?://[^\s/?#]+(/\d*)?", value):
        message = "an address of Redis looks like redis://host:6379 or redis://:password@host:6379/0"
        raise ValueError(message)
    return value


def _working_hours(value: str) -> str:
    parse_week(value)
    return value


def _holidays(value: str) -> str:
    parse_days(value)
    return value


def _out_of_hours(value: str) -> str:
    """Check a sentence that may name ``{opens}`` and nothing else in braces; ``ValueError`` says so."""
    try:
        value.format(opens="")
    except (ValueError, KeyError, IndexError) as error:
        message = f"only {{opens}} may stand in braces, not as in {value!r}"
        raise ValueError(message) from error
    return value


def _long_secret(value: str) -> str:
    """Check that a secret can't be guessed; ``ValueError`` doesn't repeat it."""
    if value and (len(value) < _SHORTEST_SECRET or not value.isascii()):
        message = f"a secret has {_SHORTEST_SECRET} letters, digits or signs at least, without accents"
        raise ValueError(message)
    return value


# Without https only pages of this machine, on any port: to try the widget out.
_ORIGIN = re.compile(r"https://(\*\.)?[a-z0-9.-]+\.[a-z]+(:\d+)?|http://(localhost|127\.0\.0\.1)(:(\d+|\*))?")


def _origins(value: str) -> str:
    """Check origins such as ``https://xa.example,https://*.tinh.example``; ``ValueError`` names one that is none."""
    for origin in _parted(value):
        if not _ORIGIN.fullmatch(origin):
            message = f"an origin looks like https://xa.example or https://*.tinh.example, not {origin!r}"
            raise ValueError(message)
    return value


def _parted(value: str) -> tuple[str, ...]:
    return tuple(origin for part in value.split(",") if (origin := part.strip()))


Origins = Annotated[str, AfterValidator(_origins)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Rate = Annotated[str, AfterValidator(_rate)]
Hours = Annotated[str, AfterValidator(_working_hours)]
Days = Annotated[str, AfterValidator(_holidays)]
OutOfHours = Annotated[str, AfterValidator(_out_of_hours)]
# What a log must not show, should the settings ever be printed; addresses may hold a password.
Private = Annotated[str, Field(repr=False)]
RedisAddress = Annotated[Private, AfterValidator(_redis_address)]
LongSecret = Annotated[Private, AfterValidator(_long_secret)]


class Settings(BaseSettings):
    """The settings of one process, read once when it starts.

    Raises pydantic's ``ValidationError``, which names the variable, for a value that doesn't fit.
    """

    model_config = SettingsConfigDict(
        # What was given may be a secret, and an error at the start goes to the log.
        env_prefix="ANSINH_",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    database_url: Private = "sqlite:///var/ansinh.db"
    backup_folder: Path = Path("var/backups")
    database_threads: int = Field(default=4, ge=1)
    today: dt.date | None = None

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: WebAddress = ""
    embed_origins: Origins = ""
    trusted_proxies: int = Field(default=0, ge=0)
    log_level: str = "INFO"
    log_format: Literal["text", "json"] = "text"
    metrics_host: str = ""
    metrics_port: int = Field(default=9108, ge=1, le=65535)

    rasa_url: str = "http://127.0.0.1:5005"
    rasa_port: int = Field(default=5005, ge=1, le=65535)
    rasa_secret: Private = ""
    actions_url: str = "http://127.0.0.1:5055/webhook"
    actions_host: str = "127.0.0.1"
    actions_port: int = Field(default=5055, ge=1, le=65535)

    secret: LongSecret = ""
    secret_file: Path = Path("var/secret.key")
    session_hours: float = Field(default=24.0, gt=0)
    button_hours: float = Field(default=24.0, gt=0)
    checklist_days: int = Field(default=30, ge=1, le=366)

    turn_timeout_seconds: float = Field(default=10.0, gt=0)
    turn_queue_seconds: float = Field(default=3.0, gt=0)
    message_max_characters: int = Field(default=2000, ge=1)
    body_max_bytes: int = Field(default=32 * 1024, ge=1024)

    redis_url: RedisAddress = ""
    rate_session_messages: Rate = "20/minute;5/3second"
    rate_session_other: Rate = "120/minute"
    rate_address_sessions: Rate = "50/second"
    rate_address_requests: Rate = "300/second"
    rate_address_exports: Rate = "60/minute"

    events_poll_seconds: float = Field(default=1.0, gt=0)
    events_heartbeat_seconds: float = Field(default=15.0, gt=0)
    events_per_session: int = Field(default=4, ge=1)
    ready_cache_seconds: float = Field(default=2.0, ge=0)

    mail_settle_seconds: float = Field(default=0.5, ge=0)
    mail_lease_seconds: float = Field(default=15.0, gt=0)
    mail_forget_minutes: float = Field(default=60.0, gt=0)

    zalo_app_id: str = ""
    zalo_app_secret: Private = ""
    zalo_oa_secret: Private = ""
    zalo_pause_minutes: float = Field(default=60.0, ge=0)
    zalo_echo_seconds: float = Field(default=40.0, gt=0)
    zalo_buttons_template: str = ""
    zalo_api_url: WebAddress = "https://openapi.zalo.me"
    zalo_oauth_url: WebAddress = "https://oauth.zaloapp.com"
    zalo_bot_token: Private = ""
    zalo_bot_secret: Private = ""
    zalo_bot_url: WebAddress = "https://bot-api.zaloplatforms.com"

    office_name: str = ""
    office_phone: str = ""
    office_hours: str = ""

    console_host: str = "127.0.0.1"
    console_port: int | None = Field(default=None, ge=1, le=65535)
    console_url: WebAddress = ""
    console_idle_minutes: float = Field(default=30.0, gt=0)
    console_session_hours: float = Field(default=10.0, gt=0)
    console_login_failures: int = Field(default=5, ge=1)
    console_lock_minutes: float = Field(default=1.0, gt=0)
    rate_console_logins: Rate = "10/minute;60/hour"

    officers_secret: LongSecret = ""
    handover_hours: Hours = "T2-T6 07:30-11:30 13:30-17:00"
    handover_holidays: Days = ""
    handover_out_of_hours: OutOfHours = ""
    handover_answer_minutes: int = Field(default=450, ge=1, le=100_000)
    handover_days: int = Field(default=14, ge=1, le=366)

    retention_hour: int = Field(default=2, ge=0, le=24)
    retention_parse_days: int = Field(default=14, ge=1, le=3660)
    retention_text_days: int = Field(default=90, ge=1, le=3660)
    retention_counts_days: int = Field(default=120, ge=1, le=3660)
    retention_handover_days: int = Field(default=90, ge=1, le=3660)

    review_seconds: int = Field(default=300, ge=0, le=86_400)

    training_seconds: float = Field(default=0.0, ge=0, le=3600)
    training_folder: Path = Path("var/training")
    training_checks: Path = Path("tests")
    model_choice: Path = Path("models/in-use")

    figures_least: int = Field(default=5, ge=1, le=1000)
    report_form: Literal["party", "state"] = "party"
    report_superior: str = ""
    report_agency: str = ""
    report_symbol: str = ""
    report_place: str = ""
    report_signer: str = ""
    report_on_behalf: str = ""
    report_recipients: str = ""

    @model_validator(mode="after")
    def _periods_in_order(self) -> Self:
        """What is bulky goes first, then words, then rows."""
        days = (self.retention_parse_days, self.retention_text_days, self.retention_counts_days)
        if list(days) != sorted(days):
            message = f"retention: parse days <= text days <= counts days must hold, not {days}"
            raise ValueError(message)
        return self

    @property
    def embedding_origins(self) -> tuple[str, ...]:
        """The origins of ``embed_origins``: sites whose pages may show the widget."""
        return _parted(self.embed_origins)

    def signing_key(self) -> str:
        """The key that signs and seals what leaves our hands or must be read again: ``ANSINH_SECRET``, else a key file.

        The file, our own, is made with mode 0600 the first time; every process on the machine shares it.
        """
        return self.secret or _key_from(self.secret_file)


def _key_from(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside and linked into place: of two processes that start together one wins, and
    # the other never reads a half-written key.
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text(encoding="ascii").strip()
