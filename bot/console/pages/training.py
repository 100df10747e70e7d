"""Training a new model, comparing it with the one in use, having it answer, and going back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console import training_words
from bot.console.forms import masked
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.pages.queue import number_of
from bot.console.people import By
from bot.console.roles import Permission, may
from bot.console.routes import POLLING, Routes
from bot.console.visit import Visit
from bot.conversation.rasa_client import Question, RasaError
from bot.conversation.retraining import choice, dataset, runs
from bot.conversation.retraining.dataset import Change, Phrase
from bot.conversation.retraining.runs import State, TrainingError
from bot.conversation.retraining.tables import ModelUse, TrainingRun
from bot.conversation.review.replay import CHANNEL
from bot.knowledge.snapshot import Snapshot

routes = Routes()
_GUIDE = "huan-luyen"
_ONE = "/training/{id}"
_SHOWN = 20
_LISTED = 200
_SECONDS = 2.0
_UNTAKEN = dt.timedelta(seconds=30)
"""After so long it is told that no machine takes the run."""

LISTING: Listing[TrainingRun] = Listing(
    "lan-huan-luyen",
    columns=(
        Column("id", "Lần", lambda row: row.id, link=lambda row: f"/training/{row.id}"),
        Column("by", "Ai yêu cầu", lambda row: row.asked_by),
        Column("at", "Lúc", lambda row: row.asked_at),
        Column("phrases", "Câu đã dạy", lambda row: len(row.phrases)),
        Column("state", "Kết quả", training_words.state),
        Column("model", "Mô hình", lambda row: row.model, shown=False),
    ),
    rows=MemoryRows(lambda db: runs.newest(db, _LISTED), {"state": lambda row, value: row.state == value}),
    order="-id",
    filters=(Filter("state", "Tình trạng", list(training_words.STATES.items())),),
)


@dataclass(frozen=True)
class _State:
    """What the first page shows of the database."""

    use: ModelUse | None
    before: str | None
    phrases: list[Phrase]
    change: Change
    known: bool
    listed: list[TrainingRun]
    names: dict[str, str]


@routes.get("/training", Permission.TRAIN, guide=_GUIDE)
async def training(visit: Visit) -> web.StreamResponse:
    """The model in use, what a new one would learn, and the runs so far."""
    return await _shown(visit)


@routes.post("/training", Permission.TRAIN, guide=_GUIDE)
async def ask(visit: Visit) -> web.StreamResponse:
    """Have a model trained on what is taught now."""
    running = await _answering(visit)

    def work(db: Session, by: By) -> int:
        model = choice.current(db) or running
        if model is None:
            message = "Rasa chưa trả lời nên chưa biết phải so với mô hình nào. Hãy thử lại khi trợ lý đã chạy."
            raise TrainingError(message)
        if choice.current(db) is None:
            # Started without a word to the database: what answers is what is to be compared with.
            choice.note_start(db, model, by.at)
        phrases = dataset.live(db, visit.console.published.read(db))
        number = runs.ask(db, phrases, model, by.officer, by.at)
        by.record(db, "train", "training_run", str(number), after={"phrases": len(phrases)})
        return number

    try:
        number = await visit.run(work, visit.by)
    except TrainingError as error:
        return await _shown(visit, refused=str(error))
    return visit.to(f"/training/{number}", "Đã ghi nhận. Việc huấn luyện chạy nền, anh/chị có thể làm việc khác.")


@routes.get(_ONE, Permission.TRAIN, guide=_GUIDE)
async def one(visit: Visit) -> web.StreamResponse:
    """How far a run is, or what it found."""
    return await _run_shown(visit)


@routes.post(f"{_ONE}/stop", Permission.TRAIN, guide=_GUIDE)
async def stop(visit: Visit) -> web.StreamResponse:
    """Stop a run that is open."""

    def work(db: Session, by: By, number: int) -> bool:
        stopped = runs.stop(db, number, by.at)
        if stopped:
            by.record(db, "stop", "training_run", str(number))
        return stopped

    stopped = await visit.run(work, visit.by, _number(visit))
    return visit.to(f"/training/{_number(visit)}", "Đã dừng." if stopped else "Lần huấn luyện này đã kết thúc rồi.")


@routes.post(f"{_ONE}/promote", Permission.TRAIN, guide=_GUIDE)
async def promote(visit: Visit) -> web.StreamResponse:
    """Have the run's model answer, which has passed."""
    return await _promote(visit, None)


@routes.post(f"{_ONE}/override", Permission.TRAIN_ANYWAY, guide=_GUIDE)
async def override(visit: Visit) -> web.StreamResponse:
    """Have it answer although it has not, for a written reason."""
    return await _promote(visit, masked((await visit.form()).get("reason")))


@routes.post("/training/back", Permission.TRAIN, guide=_GUIDE)
async def back(visit: Visit) -> web.StreamResponse:
    """Have the model before answer again."""

    def work(db: Session, by: By) -> None:
        left, target = choice.go_back(db, by.officer, by.at)
        by.record(db, "back", "model", target, before={"model": left}, after={"model": target})

    try:
        await visit.run(work, visit.by)
    except TrainingError as error:
        return await _shown(visit, refused=str(error))
    return visit.to("/training", "Đã quay lại mô hình trước; người dân không bị gián đoạn trong lúc chuyển.")


async def _promote(visit: Visit, reason: str | None) -> web.Response:
    def work(db: Session, by: By, number: int) -> None:
        old, new = choice.promote(db, number, by.officer, by.at, reason)
        after = {"model": new, "run": number} | ({} if reason is None else {"reason": reason})
        by.record(db, "promote", "model", new, before={"model": old}, after=after)

    try:
        await visit.run(work, visit.by, _number(visit))
    except TrainingError as error:
        return await _run_shown(visit, refused=str(error), reason=reason)
    return visit.to("/training", "Đã chọn mô hình mới; người dân không bị gián đoạn trong lúc chuyển.")


async def _shown(visit: Visit, refused: str | None = None) -> web.Response:
    now = visit.console.clock.now()

    def read(db: Session) -> _State:
        runs.settle(db, now)
        current = choice.current(db)
        phrases = dataset.live(db, visit.console.published.read(db))
        taught = dataset.taught(db, current)
        listed = runs.newest(db, _SHOWN)
        return _State(
            choice.newest(db),
            choice.before(db),
            phrases,
            dataset.change(taught or [], phrases),
            taught is not None,
            listed,
            {each.model: f"lần huấn luyện số {each.id}" for each in reversed(listed) if each.model},
        )

    state = await visit.run(read)
    open_run = next((run for run in state.listed if run.slot), None)
    return await LISTING.respond(
        visit,
        "training.html",
        status=409 if refused else 200,
        state=state,
        running=await _answering(visit),
        open_run=open_run,
        words=training_words,
        refused=refused,
    )


async def _run_shown(visit: Visit, refused: str | None = None, reason: str | None = None) -> web.Response:
    now = visit.console.clock.now()

    def read(db: Session) -> tuple[TrainingRun | None, Change | None, str | None, Snapshot]:
        runs.settle(db, now)
        run = db.get(TrainingRun, _number(visit), populate_existing=True)
        snapshot = visit.console.published.read(db)
        if run is None:
            return None, None, None, snapshot
        change = dataset.change(dataset.taught(db, run.compared_with) or [], dataset.phrases_of(run))
        return run, change, choice.current(db), snapshot

    run, change, current, snapshot = await visit.run(read)
    if run is None:
        raise web.HTTPNotFound
    return await visit.page(
        "training_run.html",
        status=409 if refused else 200,
        run=run,
        change=change,
        current=current,
        polled=POLLING in visit.request.headers,
        untaken=run.state == State.WAITING and now - run.asked_at > _UNTAKEN,
        may_override=may(visit.officer.roles, Permission.TRAIN_ANYWAY),
        snapshot=snapshot,
        words=training_words,
        refused=refused,
        reason=reason or "",
    )


async def _answering(visit: Visit) -> str | None:
    """The model that Rasa answers with at this moment; None while it gives no answer."""
    question = Question("/greet", {}, visit.console.clock.today(), CHANNEL)
    try:
        reply = await visit.console.rasa.ask(question, timeout=_SECONDS)
    except RasaError:
        return None
    return reply.model_version


def _number(visit: Visit) -> int:
    return number_of(visit.request.match_info["id"]) or 0
