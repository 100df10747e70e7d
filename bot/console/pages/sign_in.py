"""Signing in and out."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.console import sessions
from bot.console.forms import CodeForm, SignInForm
from bot.console.parts import PREFIX
from bot.console.people import Officer
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.signing_in import DOORKEEPER, sign_out
from bot.console.visit import Visit, ours, send_to

routes = Routes()
_GUIDE = "dang-nhap"
# One sentence for all: who guesses learns neither which logins there are nor which are locked.
_REFUSED = (
    "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khoá. "
    "Hãy thử lại sau ít phút, hoặc nhờ quản trị viên mở khoá hay đặt lại mật khẩu."
)
_WRONG_CODE = "Mã không đúng hoặc đã dùng rồi. Hãy đợi ứng dụng hiện mã mới rồi nhập lại."


@routes.get("/login", Permission.ANYONE, guide=_GUIDE)
async def ask(visit: Visit) -> web.StreamResponse:
    """The form for login and password."""
    return await _form(visit, SignInForm())


@routes.post("/login", Permission.ANYONE, guide=_GUIDE)
async def take(visit: Visit) -> web.StreamResponse:
    """Look at login and password; an officer with a second step goes on to it."""
    form = SignInForm(await visit.form())
    if not form.validate():
        return await _form(visit, form, status=422)
    now = visit.console.clock.now()
    officer = await visit.request.app[DOORKEEPER].password(
        form.login.data or "", form.password.data or "", now, visit.console.address_hash(visit.address)
    )
    if officer is None:
        return await _form(visit, form, status=422, refused=_REFUSED)
    if officer.has_totp:
        sessions.wait_for_code(visit.cookie, officer, now)
        return await _code_form(visit, CodeForm())
    return await _enter(visit, officer)


@routes.post("/login/code", Permission.ANYONE, guide=_GUIDE)
async def take_code(visit: Visit) -> web.StreamResponse:
    """Look at the code of the second step."""
    now = visit.console.clock.now()
    waiting = sessions.waiting_for_code(visit.cookie, now)
    if waiting is None:
        visit.say("Đã quá lâu từ khi nhập mật khẩu. Hãy đăng nhập lại từ đầu.")
        return visit.to_sign_in()
    login, epoch = waiting
    form = CodeForm(await visit.form())
    if not form.validate():
        return await _code_form(visit, form, status=422)
    officer = await visit.request.app[DOORKEEPER].code(
        login, form.code.data or "", now, visit.console.address_hash(visit.address)
    )
    if officer is None or officer.epoch != epoch:
        return await _code_form(visit, form, status=422, refused=_WRONG_CODE)
    return await _enter(visit, officer)


@routes.post("/logout", Permission.SIGNED_IN)
async def leave(visit: Visit) -> web.StreamResponse:
    """End the officer's sessions, on every device."""
    await visit.run(sign_out, visit.by)
    visit.cookie.clear()
    visit.say("Đã đăng xuất trên mọi thiết bị.")
    return visit.to("/login")


async def _enter(visit: Visit, officer: Officer) -> web.Response:
    sessions.begin(visit.cookie, officer, visit.console.clock.now())
    return send_to(visit.request, _next(await visit.form()) or f"{PREFIX}/")


def _next(given: Mapping[str, str]) -> str:
    return ours(str(given.get("next", ""))) or ""


async def _form(visit: Visit, form: SignInForm, *, status: int = 200, refused: str | None = None) -> web.Response:
    given = visit.request.query if visit.request.method == "GET" else await visit.form()
    return await visit.page("login.html", status=status, form=form, refused=refused, next=_next(given))


async def _code_form(visit: Visit, form: CodeForm, *, status: int = 200, refused: str | None = None) -> web.Response:
    return await visit.page("code.html", status=status, form=form, refused=refused, next=_next(await visit.form()))
