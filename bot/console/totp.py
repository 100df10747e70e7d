"""The second step of signing in: codes of an authenticator application (RFC 6238)."""

from __future__ import annotations

import datetime as dt
import hmac
import io

import pyotp
import segno

_ISSUER = "An Sinh"
_SECONDS = 30
# One step to either side: clocks of telephones differ.
_NEAR = (0, -1, 1)


def new_secret() -> str:
    """A new secret in base 32."""
    return pyotp.random_base32()


def accepted_step(secret: str, code: str, now: dt.datetime, last: int | None) -> int | None:
    """The time step that ``code`` belongs to, or ``None``; a step up to ``last`` has been used and counts no more."""
    given = "".join(code.split())
    if not given.isascii():
        return None
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // _SECONDS
    for near in _NEAR:
        step = present + near
        if (last is None or step > last) and hmac.compare_digest(totp.generate_otp(step), given):
            return step
    return None


def picture(secret: str, login: str) -> str:
    """The QR code that an authenticator reads, as an SVG element without styles."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=_ISSUER)
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, scale=4, dark="#000", light="#fff", svgclass="qr",
        lineclass=None,
    )  # fmt: skip
    return out.getvalue().decode()
