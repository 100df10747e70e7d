"""What reviewers gave editors to mend: policy rows that are wrong, FAQ entries to be written."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console import review_words
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.pages.queue import number_of
from bot.console.people import By
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.conversation.review import tasks
from bot.conversation.review.decisions import draft_for
from bot.conversation.review.models import Task

routes = Routes()
_GUIDE = "viec-can-sua"
_KINDS = {"policy": "Dữ liệu chính sách sai", "faq": "Soạn mục hỏi đáp mới"}

LISTING: Listing[Task] = Listing(
    "viec-can-sua",
    columns=(
        Column("at", "Giao lúc", lambda row: row.created_at, link=lambda row: f"/tasks/{row.id}"),
        Column("kind", "Việc", lambda row: _KINDS.get(row.kind, row.kind)),
        Column("note", "Người xem lại ghi", lambda row: row.note),
        Column("by", "Ai giao", lambda row: row.created_by),
        Column("done", "Xong lúc", lambda row: row.done_at),
        Column("done_by", "Ai làm", lambda row: row.done_by),
    ),
    rows=MemoryRows(
        tasks.everything,
        {
            "kind": lambda row, value: row.kind == value,
            "state": lambda row, value: (row.done_at is None) == (value == "open"),
        },
    ),
    order="-at",
    filters=(
        Filter("kind", "Việc", list(_KINDS.items())),
        Filter("state", "Tình trạng", [("open", "chưa xong"), ("done", "đã xong")]),
    ),
)


@routes.get("/tasks", Permission.TASKS, guide=_GUIDE)
async def listed(visit: Visit) -> web.StreamResponse:
    """All tasks, the newest first."""
    return await LISTING.respond(visit, "tasks.html")


@routes.get("/tasks/{id}", Permission.TASKS, guide=_GUIDE)
async def one(visit: Visit) -> web.StreamResponse:
    """One task, with what is known of the row to mend or to write."""

    def read(db: Session, number: int) -> tuple[Task | None, dict[str, Any] | None]:
        return db.get(Task, number), draft_for(db, number)

    task, draft = await visit.run(read, _number(visit))
    if task is None:
        raise web.HTTPNotFound
    snapshot = await visit.run(visit.console.published.read)
    program = snapshot.programs.get(task.target or "") if task.kind == "policy" else None
    return await visit.page(
        "task.html",
        task=task,
        name=_KINDS.get(task.kind, task.kind),
        program=program,
        draft=draft,
        topic=snapshot.topics[draft["topic"]].name if draft and draft["topic"] in snapshot.topics else None,
        words=review_words,
        fields=urlencode(_fields(draft), doseq=True) if draft else "",
    )


@routes.post("/tasks/{id}/done", Permission.TASKS, guide=_GUIDE)
async def done(visit: Visit) -> web.StreamResponse:
    """Mark it as done."""

    def work(db: Session, by: By, number: int) -> bool:
        finished = tasks.finish(db, number, by.officer, by.at)
        if finished:
            by.record(db, "finish", "task", str(number))
        return finished

    finished = await visit.run(work, visit.by, _number(visit))
    return visit.to("/tasks", "Đã ghi là xong." if finished else "Việc này đã xong từ trước.")


def _fields(draft: dict[str, Any]) -> dict[str, str]:
    """The draft as the fields of the FAQ form."""
    told = {name: draft.get(name) or "" for name in ("topic", "aspect", "program", "question")}
    return {**told, "phrasings": "\n".join(draft.get("phrasings") or [])}


def _number(visit: Visit) -> int:
    return number_of(visit.request.match_info["id"]) or 0
