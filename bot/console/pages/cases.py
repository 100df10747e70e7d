"""Regression cases and learnt phrasings: run again, drop, take back."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console import review_words
from bot.console.pages.queue import number_of
from bot.console.people import By
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.conversation.review import cases, phrases
from bot.conversation.review.replay import Replay
from bot.conversation.review.targets import Target
from bot.knowledge.domain import Aspect, Learned
from bot.knowledge.learned import LearnedPhraseRecord

routes = Routes()
_GUIDE = "cau-kiem-tra"
_ERRORS = {
    "RasaDownError": "Rasa chưa chạy",
    "RasaTimeoutError": "không trả lời kịp",
    "ActionsDownError": "bộ phận trả lời chưa chạy",
    "BadReplyError": "trả lời không đúng dạng",
}


@routes.get("/cases", Permission.REVIEW, guide=_GUIDE)
async def listed(visit: Visit) -> web.StreamResponse:
    """The cases, each with where it must lead."""
    return await _listed(visit, {})


@routes.post("/cases", Permission.REVIEW, guide=_GUIDE)
async def run(visit: Visit) -> web.StreamResponse:
    """Ask the assistant all of them, and show what each came to."""

    def record(db: Session, by: By, passed: int, failed: int) -> None:
        by.record(db, "run", "regression_case", "*", after={"passed": passed, "failed": failed})

    held = await visit.run(cases.listed)
    replay = Replay(visit.console.rasa, visit.console.clock.today())
    results = {result.case.id: result for result in await cases.run(held, replay.ask)}
    passed = sum(result.passed for result in results.values())
    await visit.run(record, visit.by, passed, len(results) - passed)
    return await _listed(visit, results)


@routes.post("/cases/{id}/remove", Permission.REVIEW, guide=_GUIDE)
async def remove(visit: Visit) -> web.StreamResponse:
    """Drop a case that no longer holds."""

    def work(db: Session, by: By, number: int) -> None:
        text = next((case.text for case in cases.listed(db) if case.id == number), None)
        if cases.remove(db, number):
            by.record(db, "remove", "regression_case", str(number), before={"text": text})

    await visit.run(work, visit.by, number_of(visit.request.match_info["id"]) or 0)
    return visit.to("/cases", "Đã bỏ câu kiểm tra.")


@routes.get("/learned", Permission.REVIEW, guide=_GUIDE)
async def learned(visit: Visit) -> web.StreamResponse:
    """What reviewers have taught, the newest first."""

    def rows(db: Session) -> list[LearnedPhraseRecord]:
        return list(db.scalars(select(LearnedPhraseRecord).order_by(LearnedPhraseRecord.id.desc())))

    snapshot = await visit.run(visit.console.published.read)
    told = [(row, review_words.target(snapshot, _target(row))) for row in await visit.run(rows)]
    return await visit.page("learned.html", rows=told)


@routes.post("/learned/{id}/remove", Permission.REVIEW, guide=_GUIDE)
async def unlearn(visit: Visit) -> web.StreamResponse:
    """Take a phrasing back."""

    def work(db: Session, by: By, number: int) -> None:
        row = db.get(LearnedPhraseRecord, number)
        text = row.text if row else None
        if phrases.unlearn(db, number, by.at):
            by.record(db, "remove", "learned_phrase", str(number), before={"text": text})

    await visit.run(work, visit.by, number_of(visit.request.match_info["id"]) or 0)
    return visit.to("/learned", "Đã bỏ câu đã dạy; có hiệu lực ngay ở câu hỏi tiếp theo.")


async def _listed(visit: Visit, results: dict[int, cases.Result]) -> web.Response:
    snapshot = await visit.run(visit.console.published.read)
    rows = [
        (case, review_words.target(snapshot, case.target), _told(review_words.told(snapshot, result.told), result))
        if (result := results.get(case.id))
        else (case, review_words.target(snapshot, case.target), None)
        for case in await visit.run(cases.listed)
    ]
    passed = sum(result.passed for result in results.values())
    return await visit.page("cases.html", rows=rows, ran=len(results), passed=passed)


def _told(said: str, result: cases.Result) -> tuple[bool, str]:
    error = result.told.get("error")
    return result.passed, _ERRORS.get(error, "không có trả lời") if error else said


def _target(row: LearnedPhraseRecord) -> Target:
    return Target(Learned(row.kind), row.target or "", Aspect(row.aspect) if row.aspect else None)
