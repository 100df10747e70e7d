"""Switches: what the assistant keeps silent about for now, with what citizens hear instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Form, SelectField, TextAreaField
from wtforms.validators import DataRequired

from bot.console.changing import names_of
from bot.console.editing import edit
from bot.console.forms import composed, masked
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.knowledge.domain import SwitchKind
from bot.knowledge.editing.faults import EditingError
from bot.knowledge.editing.switches import switch_off, switch_on
from bot.knowledge.editing.work import Work
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.tables import SwitchRecord
from bot.text.fold import fold

routes = Routes()
_GUIDE = "tat-bat-tra-loi"
_ASSISTANT = "Toàn bộ trợ lý"
_MESSAGE = "Dạ nội dung này đang được cán bộ rà soát nên em chưa trả lời được. Mình vui lòng hỏi lại sau ạ."


class SwitchForm(Form):
    """What to switch off, why, and what citizens are told."""

    target = SelectField("Tắt phần nào", [DataRequired("Hãy chọn phần cần tắt.")])
    reason = TextAreaField(
        "Lý do (chỉ cán bộ thấy)",
        [DataRequired("Hãy ghi lý do để người khác biết vì sao.")],
        filters=[masked],
        render_kw={"rows": 2},
    )
    message = TextAreaField(
        "Lời nhắn cho người dân",
        [DataRequired("Hãy ghi lời nhắn cho người dân.")],
        filters=[composed],
        default=_MESSAGE,
        render_kw={"rows": 3},
    )

    def __init__(self, *args: Any, snapshot: Snapshot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = [(f"topic/{each.id}", each.name) for each in snapshot.topics.values()]
        programs = [(f"program/{each.id}", each.name) for each in snapshot.programs.values()]
        choices: dict[Any, Any] = {
            None: [("", "– chọn –")],
            "Tất cả": [("assistant/", _ASSISTANT)],
            "Một chủ đề": sorted(topics, key=lambda each: fold(each[1])),
            "Một chương trình": sorted(programs, key=lambda each: fold(each[1])),
        }
        self.target.choices = choices


@dataclass(frozen=True)
class Off:
    """Something that is off; ``place`` names it in forms, ``name`` for officers."""

    place: str
    name: str
    by: str
    record: SwitchRecord


@routes.get("/switches", Permission.SWITCH, guide=_GUIDE)
async def switches(visit: Visit) -> web.StreamResponse:
    """What is off, and the form to switch something off."""
    snapshot = await visit.run(visit.console.published.read)
    return await _page(visit, SwitchForm(snapshot=snapshot), snapshot)


@routes.post("/switches/off", Permission.SWITCH, guide=_GUIDE)
async def off(visit: Visit) -> web.StreamResponse:
    """Switch something off, from the next question on."""
    snapshot = await visit.run(visit.console.published.read)
    form = SwitchForm(await visit.form(), snapshot=snapshot)
    if not form.validate():
        return await _page(visit, form, snapshot, status=422)
    kind, target = _place(form.target.data or "")
    return await _do(
        visit,
        lambda work: switch_off(work, kind, target, form.reason.data or "", form.message.data or ""),
        "Đã tắt. Người dân nhận lời nhắn ngay từ câu hỏi kế tiếp.",
    )


@routes.post("/switches/on", Permission.SWITCH, guide=_GUIDE)
async def on(visit: Visit) -> web.StreamResponse:
    """Switch it on again."""
    kind, target = _place((await visit.form()).get("target", ""))
    return await _do(visit, lambda work: switch_on(work, kind, target), "Đã bật lại.")


async def _do(visit: Visit, step: Callable[[Work], object], done: str) -> web.Response:
    try:
        await edit(visit, step)
    except EditingError as error:
        return visit.refuse("/switches", str(error))
    return visit.to("/switches", done)


async def _page(visit: Visit, form: SwitchForm, snapshot: Snapshot, *, status: int = 200) -> web.Response:
    found = await visit.run(_off, snapshot)
    return await visit.page("switches.html", status=status, form=form, found=found)


def _off(db: Session, snapshot: Snapshot) -> Sequence[Off]:
    records = db.scalars(select(SwitchRecord).order_by(SwitchRecord.since)).all()
    names = names_of(db, *(record.by for record in records))
    return [Off(f"{each.kind}/{each.target}", _name(each, snapshot), names[each.by], each) for each in records]


def _name(record: SwitchRecord, snapshot: Snapshot) -> str:
    if record.kind == SwitchKind.TOPIC and record.target in snapshot.topics:
        return f"Chủ đề {snapshot.topics[record.target].name}"
    if record.kind == SwitchKind.PROGRAM and record.target in snapshot.programs:
        return f"Chương trình {snapshot.programs[record.target].name}"
    return record.target or _ASSISTANT


def _place(given: str) -> tuple[SwitchKind, str]:
    kind, _, target = given.partition("/")
    try:
        return SwitchKind(kind), target
    except ValueError:
        raise web.HTTPBadRequest from None
