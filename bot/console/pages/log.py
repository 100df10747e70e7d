"""The log of conversations, for reviewers: find turns, read a conversation, ask what would be answered now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console import review_words
from bot.console.forms import masked
from bot.console.listing import Filter, Value
from bot.console.listing.export import WRITERS, Table
from bot.console.listing.listing import sent
from bot.console.people import By
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.conversation.figures.periods import midnight
from bot.conversation.rasa_client import RasaError
from bot.conversation.report.words import CHANNELS, STATUSES, Names
from bot.conversation.review import log
from bot.conversation.review.log import Filters, TurnView
from bot.conversation.review.positions import Cursor
from bot.conversation.review.replay import Replay
from bot.text.normalize import normalize

routes = Routes()
_GUIDE = "nhat-ky-hoi-thoai"
_ONE = "/log/{id}"
_CONFIDENCE = {"low": (None, 0.4), "middle": (0.4, 0.7), "high": (0.7, None)}
_LONGEST_SEARCH = 200
_MOST_EXPORTED, _EXPORTED_AT_ONCE = 20_000, 2_000
_LONGEST_FILTER = 20


def filters_of(given: Mapping[str, str]) -> Filters:
    """What the form asks for; a value that none of its choices has narrows nothing down."""
    until = _day(given.get("to"))
    low, high = _CONFIDENCE.get(given.get("confidence", ""), (None, None))
    return Filters(
        since=midnight(since) if (since := _day(given.get("from"))) else None,
        until=midnight(until + dt.timedelta(days=1)) if until else None,
        channel=given.get("channel") or None,
        status=given.get("status") or None,
        topic=given.get("topic") or None,
        program=given.get("program") or None,
        confidence_from=low,
        confidence_below=high,
        rating={"up": 1, "down": -1}.get(given.get("rating", "")),
        reviewed={"yes": True, "no": False}.get(given.get("reviewed", "")),
        text=given.get("q", "")[:_LONGEST_SEARCH],
    )


@routes.get("/log", Permission.TRANSCRIPTS, guide=_GUIDE)
async def listed(visit: Visit) -> web.StreamResponse:
    """A page of turns, newest first; that they were read, and what was searched, is written down."""
    given = visit.request.query
    snapshot = await visit.run(visit.console.published.read)
    names = Names.of(snapshot)
    filters = _filters(names)
    write = WRITERS.get(given.get("export", ""))
    if write is not None:
        await visit.run(visit.by.record, "export", "conversation", "*", after=_sought(given, filters))
        return await sent(visit, await _table(visit, names, filters_of(given)), write)
    await visit.run(visit.by.look, "search", "conversation", "*", _sought(given, filters))
    found = await visit.run(log.listed, filters_of(given), _cursor(given.get("after")))
    return await visit.page(
        "log.html",
        found=found,
        given=given,
        filters=filters,
        names=names,
        further=visit.request.rel_url.update_query(after=str(found.after)) if found.after else None,
        export=lambda kind: visit.request.rel_url.without_query_params("after").update_query(export=kind),
        about=lambda turn: _about(names, turn),
        words=review_words,
        statuses=STATUSES,
        channels=CHANNELS,
    )


@routes.get(_ONE, Permission.TRANSCRIPTS, guide=_GUIDE)
async def conversation(visit: Visit) -> web.StreamResponse:
    """A whole conversation; that it was opened is written down."""
    return await _conversation(visit)


@routes.post(_ONE, Permission.TRANSCRIPTS, guide=_GUIDE)
async def ask_again(visit: Visit) -> web.StreamResponse:
    """The same page, with what would be answered now to one of its questions."""
    return await _conversation(visit, again=(await visit.form()).get("turn", ""))


async def _conversation(visit: Visit, again: str | None = None) -> web.StreamResponse:
    turn_id = visit.request.match_info["id"]
    turns = await visit.run(_opened, visit.by, turn_id)
    if not turns:
        raise web.HTTPNotFound
    snapshot = await visit.run(visit.console.published.read)
    asked = next((turn for turn in turns if turn.entry.turn_id == again), None)
    return await visit.page(
        "conversation.html",
        turns=turns,
        chosen=turn_id,
        now=await _answer_now(visit, asked) if asked else None,
        asked=asked,
        told=lambda answer: review_words.told(snapshot, answer),
        words=review_words,
        channels=CHANNELS,
    )


async def _table(visit: Visit, names: Names, filters: Filters) -> Table:
    """The turns as a file holds them: what the pages show, one after the other, each in a transaction of its own."""
    rows: list[tuple[Value, ...]] = []
    after: Cursor | None = None
    while len(rows) < _MOST_EXPORTED:
        found = await visit.run(log.listed, filters, after, limit=_EXPORTED_AT_ONCE)
        rows += [
            (
                turn.asked_at,
                turn.question or "(không còn lưu)",
                STATUSES.get(turn.status or "", "đang trả lời"),
                _about(names, turn),
                None if turn.confidence is None else f"{turn.confidence * 100:.0f}%",
                review_words.RATINGS.get(turn.rating or 0, ""),
                CHANNELS.get(turn.channel, turn.channel),
                turn.reviewed_at,
            )
            for turn in found.turns
        ]
        after = found.after
        if after is None:
            break
    titles = ("Lúc", "Câu hỏi", "Kết quả", "Về việc", "Chắc chắn", "Đánh giá", "Kênh", "Xem lại")
    return Table("nhat-ky-hoi-thoai", titles, rows, more=after is not None)


def _about(names: Names, turn: log.Entry) -> str:
    """The program or topic of a turn, and what was asked of it."""
    what = names.programs.get(turn.program or "") or names.topics.get(turn.topic or "") or "–"
    return f"{what}: {review_words.ASPECTS.get(turn.aspect, turn.aspect).lower()}" if turn.aspect else what


def _opened(db: Session, by: By, turn_id: str) -> list[TurnView]:
    turns = log.conversation(db, turn_id)
    if turns:
        by.record(db, "read", "conversation", turn_id)
    return turns


async def _answer_now(visit: Visit, turn: TurnView) -> dict[str, Any]:
    """The answers of now, or why there are none."""
    if not turn.entry.question:
        return {"refused": "Lời của lượt này không còn lưu, nên không hỏi lại được.", "answers": []}
    try:
        reply = await Replay(visit.console.rasa, visit.console.clock.today()).ask(normalize(turn.entry.question))
    except RasaError as error:
        return {"refused": review_words.no_answer(error), "answers": []}
    return {
        "refused": None,
        "answers": [{"text": each.text, "answer": each.answer.model_dump(mode="json")} for each in reply.answers],
    }


def _filters(names: Names) -> list[Filter]:
    return [
        Filter("from", "Từ ngày"),
        Filter("to", "Đến ngày"),
        Filter("channel", "Kênh", list(CHANNELS.items())),
        Filter("status", "Kết quả", list(STATUSES.items())[:-1]),
        Filter("topic", "Lĩnh vực", sorted(names.topics.items(), key=lambda each: each[1])),
        Filter("program", "Chương trình", sorted(names.programs.items(), key=lambda each: each[1])),
        Filter("confidence", "Độ chắc chắn", [("low", "dưới 40%"), ("middle", "40–70%"), ("high", "từ 70%")]),
        Filter("rating", "Đánh giá", [("up", "khen"), ("down", "chê")]),
        Filter("reviewed", "Đã xem lại", [("yes", "rồi"), ("no", "chưa")]),
    ]


def _sought(given: Mapping[str, str], filters: list[Filter]) -> dict[str, str] | None:
    """What the list is narrowed down to, as the audit log tells it; nothing for all of it."""
    words = masked(given.get("q"))[:_LONGEST_SEARCH]
    parts = [f"“{words}”"] if words else []
    for each in filters:
        value = given.get(each.key)
        if value:
            parts.append(f"{each.title}: {dict(each.choices).get(value) or masked(value)[:_LONGEST_FILTER]}")
    return {"search": "; ".join(parts)} if parts else None


def _day(text: str | None) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1970 < day.year < 9999 else None


def _cursor(text: str | None) -> Cursor | None:
    try:
        return Cursor.parse(text or "")
    except (ValueError, OverflowError):
        return None
