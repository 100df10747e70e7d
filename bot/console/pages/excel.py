"""The policy tables as a workbook, down and up again; lists of questions from Word and CSV."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from wtforms import Form, SelectField

from bot.console.editing import edit
from bot.console.jobs import Job, Jobs, Report
from bot.console.parts import CONSOLE
from bot.console.roles import Permission, may
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.knowledge import words
from bot.knowledge.editing.faults import EditingError
from bot.knowledge.editing.units import Kind
from bot.knowledge.sheets.importing import accept, dry_run
from bot.knowledge.sheets.lists import entries_of, read_list
from bot.knowledge.sheets.plan import Plan
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


@dataclass(frozen=True)
class Run:
    """An uploaded file that was tried out; ``made`` is the workbook that a list was turned into."""

    plan: Plan
    made: bytes | None = None


RUNS: web.AppKey[Jobs[Run]] = web.AppKey("runs", Jobs)
"""The uploads of this process."""


async def runs(app: web.Application) -> AsyncIterator[None]:
    """Have a place where uploads are tried out; at the end wait for what still is."""
    app[RUNS] = Jobs(app[CONSOLE].store, (RefusedError, TooLongError))
    yield
    await app[RUNS].wait()


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

    def work(engine: Engine, report: Report) -> Run:
        with Session(engine) as db:
            return Run(dry_run(db, content, officer, report))

    return _begin(visit, name, work)


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

    def work(engine: Engine, report: Report) -> Run:
        report("Đọc danh sách", 0, 1)
        entries = entries_of(read_list(content), *chosen)
        with Session(engine) as db:
            made = faq_workbook(entries, read_stored(db))
            return Run(dry_run(db, made, officer, report), made)

    return _begin(visit, name, work)


@routes.get(_RUN, Permission.EDIT, guide=_GUIDE)
async def run(visit: Visit) -> web.StreamResponse:
    """How far it is; then what would change, or every error."""
    return await _shown(visit, _job(visit))


@routes.get(f"{_RUN}/workbook", Permission.EDIT)
async def made_workbook(visit: Visit) -> web.StreamResponse:
    """The workbook that a list was turned into, to complete it there."""
    job = _job(visit)
    if job is None or job.result is None or job.result.made is None:
        raise web.HTTPNotFound
    return _file(job.result.made, "danh-sach-hoi-dap.xlsx")


@routes.post(f"{_RUN}/accept", Permission.EDIT, guide=_GUIDE)
async def take(visit: Visit) -> web.StreamResponse:
    """Make one draft of it."""
    job = _job(visit)
    if job is None or job.result is None:
        return await _shown(visit, None)
    title = (await visit.form()).get("title", "")
    try:
        draft = await edit(visit, accept, job.result.plan, title)
    except EditingError as error:
        return await _shown(visit, job, refused=str(error))
    visit.request.app[RUNS].drop(job)
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


async def _shown(visit: Visit, job: Job[Run] | None, refused: str | None = None) -> web.Response:
    if job is None:
        return await visit.page("excel_run.html", status=404, job=None, refused=None)
    # Read once: the job may end while the page is being made.
    running = job.result is None and job.refused is None
    plan = None if job.result is None else job.result.plan
    shown = [] if plan is None else plan.problems or plan.rows
    pages = max(1, -(-len(shown) // _PAGE))
    given = visit.request.query.get("page", "1")
    page = min(int(given), pages) if given.isascii() and given.isdecimal() and len(given) < 7 and int(given) else 1
    values = {
        "running": running,
        "plan": plan,
        "shown": shown[(page - 1) * _PAGE : page * _PAGE],
        "page": page,
        "pages": pages,
        "title": f"Nhập từ tệp {job.name}",
        "has_workbook": job.result is not None and job.result.made is not None,
        "seconds": f"{job.seconds or 0:.1f}".replace(".", ","),
    }
    return await visit.page("excel_run.html", status=422 if refused else 200, job=job, refused=refused, **values)


def _job(visit: Visit) -> Job[Run] | None:
    now: dt.datetime = visit.console.clock.now()
    return visit.request.app[RUNS].get(visit.officer.login, visit.request.match_info["id"], now)


def _begin(visit: Visit, name: str, work: Callable[[Engine, Report], Run]) -> web.Response:
    job = visit.request.app[RUNS].start(visit.officer.login, name, visit.console.clock.now(), work)
    return visit.to(f"/excel/runs/{job.id}")


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
