"""The policy tables as a workbook, down and up again; lists of questions from Word and CSV."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import AsyncIterator, Callable, Mapping

from aiohttp import web
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from wtforms import Form, SelectField

from bot.console.editing import edit
from bot.console.forms import masked
from bot.console.parts import CONSOLE
from bot.console.roles import Permission, may
from bot.console.routes import Routes
from bot.console.runs import Outcome, Report, Run, Runs
from bot.console.visit import Visit
from bot.knowledge import words
from bot.knowledge.editing.faults import EditingError, NotAllowedError
from bot.knowledge.editing.units import Kind
from bot.knowledge.editing.work import Work
from bot.knowledge.sheets.importing import accept, dry_run
from bot.knowledge.sheets.kept import from_json, to_json
from bot.knowledge.sheets.lists import entries_of, read_list
from bot.knowledge.sheets.safe import MOST_BYTES, RefusedError
from bot.knowledge.sheets.stored import read_stored
from bot.knowledge.sheets.writing import TooLongError, faq_workbook, workbook
from bot.knowledge.tables import TopicRecord

routes = Routes()
_GUIDE = "excel"
_RUN = "/excel/runs/{id}"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The fields of a form beside its file.
_FORM = 64 * 1024
_PAGE = 50
_LONGEST_NAME = 80

SETS: Mapping[str, tuple[str, tuple[Kind, ...]]] = {
    "tat-ca": ("Tất cả các bảng", tuple(Kind)),
    "faq": ("Câu hỏi thường gặp", (Kind.FAQ,)),
    "so-lieu": ("Văn bản, tham số và giá trị", (Kind.LEGAL_DOCUMENT, Kind.PARAMETER, Kind.PARAMETER_VALUE)),
    "chinh-sach": ("Chương trình và quy định", (Kind.PROGRAM, Kind.PROVISION)),
    "thong-tin": ("Thông tin người dân và chủ đề", (Kind.CITIZEN_FACT, Kind.TOPIC)),
    "noi-lien-he": ("Cơ quan và xã, phường", (Kind.OFFICE, Kind.COMMUNE)),
}
"""What can be downloaded: by its word in the address what it is called and what it holds."""


KEPT = dt.timedelta(hours=1)
"""How long a dry run can be looked at and taken over."""
_MOST = 2

RUNS = web.AppKey("runs", Runs)
"""Dry runs: what an uploaded file would change; with the workbook that a list was turned into."""


async def runs(app: web.Application) -> AsyncIterator[None]:
    """Have a place where uploads are tried out."""
    app[RUNS] = Runs(app[CONSOLE], "excel", KEPT, _MOST, (RefusedError, TooLongError))
    yield
    await app[RUNS].close()


class ListForm(Form):
    """What a list does not say of its questions."""

    topic = SelectField("Chủ đề của cả danh sách")
    aspect = SelectField("Hỏi về", choices=list(words.ASPECT.items()), default="other")
    evidence = SelectField("Nguồn của câu trả lời", choices=list(words.EVIDENCE.items()), default="press")


def _topics(db: Session) -> list[tuple[str, str]]:
    found = db.execute(select(TopicRecord.id, TopicRecord.name).where(TopicRecord.published).order_by(TopicRecord.name))
    return [(topic, name) for topic, name in found]


@routes.get("/excel", Permission.CONTENT, guide=_GUIDE)
async def excel(visit: Visit) -> web.StreamResponse:
    """What can be downloaded and uploaded."""
    return await _start(visit)


@routes.get("/excel/download", Permission.CONTENT)
async def download(visit: Visit) -> web.StreamResponse:
    """The workbook."""
    name = visit.request.query.get("what", "")
    if name not in SETS:
        raise web.HTTPNotFound
    stored = await visit.run(read_stored)
    content = await asyncio.to_thread(workbook, stored, SETS[name][1])
    return _file(content, f"an-sinh-{name}-{visit.console.clock.today():%Y-%m-%d}.xlsx")


@routes.post("/excel", Permission.EDIT, guide=_GUIDE, largest=MOST_BYTES + _FORM)
async def upload(visit: Visit) -> web.StreamResponse:
    """Try a workbook out."""
    name, content = await _uploaded(visit)
    if not content:
        return await _start(visit, refused="Hãy chọn tệp Excel (.xlsx) cần nhập.")
    officer = visit.officer.login

    def work(engine: Engine, report: Report) -> Outcome:
        with Session(engine) as db:
            return Outcome(to_json(dry_run(db, content, officer, report)))

    return await _begin(visit, name, work)


@routes.post("/excel/list", Permission.EDIT, guide=_GUIDE, largest=MOST_BYTES + _FORM)
async def upload_list(visit: Visit) -> web.StreamResponse:
    """Try a list of questions and answers out, as the workbook that it makes."""
    name, content = await _uploaded(visit)
    form = ListForm(await visit.form())
    form.topic.choices = await visit.run(_topics)
    if not form.validate() or not content:
        refused = None if content else "Hãy chọn tệp Word (.docx) hoặc CSV có danh sách câu hỏi."
        return await _start(visit, form=form, refused_list=refused)
    officer, chosen = visit.officer.login, (form.topic.data, form.aspect.data, form.evidence.data)

    def work(engine: Engine, report: Report) -> Outcome:
        report("Đọc danh sách", 0, 1)
        entries = entries_of(read_list(content), *chosen)
        with Session(engine) as db:
            made = faq_workbook(entries, read_stored(db))
            return Outcome(to_json(dry_run(db, made, officer, report)), made)

    return await _begin(visit, name, work)


@routes.get(_RUN, Permission.EDIT, guide=_GUIDE)
async def run(visit: Visit) -> web.StreamResponse:
    """How far it is; then what would change, or every error."""
    return await _shown(visit, await _found(visit))


@routes.get(f"{_RUN}/workbook", Permission.EDIT)
async def made_workbook(visit: Visit) -> web.StreamResponse:
    """The workbook that a list was turned into, to complete it there."""
    found = await _found(visit)
    if found is None or found.outcome is None or found.outcome.file is None:
        raise web.HTTPNotFound
    return _file(found.outcome.file, "danh-sach-hoi-dap.xlsx")


@routes.post(f"{_RUN}/accept", Permission.EDIT, guide=_GUIDE)
async def take(visit: Visit) -> web.StreamResponse:
    """Make one draft of it."""
    found = await _found(visit)
    if found is None or found.outcome is None:
        return await _shown(visit, None)
    plan, title = from_json(found.outcome.result), masked((await visit.form()).get("title"))

    def work(work: Work) -> int:
        draft = accept(work, plan, title)
        if not visit.request.app[RUNS].drop(work.session, found.id):
            raise NotAllowedError("Nội dung của tệp đã được đưa vào một lần thay đổi rồi.")
        return draft

    try:
        draft = await edit(visit, work)
    except EditingError as error:
        return await _shown(visit, found, refused=str(error))
    return visit.to(f"/changes/{draft}", "Đã đưa nội dung của tệp vào lần thay đổi này. Hãy xem lại rồi gửi duyệt.")


async def _start(
    visit: Visit, *, form: ListForm | None = None, refused: str | None = None, refused_list: str | None = None
) -> web.Response:
    if form is None:
        form = ListForm()
        form.topic.choices = await visit.run(_topics)
    status = 422 if refused or refused_list or form.errors else 200
    values = {"sets": SETS, "form": form, "refused": refused, "refused_list": refused_list}
    may_edit = may(visit.officer.roles, Permission.EDIT)
    return await visit.page("excel.html", status=status, may_edit=may_edit, megabytes=MOST_BYTES >> 20, **values)


async def _shown(visit: Visit, found: Run | None, refused: str | None = None) -> web.Response:
    if found is None:
        return await visit.page("excel_run.html", status=404, run=None, refused=None)
    plan = None if found.outcome is None else from_json(found.outcome.result)
    shown = [] if plan is None else plan.problems or plan.rows
    pages = max(1, -(-len(shown) // _PAGE))
    given = visit.request.query.get("page", "1")
    page = min(int(given), pages) if given.isascii() and given.isdecimal() and len(given) < 7 and int(given) else 1
    values = {
        "plan": plan,
        "shown": shown[(page - 1) * _PAGE : page * _PAGE],
        "page": page,
        "pages": pages,
        "title": f"Nhập từ tệp {found.name}",
        "has_workbook": found.outcome is not None and found.outcome.file is not None,
        "seconds": f"{found.seconds:.1f}".replace(".", ","),
    }
    return await visit.page("excel_run.html", status=422 if refused else 200, run=found, refused=refused, **values)


async def _found(visit: Visit) -> Run | None:
    """The officer's own run of the address, if it is still kept."""
    return await visit.request.app[RUNS].find(visit.request.match_info["id"], visit.officer.login)


async def _begin(visit: Visit, name: str, work: Callable[[Engine, Report], Outcome]) -> web.Response:
    async def beside(report: Report) -> Outcome:
        return await visit.console.store.maintain(lambda engine: work(engine, report))

    number = secrets.token_urlsafe(12)
    await visit.request.app[RUNS].start(number, visit.officer.login, name, beside)
    return visit.to(f"/excel/runs/{number}")


async def _uploaded(visit: Visit) -> tuple[str, bytes]:
    """Name and content of the file in the form; empty where none was chosen."""
    file = (await visit.request.post()).get("file")
    if not isinstance(file, web.FileField):
        return "", b""
    name = file.filename.replace("\\", "/").rsplit("/", 1)[-1]
    with file.file:
        return name[:_LONGEST_NAME], file.file.read()


def _file(content: bytes, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=content, content_type=_XLSX, headers=headers)
