"""The officer's own account: password and second step."""

from __future__ import annotations

import asyncio

from aiohttp import web
from markupsafe import Markup

from bot.console import passwords, sessions, totp
from bot.console.forms import CodeForm, PasswordForm
from bot.console.roles import Permission
from bot.console.routes import PASSWORD_PATH, Routes
from bot.console.signing_in import change_password, password_of, set_second_step
from bot.console.visit import Visit

routes = Routes()
_GUIDE = "dang-nhap"


@routes.get("/account", Permission.SIGNED_IN, guide=_GUIDE)
async def account(visit: Visit) -> web.StreamResponse:
    """What the account is like."""
    return await visit.page("account.html")


@routes.get(PASSWORD_PATH, Permission.SIGNED_IN, guide=_GUIDE)
async def ask_password(visit: Visit) -> web.StreamResponse:
    """The form for a new password."""
    return await visit.page("password.html", form=PasswordForm(login=visit.officer.login))


@routes.post(PASSWORD_PATH, Permission.SIGNED_IN, guide=_GUIDE)
async def take_password(visit: Visit) -> web.StreamResponse:
    """Take a new password; sessions elsewhere end."""
    form = PasswordForm(await visit.form(), login=visit.officer.login)
    good = form.validate()
    stored = await visit.run(password_of, visit.officer.login)
    if good and not await asyncio.to_thread(passwords.matches, stored, form.current.data or ""):
        form.current.errors = ["Mật khẩu hiện nay không đúng."]
    elif good and form.new.data == form.current.data:
        form.new.errors = ["Mật khẩu mới phải khác mật khẩu hiện nay."]
    if form.errors:
        return await visit.page("password.html", status=422, form=form)
    officer = await visit.run(change_password, visit.by, form.new.data or "")
    sessions.begin(visit.cookie, officer, visit.console.clock.now())
    return visit.to("/", "Đã đổi mật khẩu. Các thiết bị khác phải đăng nhập lại.")


@routes.post("/account/second-step", Permission.SIGNED_IN, guide=_GUIDE)
async def begin_second_step(visit: Visit) -> web.StreamResponse:
    """Make a secret for an authenticator; nothing is asked of the officer until a code has proved it."""
    visit.cookie["totp"] = totp.new_secret()
    return visit.to("/account/second-step")


@routes.get("/account/second-step", Permission.SIGNED_IN, guide=_GUIDE)
async def show_second_step(visit: Visit) -> web.StreamResponse:
    """The QR code to scan, and the form for the code that proves it."""
    return await _second_step(visit, CodeForm())


@routes.post("/account/second-step/confirm", Permission.SIGNED_IN, guide=_GUIDE)
async def confirm_second_step(visit: Visit) -> web.StreamResponse:
    """Ask for codes from now on, if this one is right."""
    form = CodeForm(await visit.form())
    secret = visit.cookie.get("totp", "")
    step = totp.accepted_step(secret, form.code.data or "", visit.console.clock.now(), None) if secret else None
    if not form.validate() or step is None:
        form.code.errors = [*form.code.errors, "Mã không đúng. Hãy nhập mã đang hiện trong ứng dụng."][:1]
        return await _second_step(visit, form, status=422)
    await visit.run(set_second_step, visit.by, visit.console.box.seal(secret), step)
    del visit.cookie["totp"]
    return visit.to("/account", "Đã bật xác thực hai bước.")


@routes.post("/account/second-step/off", Permission.SIGNED_IN, guide=_GUIDE)
async def end_second_step(visit: Visit) -> web.StreamResponse:
    """Ask for codes no longer."""
    await visit.run(set_second_step, visit.by, None)
    return visit.to("/account", "Đã tắt xác thực hai bước.")


async def _second_step(visit: Visit, form: CodeForm, *, status: int = 200) -> web.Response:
    secret = visit.cookie.get("totp", "")
    if not secret:
        return visit.to("/account")
    picture = Markup(totp.picture(secret, visit.officer.login))  # noqa: S704 - made by us of base 32 and a login
    return await visit.page("second_step.html", status=status, form=form, picture=picture, secret=secret)
