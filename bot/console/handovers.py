"""A citizen's request as a page shows it, with everything in words."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console import people
from bot.console.models import OfficerRow
from bot.console.parts import Console
from bot.console.people import Officer
from bot.console.roles import Permission, may
from bot.conversation.handover import acts, circumstances, notes, officers
from bot.conversation.handover.officers import Request
from bot.conversation.mail.outbox import Fate
from bot.conversation.messages import Message
from bot.conversation.models import HandoverAudit, HandoverRow
from bot.knowledge.case import Case
from bot.knowledge.wording import fact_text

CHANNELS = {"web": "Trang web", "zalo_oa": "Zalo", "zalo_bot": "Zalo (bot)"}
ACTS = {
    "claim": "Nhận",
    "close": "Đóng",
    "export": "Xuất dữ liệu của người dân",
    "note": "Ghi chú",
    "pass_on": "Chuyển cho người khác",
    "phone": "Xem số điện thoại",
    "read": "Xem cuộc trò chuyện",
    "release": "Trả lại hàng chờ",
    "reply": "Trả lời",
}
_ROLES = {"citizen": "Người dân", "bot": "Trợ lý", "officer": "Cán bộ"}
_KEPT = "Đã vào cuộc trò chuyện. Người dân thấy ngay nếu đang mở trang, nếu không thì khi mở lại."
_LOST = "Chưa vào được hàng gửi. Hãy báo người phụ trách kỹ thuật; có thể gọi điện nếu người dân để lại số."
_FATES = {
    Fate.SENT: "Đã gửi tới người dân.",
    Fate.UNDER_WAY: "Đang gửi.",
    Fate.HELD: (
        "Chưa gửi được: người dân đã lâu không nhắn nên Zalo không cho gửi, hoặc kênh đang tạm ngừng. "
        "Tin sẽ tự đi khi gửi được. Nếu gấp, hãy gọi điện nếu người dân để lại số."
    ),
    Fate.UNCLEAR: "Chưa rõ đã tới chưa, đang chờ Zalo xác nhận.",
    Fate.DROPPED: "Không gửi được tới người dân. Hãy gọi điện nếu người dân để lại số.",
}


@dataclass(frozen=True)
class Line:
    """One message, or a note; ``delivery`` says what became of an officer's message."""

    role: str
    who: str
    text: str
    at: dt.datetime
    delivery: str = ""


@dataclass(frozen=True)
class Done:
    """What an officer did, ``times`` in a row, the last time ``at``."""

    officer: str
    action: str
    at: dt.datetime
    times: int


@dataclass(frozen=True)
class Sheet:
    """A request as one officer may see it.

    ``mine`` says that they have claimed it, ``readable`` that the conversation and its ``facts`` are here.
    ``colleagues`` are pairs of login and name to pass it on to. ``mark`` changes with what may change by itself.
    """

    request: Request
    state: str
    channel: str
    due: dt.datetime
    holder: str | None
    mine: bool
    manages: bool
    readable: bool
    talk: Sequence[Line]
    facts: Sequence[str]
    notes: Sequence[Line]
    acts: Sequence[Done]
    colleagues: Sequence[tuple[str, str]]
    draft: str

    @property
    def mark(self) -> str:
        """A hash of what others may change while the page is open."""
        shown = repr((self.state, self.holder, self.talk))
        return hashlib.sha256(shown.encode()).hexdigest()[:16]


def state_of(row: HandoverRow | Request, overdue_since: dt.datetime) -> str:
    """How far a request is, and whether it ought to be answered by now."""
    match row.state:
        case "closed":
            return "Đã đóng" if row.claimed_by else "Người dân đã rút"
        case "claimed" if row.answered_at:
            return "Đã trả lời"
    state = "Đã nhận" if row.state == "claimed" else "Đang chờ"
    late = row.answered_at is None and row.requested_at < overdue_since
    return f"{state}, quá hạn" if late else state


def names(db: Session) -> dict[str, str]:
    """Officers' names by login."""
    return {row.login: row.name for row in db.execute(select(OfficerRow.login, OfficerRow.name))}


def read_sheet(db: Session, code: str, console: Console, officer: Officer, *, look: bool, quiet: bool = False) -> Sheet:
    """The request; raises ``RequestUnknownError``.

    Who has claimed it sees the conversation; others see it who may and ask to ``look``. The look is written down,
    unless it is a ``quiet`` one for what is new since.
    """
    request = officers.read(db, code)
    mine = request.claimed_by == officer.login and request.state == "claimed"
    readable = mine or (look and may(officer.roles, Permission.TRANSCRIPTS))
    if readable and not quiet:
        acts.write_down_look(db, code, officer.login, console.clock.now())
        db.flush()
    known = names(db)
    colleagues = [
        (each.login, each.name)
        for each in people.everyone(db)
        if each.active and may(each.roles, Permission.INBOX) and each.login != request.claimed_by
    ]
    return Sheet(
        request=request,
        state=state_of(request, console.standing.overdue_since(console.clock.now())),
        channel=CHANNELS.get(request.channel, request.channel),
        due=console.standing.due(request.requested_at),
        holder=known.get(request.claimed_by, request.claimed_by) if request.claimed_by else None,
        mine=mine,
        manages=may(officer.roles, Permission.INBOX_OTHERS),
        readable=readable,
        talk=_talk(db, request) if readable else (),
        facts=_facts(db, code, console) if readable else (),
        notes=[
            Line("officer", known.get(each.officer, each.officer), each.text, each.at)
            for each in notes.of_request(db, code)
        ],
        acts=done(acts.of_request(db, code), known),
        colleagues=colleagues,
        draft=notes.draft(db, code, officer.login),
    )


def done(rows: Sequence[HandoverAudit], known: Mapping[str, str]) -> list[Done]:
    """Acts in words, the same ones in a row as one."""
    found = []
    for (officer, action), several in groupby(rows, key=lambda row: (row.officer, row.action)):
        times = [row.at for row in several]
        found.append(Done(known.get(officer, officer), ACTS.get(action, action), times[0], len(times)))
    return found


def _talk(db: Session, request: Request) -> list[Line]:
    messages = circumstances.conversation(db, request.code)
    fates = circumstances.fates(db, request.code, [message for message in messages if message.role == "officer"])
    return [
        Line(
            message.role,
            _ROLES[message.role],
            message.text,
            message.sent_at,
            _delivery(message, request.channel, fates) if message.role == "officer" else "",
        )
        for message in messages
    ]


def _delivery(message: Message, channel: str, fates: Mapping[str, Fate]) -> str:
    if channel == "web":
        return _KEPT
    return _FATES[fates[message.id]] if message.id in fates else _LOST


def _facts(db: Session, code: str, console: Console) -> list[str]:
    snapshot = console.published.read(db)
    case = Case.from_json(circumstances.case_data(db, code))
    day = console.clock.today()
    # A fact that is no longer published has no words.
    stated = {key: value for key, value in case.facts.items() if key[1] in snapshot.facts}
    return [fact_text(key, value, snapshot, day) for key, value in stated.items()]
