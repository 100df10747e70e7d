"""The FAQ entries as their list shows them: published, archived, and those that are only drafted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console.changing import STAGES
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.knowledge.editing.changesets import Stage
from bot.knowledge.editing.tables import ChangeRecord, ChangeSetRecord
from bot.knowledge.editing.units import Kind
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.tables import FaqEntryRecord
from bot.knowledge.words import ASPECT, EVIDENCE
from bot.text.fold import fold

STANDINGS: Mapping[str, str] = {
    "live": "Đang trả lời",
    "later": "Chưa đến ngày",
    "over": "Lưu trữ: hết hạn",
    "removed": "Lưu trữ: đã bỏ",
    "new": "Mới, chưa công bố",
}
_OPEN = (Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED)


@dataclass(frozen=True)
class Drafted:
    """An open change set that touches an entry."""

    change_set: int
    title: str
    author: str
    stage: str
    question: str | None


@dataclass(frozen=True)
class Line:
    """An entry in the list; topic and program by name."""

    key: str
    question: str
    phrasings: str
    answer: str
    topic: str
    program: str
    aspect: str
    evidence: str
    standing: str
    applies_from: dt.date | None
    applies_to: dt.date | None
    confirmed: str | None
    drafts: Sequence[Drafted]


def standing_of(record: FaqEntryRecord, today: dt.date) -> str:
    """Whether an entry is answered with on ``today``; a key of ``STANDINGS``."""
    if not record.published:
        return "removed"
    if record.applies_to is not None and record.applies_to < today:
        return "over"
    return "later" if record.applies_from is not None and record.applies_from > today else "live"


def drafts_of(db: Session) -> dict[str, list[Drafted]]:
    """The open change sets that touch entries, by the entry's key, newest first."""
    rows = db.execute(
        select(ChangeRecord.key, ChangeRecord.content, ChangeSetRecord.id, ChangeSetRecord.title)
        .add_columns(ChangeSetRecord.author, ChangeSetRecord.state)
        .join(ChangeSetRecord)
        .where(ChangeRecord.kind == Kind.FAQ.value, ChangeSetRecord.state.in_([stage.value for stage in _OPEN]))
        .order_by(ChangeSetRecord.id.desc())
    )
    found: dict[str, list[Drafted]] = {}
    for key, content, number, title, author, state in rows:
        question = (content or {}).get("question")
        found.setdefault(key, []).append(Drafted(number, title, author, state, question))
    return found


def lines(db: Session, today: dt.date) -> list[Line]:
    """All entries."""
    drafts = drafts_of(db)
    records = db.scalars(select(FaqEntryRecord)).all()
    found = [
        Line(
            key=record.id,
            question=record.question,
            phrasings=" · ".join(record.phrasings),
            answer=record.answer,
            topic=record.topic_id,
            program=record.program_id or "",
            aspect=record.aspect,
            evidence=record.evidence,
            standing=standing_of(record, today),
            applies_from=record.applies_from,
            applies_to=record.applies_to,
            confirmed=record.confirmed_by,
            drafts=drafts.get(record.id, ()),
        )
        for record in records
    ]
    known = {record.id for record in records}
    for key, sets in drafts.items():
        if key not in known:
            question = sets[0].question or key
            found.append(Line(key, question, "", "", "", "", "", "", "new", None, None, None, sets))
    return found


def listing(snapshot: Snapshot, today: dt.date) -> Listing[Line]:
    """The list, with names and filters of what is published now."""
    topics = sorted(((each.id, each.name) for each in snapshot.topics.values()), key=lambda each: fold(each[1]))
    cited = {faq.program for faq in snapshot.faqs.values()}
    programs = sorted(
        ((each.id, each.name) for each in snapshot.programs.values() if each.id in cited),
        key=lambda each: fold(each[1]),
    )
    names = dict((*topics, *((each.id, each.name) for each in snapshot.programs.values())))
    return Listing(
        "cau-hoi",
        columns=(
            Column("question", "Câu hỏi", lambda one: one.question, link=_page),
            Column("topic", "Chủ đề", lambda one: names.get(one.topic, one.topic)),
            Column("program", "Chương trình", lambda one: names.get(one.program, one.program)),
            Column("aspect", "Hỏi về", lambda one: ASPECT.get(one.aspect, "")),
            Column("evidence", "Mức tin cậy", lambda one: EVIDENCE.get(one.evidence, "")),
            Column("confirmed", "Người duyệt", lambda one: one.confirmed),
            Column("standing", "Tình trạng", lambda one: STANDINGS[one.standing]),
            Column("draft", "Đang thay đổi", lambda one: ", ".join(STAGES[each.stage] for each in one.drafts)),
            Column("from", "Từ ngày", lambda one: one.applies_from, shown=False),
            Column("to", "Đến ngày", lambda one: one.applies_to, shown=False),
            Column("phrasings", "Cách hỏi khác", lambda one: one.phrasings, shown=False),
            Column("answer", "Câu trả lời", lambda one: one.answer, shown=False),
            Column("key", "Mã", lambda one: one.key, shown=False),
        ),
        rows=MemoryRows(
            lambda db: lines(db, today),
            {
                "topic": lambda one, value: one.topic == value,
                "program": lambda one, value: one.program == value,
                "aspect": lambda one, value: one.aspect == value,
                "evidence": lambda one, value: one.evidence == value,
                "state": _stands,
            },
        ),
        order="question",
        filters=(
            Filter("topic", "Chủ đề", topics),
            Filter("program", "Chương trình", programs),
            Filter("aspect", "Hỏi về", [*ASPECT.items()]),
            Filter("evidence", "Mức tin cậy", [*EVIDENCE.items()]),
            Filter(
                "state",
                "Tình trạng",
                [
                    *STANDINGS.items(),
                    ("unconfirmed", "Chưa ai duyệt"),
                    *((stage.value, f"Có bản: {STAGES[stage].lower()}") for stage in _OPEN),
                ],
            ),
        ),
    )


def _stands(one: Line, value: str) -> bool:
    if value == "unconfirmed":
        return one.confirmed is None and one.standing != "new"
    return value == one.standing or any(value == each.stage for each in one.drafts)


def _page(one: Line) -> str:
    return f"/changes/{one.drafts[0].change_set}" if one.standing == "new" else f"/faq/{one.key}"
