"""Regression cases and learnt phrasings: run again, drop, take back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console import review_words
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.listing.listing import PAGE
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
from bot.knowledge.snapshot import Snapshot

routes = Routes()
_GUIDE = "cau-kiem-tra"
_ERRORS = {
    "RasaDownError": "Rasa chưa chạy",
    "RasaTimeoutError": "không trả lời kịp",
    "ActionsDownError": "bộ phận trả lời chưa chạy",
    "BadReplyError": "trả lời không đúng dạng",
}

_KINDS = {
    Learned.PROGRAM: "Chương trình",
    Learned.FAQ: "Mục hỏi đáp",
    Learned.TOPIC: "Lĩnh vực",
    Learned.OUT_OF_SCOPE: "Ngoài phạm vi",
}


@dataclass(frozen=True)
class _Tried:
    """A case, where it must lead, and what it came to."""

    case: cases.Case
    target: str
    told: str


@dataclass(frozen=True)
class _Taught:
    """A phrasing and where it leads."""

    record: LearnedPhraseRecord
    target: str


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
        target = next((case.target.id for case in cases.listed(db) if case.id == number), None)
        if cases.remove(db, number):
            # Not its words: they may be a citizen's, and what is taken back is to be gone.
            by.record(db, "remove", "regression_case", str(number), before={"target": target})

    await visit.run(work, visit.by, number_of(visit.request.match_info["id"]) or 0)
    return visit.to("/cases", "Đã bỏ câu kiểm tra.")


@routes.get("/learned", Permission.REVIEW, guide=_GUIDE)
async def learned(visit: Visit) -> web.StreamResponse:
    """What reviewers have taught, the newest first."""

    def rows(db: Session) -> list[_Taught]:
        snapshot = visit.console.published.read(db)
        return [
            _Taught(row, review_words.target(snapshot, _target(row))) for row in db.scalars(select(LearnedPhraseRecord))
        ]

    listing: Listing[_Taught] = Listing(
        "cau-da-day",
        columns=(
            Column("text", "Câu hỏi", lambda row: row.record.text),
            Column("target", "Dẫn tới", lambda row: row.target),
            Column("by", "Ai duyệt", lambda row: row.record.approved_by),
            Column("at", "Lúc", lambda row: row.record.approved_at),
            Column("remove", "Bỏ", lambda _: "Bỏ", post=lambda row: f"/learned/{row.record.id}/remove"),
        ),
        rows=MemoryRows(rows, {"kind": lambda row, value: row.record.kind == value}),
        order="-at",
        filters=(Filter("kind", "Dẫn tới", list(_KINDS.items())),),
    )
    return await listing.respond(visit, "learned.html")


@routes.post("/learned/{id}/remove", Permission.REVIEW, guide=_GUIDE)
async def unlearn(visit: Visit) -> web.StreamResponse:
    """Take a phrasing back."""

    def work(db: Session, by: By, number: int) -> None:
        row = db.get(LearnedPhraseRecord, number)
        target = row.target if row else None
        if phrases.unlearn(db, number, by.at):
            by.record(db, "remove", "learned_phrase", str(number), before={"target": target})

    await visit.run(work, visit.by, number_of(visit.request.match_info["id"]) or 0)
    return visit.to("/learned", "Đã bỏ câu đã dạy; có hiệu lực ngay ở câu hỏi tiếp theo.")


async def _listed(visit: Visit, results: Mapping[int, cases.Result]) -> web.Response:
    def rows(db: Session) -> list[_Tried]:
        snapshot = visit.console.published.read(db)
        return [
            _Tried(case, review_words.target(snapshot, case.target), _told(snapshot, results.get(case.id)))
            for case in cases.listed(db)
        ]

    listing: Listing[_Tried] = Listing(
        "cau-kiem-tra",
        columns=(
            Column("text", "Câu hỏi", lambda row: row.case.text),
            Column("target", "Phải dẫn tới", lambda row: row.target),
            Column("told", "Lần chạy này", lambda row: row.told),
            Column("by", "Ai thêm", lambda row: row.case.created_by),
            Column("at", "Lúc", lambda row: row.case.created_at),
            Column("remove", "Bỏ", lambda _: "Bỏ", post=lambda row: f"/cases/{row.case.id}/remove"),
        ),
        rows=MemoryRows(rows, {"kind": lambda row, value: row.case.target.kind.value == value}),
        # What was run is told of all at once, with what is wrong first.
        order="told" if results else "at",
        filters=(Filter("kind", "Phải dẫn tới", list(_KINDS.items())),),
        size=max(PAGE, len(results)),
    )
    passed = sum(result.passed for result in results.values())
    return await listing.respond(visit, "cases.html", ran=len(results), passed=passed)


def _told(snapshot: Snapshot, result: cases.Result | None) -> str:
    if result is None:
        return "chưa chạy"
    error = result.told.get("error")
    said = _ERRORS.get(error, "không có trả lời") if error else review_words.told(snapshot, result.told)
    return f"{'Đúng' if result.passed else 'Chưa đúng'}: {said}"


def _target(row: LearnedPhraseRecord) -> Target:
    return Target(Learned(row.kind), row.target or "", Aspect(row.aspect) if row.aspect else None)
