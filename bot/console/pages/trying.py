""" "Thử hỏi": asks the real bot as if a change set were published, and shows what it answers today beside it."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.orm import Session
from wtforms import Form, TextAreaField
from wtforms.validators import DataRequired

from bot.console.faq_form import Day
from bot.console.forms import composed
from bot.console.pages.changes import number_of
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.conversation.rasa_client import ActionsDownError, RasaError, RasaReply, RasaTimeoutError
from bot.conversation.review.replay import Replay
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.editing.units import Kind
from bot.text.mask import mask
from bot.text.normalize import normalize

routes = Routes()
_GUIDE = "thu-hoi"
_PATH = "/changes/{id}/try"
# The first question of a draft waits until the assistant that would be published is made.
_SECONDS = 30.0


class TryForm(Form):
    """What to ask, and as if on which day."""

    question = TextAreaField(
        "Câu hỏi, như người dân gõ", [DataRequired("Hãy gõ một câu hỏi.")], filters=[composed], render_kw={"rows": 2}
    )
    day = Day("Hỏi như vào ngày", [DataRequired("Hãy chọn một ngày.")])


@dataclass(frozen=True)
class Told:
    """What the bot said: replies with the titles of their buttons, or why there is none."""

    replies: tuple[tuple[str, tuple[str, ...]], ...] = ()
    problem: str = ""


@routes.get(_PATH, Permission.CONTENT, guide=_GUIDE)
async def ask(visit: Visit) -> web.StreamResponse:
    """The form, with a question that the change set is about."""
    title, question = await visit.run(_about, number_of(visit))
    form = TryForm(data={"question": question, "day": visit.console.clock.today()})
    return await visit.page("try.html", form=form, number=number_of(visit), of=title, told=None)


@routes.post(_PATH, Permission.CONTENT, guide=_GUIDE)
async def answer(visit: Visit) -> web.StreamResponse:
    """Both answers side by side; nothing of it is kept."""
    number = number_of(visit)
    title, _ = await visit.run(_about, number)
    form = TryForm(await visit.form())
    if not form.validate():
        return await visit.page("try.html", status=422, form=form, number=number, of=title, told=None)
    assert form.day.data is not None
    told = await asyncio.gather(
        _asked(visit, form.question.data or "", form.day.data, number),
        _asked(visit, form.question.data or "", form.day.data),
    )
    return await visit.page("try.html", form=form, number=number, of=title, told=told)


async def _asked(visit: Visit, question: str, day: dt.date, draft: int | None = None) -> Told:
    text = mask(normalize(question)).text[: visit.console.settings.message_max_characters]
    try:
        reply = await Replay(visit.console.rasa, day, seconds=_SECONDS, draft=draft).ask(text)
    except RasaError as error:
        return Told(problem=_why(error))
    return _told(reply)


def _told(reply: RasaReply) -> Told:
    return Told(tuple((each.text, tuple(button.title for button in each.buttons)) for each in reply.answers))


def _why(error: RasaError) -> str:
    match error:
        case RasaTimeoutError():
            return "Trợ lý chưa trả lời kịp. Hãy thử lại sau ít phút."
        case ActionsDownError():
            return "Bộ phận soạn câu trả lời đang không hoạt động. Hãy báo cho người phụ trách kỹ thuật."
        case _:
            return "Trợ lý đang không hoạt động. Hãy báo cho người phụ trách kỹ thuật."


def _about(db: Session, number: int) -> tuple[str, str]:
    """Title of a change set and a question of an entry in it; raises ``HTTPNotFound``."""
    found = db.get(ChangeSetRecord, number)
    if found is None:
        raise web.HTTPNotFound
    questions = (change.content["question"] for change in found.changes if change.kind == Kind.FAQ and change.content)
    return found.title, next(questions, "")
