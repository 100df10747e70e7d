"""What waits for officers, gathered for the to-do page: policy rows, change sets, and what other parts hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from sqlalchemy import column, func, inspect, or_, select, table
from sqlalchemy.orm import Session

from bot.console.listing.columns import text
from bot.console.roles import Permission, Role, may
from bot.console.units import page_of, title_of, unit_of
from bot.conversation.models import HandoverRow
from bot.conversation.retention.job import last_run
from bot.conversation.review.models import ReviewItem
from bot.knowledge.auditing.findings import Finding
from bot.knowledge.editing.changesets import Stage
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.editing.to_confirm import expiring, still_cited, unconfirmed
from bot.knowledge.editing.units import Kind
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.tables import UtcTime
from bot.knowledge.wording import day_text

MOST_NAMED = 10
REFRESH_TOKEN_LIVES = dt.timedelta(days=90)
"""How long a pair of Zalo's tokens can be renewed after the last renewal."""
AHEAD = dt.timedelta(days=14)

_SHOWN = {
    Kind.PROGRAM: "/programs/{}",
    Kind.PROVISION: "/programs/{}",
    Kind.PARAMETER: "/parameters/{}",
    Kind.LEGAL_DOCUMENT: "/documents/{}",
    Kind.FAQ: "/faq/{}",
}
"""Where units of a kind are read by everybody who may read content."""

# The table belongs to a channel, which the console does not import.
_TOKENS = table(
    "zalo_token",
    column("expires_at", UtcTime()),
    column("renewed_at", UtcTime()),
    column("problem"),
)


@dataclass(frozen=True)
class Line:
    """One thing that waits, and where it is seen to."""

    text: str
    path: str | None = None
    permission: Permission = Permission.CONTENT
    """What whoever opens ``path``, or acts on it, needs."""


@dataclass(frozen=True)
class Part:
    """A kind of thing that waits: how many, the first of them, and where all are."""

    title: str
    count: int
    about: str
    path: str | None = None
    lines: Sequence[Line] = ()
    permission: Permission = Permission.CONTENT


def gather(db: Session, snapshot: Snapshot, day: dt.date, now: dt.datetime) -> list[Part]:
    """Everything that waits, policy first."""
    waiting = unconfirmed(db)
    faqs = sum(each.kind is Kind.FAQ for each in waiting)
    return [
        Part("Dòng chưa xác nhận", len(waiting) - faqs, "Mới biết qua báo chí hoặc trí nhớ.", "/todo/confirm?faq=no"),
        Part("Câu hỏi thường gặp chưa ai duyệt", faqs, "Đọc lại rồi xác nhận.", "/todo/confirm?faq=yes"),
        _part("Quy định sắp hết hạn", "Kết thúc trong 60 ngày, chưa có quy định tiếp theo.", _ending(snapshot, day)),
        _part("Còn dẫn văn bản đã hết hiệu lực", "Thay căn cứ, hoặc kết thúc dòng ấy.", _outdated(snapshot, day)),
        _sets(db, Stage.SUBMITTED, "Lần thay đổi chờ duyệt", "Cần một người duyệt không phải người soạn."),
        _sets(db, Stage.APPROVED, "Lần thay đổi hẹn giờ công bố", "Sẽ tự công bố đúng giờ."),
        Part(
            "Câu chưa trả lời được",
            _count(db, ReviewItem.state == "open"),
            "Trong hàng chờ rà soát.",
            "/queue",
            (),
            Permission.REVIEW,
        ),
        Part(
            "Người dân chờ cán bộ",
            _count(db, HandoverRow.state == "waiting"),
            "Trong hộp thư.",
            "/inbox",
            (),
            Permission.INBOX,
        ),
        _part("Khoá Zalo cần xem lại", "Nhờ người phụ trách kỹ thuật nối lại Zalo.", _tokens(db, now), Permission.TODO),
        Part("Dọn dữ liệu cá nhân", 0, "Lần chạy gần nhất.", "/privacy", list(_retention(db)), Permission.PRIVACY),
    ]


def for_roles(parts: Sequence[Part], roles: Collection[Role]) -> list[Part]:
    """The parts that somebody with these roles sees, without links that lead them to a closed door.

    Who may read content sees everything, others what they may act on.
    """

    def path(of: Part | Line) -> str | None:
        return of.path if may(roles, of.permission) else None

    return [
        replace(part, path=path(part), lines=[replace(line, path=path(line)) for line in part.lines])
        for part in parts
        if may(roles, Permission.CONTENT) or may(roles, part.permission)
    ]


def _part(title: str, about: str, lines: Iterator[Line], permission: Permission = Permission.CONTENT) -> Part:
    found = list(lines)
    return Part(title, len(found), about, None, found[:MOST_NAMED], permission)


def _ending(snapshot: Snapshot, day: dt.date) -> Iterator[Line]:
    for key, last in expiring(snapshot, day):
        title = title_of(Kind.PROVISION, key, None, snapshot)
        yield Line(f"{title}, hết ngày {day_text(last)}", f"/programs/{key.partition('/')[0]}")


def _outdated(snapshot: Snapshot, day: dt.date) -> Iterator[Line]:
    for finding in still_cited(snapshot, day):
        yield line_of(finding, snapshot)


def line_of(finding: Finding, snapshot: Snapshot) -> Line:
    """What an audit found, with the row called as officers do."""
    kind, key = unit_of(finding.row)
    text = f"{title_of(kind, key, None, snapshot)}: {finding.wrong}"
    if kind not in _SHOWN:
        return Line(text, page_of(kind, key), Permission.EDIT)
    return Line(text, _SHOWN[kind].format(quote(key.partition("/")[0] if kind is Kind.PROVISION else key, safe="")))


def _sets(db: Session, stage: Stage, title: str, about: str) -> Part:
    of_stage = ChangeSetRecord.state == stage.value
    newest = select(ChangeSetRecord.id, ChangeSetRecord.title, ChangeSetRecord.publish_at).where(of_stage)
    lines = [
        Line(f"{name}{', lúc ' + text(due) if due else ''}", f"/changes/{number}")
        for number, name, due in db.execute(newest.order_by(ChangeSetRecord.id.desc()).limit(MOST_NAMED))
    ]
    return Part(title, _count(db, of_stage), about, f"/changes?state={stage.value}", lines)


def _count(db: Session, condition: object) -> int:
    return db.scalar(select(func.count()).where(condition)) or 0  # type: ignore[arg-type]  # a column expression


def _tokens(db: Session, now: dt.datetime) -> Iterator[Line]:
    if not inspect(db.connection()).has_table(_TOKENS.name):
        return
    old = _TOKENS.c.renewed_at < now - REFRESH_TOKEN_LIVES + AHEAD
    wanted = select(_TOKENS).where(or_(_TOKENS.c.problem.is_not(None), _TOKENS.c.expires_at < now, old))
    for row in db.execute(wanted):
        last = text(row.renewed_at + REFRESH_TOKEN_LIVES)
        yield Line(
            f"Hết hạn làm mới lúc {last}" + (f"; lần làm mới gần nhất lỗi: {row.problem}" if row.problem else "")
        )


def _retention(db: Session) -> Iterator[Line]:
    run = last_run(db)
    if run is None:
        yield Line("Chưa chạy lần nào.")
    elif run.problem:
        yield Line(f"Ngày {day_text(run.day)} dừng vì lỗi: {run.problem}")
    elif run.ended_at is None:
        yield Line(f"Đang chạy từ {text(run.started_at)}.")
    else:
        yield Line(f"Xong lúc {text(run.ended_at)}, {sum(run.done.values())} dòng.")
