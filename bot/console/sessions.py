"""Sessions of officers: an encrypted cookie that ends after a while, and at once when its officer's epoch moves on."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets

from aiohttp_session import Session
from aiohttp_session.cookie_storage import EncryptedCookieStorage

from bot.console.parts import PREFIX
from bot.console.people import Officer
from bot.settings import Settings

# Seen again within this time, the cookie is not written anew.
_FRESH = dt.timedelta(minutes=1)
# Between password and code.
_BETWEEN = dt.timedelta(minutes=5)


def storage(settings: Settings) -> EncryptedCookieStorage:
    """Where sessions are kept: with the officer, sealed with a key of its own derived from the signing key."""
    key = hashlib.sha256(f"console-session:{settings.signing_key()}".encode()).digest()
    return EncryptedCookieStorage(
        base64.urlsafe_b64encode(key).decode(),
        cookie_name="ansinh_console",
        path=PREFIX,
        secure=(settings.console_url or settings.public_url).startswith("https:"),
        httponly=True,
        # Lax: a link in a message opens the page; what changes something is a POST with a token of its own.
        samesite="Lax",
    )


def csrf_token(session: Session) -> str:
    """The token that each form of this session carries; made when first asked for."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def begin(session: Session, officer: Officer, now: dt.datetime) -> None:
    """Sign the officer in; nothing of before stays, the token of its forms least of all."""
    session.clear()
    session["login"] = officer.login
    session["epoch"] = officer.epoch
    session["begun"] = session["seen"] = now.timestamp()


def login_of(session: Session, now: dt.datetime, settings: Settings) -> str | None:
    """Who is signed in, unless the session is too old; whether the epoch still holds is for ``still_holds`` to say."""
    if "login" not in session:
        return None
    idle, age = now.timestamp() - session["seen"], now.timestamp() - session["begun"]
    if idle > settings.console_idle_minutes * 60 or age > settings.console_session_hours * 3600:
        return None
    return str(session["login"])


def still_holds(session: Session, officer: Officer) -> bool:
    """Whether the officer may go on: not locked out, and no sign-out or new password since."""
    return officer.active and session["epoch"] == officer.epoch


def touch(session: Session, now: dt.datetime) -> None:
    """Note that the officer is there."""
    if now.timestamp() - session["seen"] > _FRESH.total_seconds():
        session["seen"] = now.timestamp()


def wait_for_code(session: Session, officer: Officer, now: dt.datetime) -> None:
    """The password was right; the code of the second step is still to come."""
    session.clear()
    session["half"] = [officer.login, officer.epoch, now.timestamp()]


def waiting_for_code(session: Session, now: dt.datetime) -> tuple[str, int] | None:
    """Login and epoch of whoever gave the right password a short while ago."""
    login, epoch, since = session.get("half") or ("", 0, 0.0)
    fresh = login and now.timestamp() - since < _BETWEEN.total_seconds()
    return (login, epoch) if fresh else None
