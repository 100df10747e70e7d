"""One citizen's request: read it, claim it, answer it, note something, hand it on, close it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from http import HTTPStatus

import aiohttp_jinja2
from aiohttp import web
from sqlalchemy.orm import Session

from bot.console.forms import NoteForm, ReplyForm
from bot.console.handovers import Sheet, done, names, read_sheet
from bot.console.roles import Permission, may
from bot.console.routes import Page, Routes
from bot.console.visit import Visit
from bot.conversation.handover import acts, notes, officers
from bot.conversation.handover.codes import code_in
from bot.conversation.handover.officers import Sent
from bot.conversation.repository import IdTakenError
from bot.conversation.sealing import SealBrokenError

routes = Routes()
_GUIDE = "hop-thu"
_ONE = "/inbox/{code}"
_LONGEST_DRAFT = 20_000

_REFUSALS: dict[type[Exception], str] = {
    officers.NotClaimedError: "Yêu cầu đã được trả lại hàng chờ. Hãy bấm Nhận trước.",
    officers.ClaimedByOtherError: "Yêu cầu này hiện do người khác nhận.",
    officers.RequestClosedError: "Yêu cầu đã đóng.",
    officers.NoPhoneError: "Người dân không để lại số điện thoại, hoặc đã rút lại.",
    officers.CitizenGoneError: (
        "Cuộc trò chuyện của người dân đã kết thúc, nên tin không tới được họ. Hãy gọi điện nếu người dân để lại số."
    ),
    SealBrokenError: "Số điện thoại được mã hoá bằng khoá khác nên không mở được. Hãy báo người phụ trách kỹ thuật.",
    IdTakenError: "Tin trước đã gửi rồi. Nội dung dưới đây là tin khác, chưa gửi: hãy xem lại rồi bấm Gửi lần nữa.",
}
_REFUSED = tuple(_REFUSALS)


def _known(page: Page) -> Page:
    """What to show of a request that is not there: mistyped, or erased by its citizen."""

    @wraps(page)
    async def handle(visit: Visit) -> web.StreamResponse:
        try:
            return await page(visit)
        except officers.RequestUnknownError:
            return await _gone(visit)

    return handle


@routes.get(_ONE, Permission.INBOX, guide=_GUIDE)
@_known
async def one(visit: Visit) -> web.StreamResponse:
    """The request, as far as the officer may see it."""
    return await _show(visit)


@routes.get(f"{_ONE}/talk", Permission.INBOX)
@_known
async def talk(visit: Visit) -> web.StreamResponse:
    """What others may have changed meanwhile, for a page that is open; 204 while that is nothing."""
    sheet = await _sheet(visit, quiet=True)
    if sheet.mark == visit.request.query.get("mark"):
        return web.Response(status=204)
    return aiohttp_jinja2.render_template("request_talk.html", visit.request, {"sheet": sheet, "look": _looks(visit)})


@routes.post(f"{_ONE}/claim", Permission.INBOX)
@_known
async def claim(visit: Visit) -> web.StreamResponse:
    """Take it, unless somebody was faster."""
    return await _do(visit, officers.claim, "Đã nhận. Từ giờ chỉ anh/chị trả lời yêu cầu này.")


@routes.post(f"{_ONE}/release", Permission.INBOX)
@_known
async def release(visit: Visit) -> web.StreamResponse:
    """Let it wait again."""

    return await _do(visit, officers.release, "Đã trả lại hàng chờ.", of_anyone=_manages(visit))


@routes.post(f"{_ONE}/pass-on", Permission.INBOX)
@_known
async def pass_on(visit: Visit) -> web.StreamResponse:
    """Give it to a colleague."""
    to = (await visit.form()).get("to", "")
    sheet = await _sheet(visit, quiet=True)
    name = dict(sheet.colleagues).get(to)
    if name is None:
        return visit.to(_path(visit), "Hãy chọn một người đang hoạt động trong danh sách để chuyển.")

    return await _do(visit, officers.pass_on, f"Đã chuyển cho {name}.", to=to, of_anyone=_manages(visit))


@routes.post(f"{_ONE}/close", Permission.INBOX)
@_known
async def close(visit: Visit) -> web.StreamResponse:
    """End it; the telephone number is erased."""
    return await _do(visit, officers.close, "Đã đóng. Số điện thoại của người dân đã được xoá.")


@routes.post(f"{_ONE}/phone", Permission.INBOX, guide=_GUIDE)
@_known
async def phone(visit: Visit) -> web.StreamResponse:
    """The number, in this answer only; the look is written down."""
    try:
        sealed = await visit.run(officers.sealed_phone, _code(visit), visit.officer.login, visit.by.at)
        number = visit.console.box.open(sealed)
    except _REFUSED as error:
        return visit.to(_path(visit), _refusal(error))
    return await _show(visit, phone=number)


@routes.post(f"{_ONE}/note", Permission.INBOX, guide=_GUIDE)
@_known
async def note(visit: Visit) -> web.StreamResponse:
    """Note something for colleagues."""
    form = NoteForm(await visit.form())
    if not form.validate():
        return await _show(visit, status=422, note=form)
    await visit.run(notes.add, _code(visit), visit.officer.login, form.note.data or "", visit.by.at)
    return visit.to(_path(visit), "Đã ghi chú.")


@routes.post(f"{_ONE}/draft", Permission.INBOX)
async def draft(visit: Visit) -> web.StreamResponse:
    """Keep what has been typed so far; the page sends it by itself."""
    text = (await visit.form()).get("text", "")[:_LONGEST_DRAFT]
    # Without a request there is nothing to keep it with; the page says so by itself.
    with suppress(officers.RequestUnknownError):
        await visit.run(notes.keep_draft, _code(visit), visit.officer.login, text)
    return web.Response(status=204)


@routes.post(f"{_ONE}/reply", Permission.INBOX, guide=_GUIDE)
@_known
async def reply(visit: Visit) -> web.StreamResponse:
    """Write to the citizen, in the channel they asked in."""
    form = ReplyForm(await visit.form(), longest=visit.console.settings.message_max_characters)
    if not form.validate():
        return await _show(visit, status=422, reply=form)
    try:
        sent = await visit.run(_store_reply, visit, form.id.data or "", form.text.data or "")
    except _REFUSED as error:
        if isinstance(error, IdTakenError):
            form.id.data = str(uuid.uuid4())
        return await _show(visit, status=HTTPStatus.CONFLICT, reply=form, refused=_refusal(error))
    await visit.console.deliver(sent.channel, sent.session_id, [sent.message])
    return visit.to(_path(visit), "Đã gửi câu trả lời.")


def _store_reply(db: Session, visit: Visit, message_id: str, text: str) -> Sent:
    code, login = _code(visit), visit.officer.login
    until = visit.console.standing.open_until()
    sent = officers.reply(db, code, login, message_id=message_id, text=text, now=visit.by.at, until=until)
    notes.drop_draft(db, code, login)
    return sent


async def _do(visit: Visit, work: Callable[..., object], said: str, **given: object) -> web.Response:
    try:
        await visit.run(work, _code(visit), visit.officer.login, visit.by.at, **given)
    except _REFUSED as error:
        return visit.to(_path(visit), _refusal(error))
    return visit.to(_path(visit), said)


async def _sheet(visit: Visit, *, quiet: bool = False) -> Sheet:
    return await visit.run(read_sheet, _code(visit), visit.console, visit.officer, look=_looks(visit), quiet=quiet)


async def _show(
    visit: Visit,
    *,
    status: int = HTTPStatus.OK,
    reply: ReplyForm | None = None,
    note: NoteForm | None = None,
    phone: str | None = None,
    refused: str | None = None,
) -> web.Response:
    sheet = await _sheet(visit)
    longest = visit.console.settings.message_max_characters
    values = {
        "sheet": sheet,
        "look": _looks(visit),
        "reply": reply or ReplyForm(data={"id": str(uuid.uuid4()), "text": sheet.draft}, longest=longest),
        "note": note or NoteForm(),
        "phone": phone,
        "refused": refused,
        "may_look": may(visit.officer.roles, Permission.TRANSCRIPTS),
    }
    return await visit.page("request.html", status=status, **values)


async def _gone(visit: Visit) -> web.Response:
    """What was done with it tells an erased request from a mistyped code; what the officer typed is shown to keep."""
    typed = (await visit.form()).get("text", "") if visit.request.method == "POST" else ""
    rows = await visit.run(acts.of_request, _code(visit))
    values = {"code": _code(visit), "acts": done(rows, await visit.run(names)), "typed": typed}
    if "HX-Request" in visit.request.headers:
        return aiohttp_jinja2.render_template("request_gone_talk.html", visit.request, values)
    return await visit.page("request_gone.html", status=HTTPStatus.GONE if rows else HTTPStatus.NOT_FOUND, **values)


def _refusal(error: Exception) -> str:
    return _REFUSALS[type(error)]


def _manages(visit: Visit) -> bool:
    return may(visit.officer.roles, Permission.INBOX_OTHERS)


def _looks(visit: Visit) -> bool:
    return "look" in visit.request.query


def _code(visit: Visit) -> str:
    given = visit.request.match_info["code"]
    # Wishes from before there were receipts have numbers of another form.
    return code_in(given) or given


def _path(visit: Visit) -> str:
    return f"/inbox/{_code(visit)}"
