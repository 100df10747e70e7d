"""Officers, for administrators: create, roles, password, lock, in and out of service."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console import passwords, people
from bot.console.forms import NewPersonForm, PersonForm
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.people import By, Officer, PeopleError
from bot.console.roles import Permission, Role
from bot.console.routes import Routes
from bot.console.visit import Visit

routes = Routes()
_GUIDE = "quan-ly-nguoi-dung"
_ONE = "/officers/{login}"


def state_of(officer: Officer) -> str:
    """What an administrator has to know about an account, in a word."""
    if not officer.active:
        return "Ngừng hoạt động"
    return "Phải đổi mật khẩu" if officer.must_change_password else "Hoạt động"


def _roles(officer: Officer) -> str:
    return ", ".join(role.label for role in Role if role in officer.roles)


LISTING: Listing[Officer] = Listing(
    "can-bo",
    columns=(
        Column("login", "Tên đăng nhập", lambda one: one.login, link=lambda one: f"/officers/{one.login}"),
        Column("name", "Họ tên", lambda one: one.name),
        Column("roles", "Vai trò", _roles),
        Column("state", "Tình trạng", state_of),
        Column("locked", "Khoá đến", lambda one: one.locked_until),
        Column("totp", "Hai bước", lambda one: "có" if one.has_totp else "chưa"),
        Column("seen", "Đăng nhập gần nhất", lambda one: one.signed_in_at),
    ),
    rows=MemoryRows(
        people.everyone,
        {
            "role": lambda one, value: Role(value) in one.roles,
            "active": lambda one, value: one.active == (value == "yes"),
        },
    ),
    order="login",
    filters=(
        Filter("role", "Vai trò", [(role.value, role.label) for role in Role]),
        Filter("active", "Tình trạng", [("yes", "Hoạt động"), ("no", "Ngừng hoạt động")]),
    ),
)


@routes.get("/officers", Permission.PEOPLE, guide=_GUIDE)
async def officers(visit: Visit) -> web.StreamResponse:
    """The list."""
    return await LISTING.respond(visit, "officers.html")


@routes.get("/new-officer", Permission.PEOPLE, guide=_GUIDE)
async def ask_new(visit: Visit) -> web.StreamResponse:
    """The form for a new officer."""
    return await visit.page("officer_new.html", form=NewPersonForm(), refused=None)


@routes.post("/new-officer", Permission.PEOPLE, guide=_GUIDE)
async def create(visit: Visit) -> web.StreamResponse:
    """Create an officer; the first password is shown this once."""
    form = NewPersonForm(await visit.form())
    if not form.validate():
        return await visit.page("officer_new.html", status=422, form=form, refused=None)
    login, password = form.login.data or "", passwords.generated()
    try:
        await visit.run(people.create, visit.by, login, form.name.data or "", form.given_roles, password)
    except PeopleError as error:
        return await visit.page("officer_new.html", status=422, form=form, refused=str(error))
    return await visit.page("officer_password.html", login=login, password=password)


@routes.get(_ONE, Permission.PEOPLE, guide=_GUIDE)
async def one(visit: Visit) -> web.StreamResponse:
    """One officer: name and roles to change, and what else can be done."""
    officer = await visit.run(people.read, visit.request.match_info["login"])
    form = PersonForm(data={"name": officer.name, "roles": [role.value for role in officer.roles]})
    return await _one(visit, officer, form)


@routes.post(_ONE, Permission.PEOPLE, guide=_GUIDE)
async def change(visit: Visit) -> web.StreamResponse:
    """Change name and roles."""
    login = visit.request.match_info["login"]
    officer = await visit.run(people.read, login)
    form = PersonForm(await visit.form())
    if not form.validate():
        return await _one(visit, officer, form, status=422)
    try:
        await visit.run(people.change, visit.by, login, name=form.name.data or "", roles=form.given_roles)
    except PeopleError as error:
        return await _one(visit, officer, form, status=422, refused=str(error))
    return visit.to(f"/officers/{login}", "Đã lưu.")


@routes.post(f"{_ONE}/password", Permission.PEOPLE, guide=_GUIDE)
async def reset(visit: Visit) -> web.StreamResponse:
    """Give a new password, shown this once, and take the second step away."""
    login, password = visit.request.match_info["login"], passwords.generated()
    await visit.run(people.reset, visit.by, login, password)
    return await visit.page("officer_password.html", login=login, password=password)


@routes.post(f"{_ONE}/unlock", Permission.PEOPLE, guide=_GUIDE)
async def unlock(visit: Visit) -> web.StreamResponse:
    """Forget the failed sign-ins."""
    return await _do(visit, people.unlock, "Đã mở khoá.")


@routes.post(f"{_ONE}/deactivate", Permission.PEOPLE, guide=_GUIDE)
async def deactivate(visit: Visit) -> web.StreamResponse:
    """Keep an officer out from now on."""

    def work(db: Session, by: By, login: str) -> None:
        people.set_active(db, by, login, active=False)

    return await _do(visit, work, "Tài khoản đã ngừng hoạt động.")


@routes.post(f"{_ONE}/activate", Permission.PEOPLE, guide=_GUIDE)
async def activate(visit: Visit) -> web.StreamResponse:
    """Let an officer in again."""

    def work(db: Session, by: By, login: str) -> None:
        people.set_active(db, by, login, active=True)

    return await _do(visit, work, "Tài khoản đã hoạt động lại.")


async def _do(visit: Visit, work: Callable[[Session, By, str], None], done: str) -> web.Response:
    login = visit.request.match_info["login"]
    try:
        await visit.run(work, visit.by, login)
    except people.OfficerUnknownError:
        raise
    except PeopleError as error:
        return visit.refuse(f"/officers/{login}", str(error))
    return visit.to(f"/officers/{login}", done)


async def _one(
    visit: Visit, officer: Officer, form: PersonForm, *, status: int = 200, refused: str | None = None
) -> web.Response:
    locked = officer.is_locked(visit.console.clock.now())
    values = {"one": officer, "state": state_of(officer), "locked": locked, "form": form, "refused": refused}
    return await visit.page("officer.html", status=status, **values)
