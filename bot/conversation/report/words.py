"""How figures are written in a Vietnamese report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.figures.counts import TALK
from bot.conversation.figures.figures import Part
from bot.conversation.figures.periods import Period
from bot.knowledge.snapshot import Snapshot

NOTHING = "–"
"""Where there is no figure, such as a share of nothing."""

STATUSES: dict[str, str] = {
    "answered": "Đã trả lời",
    "asked_back": "Hỏi lại để xét điều kiện",
    "clarify": "Hỏi lại cho rõ ý",
    "not_covered": "Chưa có dữ liệu để trả lời",
    "out_of_scope": "Ngoài phạm vi",
    "blocked": "Bị chặn (thô tục, phá hoại)",
    "handed_over": "Chuyển cán bộ",
    "unavailable": "Hệ thống tạm ngừng",
    "error": "Lỗi hệ thống",
    TALK: "Chào hỏi, thao tác",
}
DECISIONS: dict[str, str] = {
    "leads_to": "Trợ lý hiểu sai: đã dạy lại",
    "out_of_scope": "Ngoài phạm vi mà trợ lý không biết: đã dạy lại",
    "new_faq": "Chưa có câu trả lời: đã giao soạn",
    "policy_wrong": "Dữ liệu chính sách sai: đã giao sửa",
    "right": "Trả lời như vậy là đúng",
    "unusable": "Không dùng được (vô nghĩa, thử máy)",
}
CHANNELS: dict[str, str] = {"web": "Trang web", "zalo_oa": "Zalo Official Account", "zalo_bot": "Zalo Bot"}


@dataclass(frozen=True)
class Names:
    """The names of topics, programs and communes by id; what has gone from the rows keeps its id."""

    topics: Mapping[str, str]
    programs: Mapping[str, str]
    communes: Mapping[str, str]

    @classmethod
    def of(cls, snapshot: Snapshot) -> Names:
        """The names of the published rows."""
        return cls(
            topics={topic.id: topic.name for topic in snapshot.topics.values()},
            programs={program.id: program.name for program in snapshot.programs.values()},
            communes={commune.code: commune.name for commune in snapshot.communes.values()},
        )


def number(value: int) -> str:
    """1234567 as "1.234.567"."""
    return f"{value:,}".replace(",", ".")


def percent(share: float | None) -> str:
    """0.8549 as "85,5%"; ``None`` as a dash."""
    return NOTHING if share is None else f"{decimal(share * 100, 1)}%"


def part(given: Part) -> str:
    """A part with its share: "120/150 (80,0%)"."""
    return f"{number(given.number)}/{number(given.total)} ({percent(given.share)})"


def decimal(value: float, places: int) -> str:
    """1.234 as "1,23"."""
    return f"{value:.{places}f}".replace(".", ",")


def change(now: int, before: int) -> str:
    """By how much a number has grown or shrunk."""
    if now == before:
        return "không đổi"
    word = "tăng" if now > before else "giảm"
    share = "" if not before else f" ({percent(abs(now - before) / before)})"
    return f"{word} {number(abs(now - before))}{share}"


def period(given: Period) -> str:
    """ "tháng 10 năm 2026", "quý IV năm 2026", "năm 2026", "tuần từ 05/10/2026 đến 11/10/2026", "ngày 05/10/2026"."""
    match given.kind:
        case "month":
            return f"tháng {given.first.month} năm {given.first.year}"
        case "quarter":
            return f"quý {('I', 'II', 'III', 'IV')[given.first.month // 3]} năm {given.first.year}"
        case "year":
            return f"năm {given.first.year}"
        case "week":
            return f"tuần từ {given.first:%d/%m/%Y} đến {given.last:%d/%m/%Y}"
        case "day":
            return f"ngày {given.first:%d/%m/%Y}"


def long_day(day: dt.date) -> str:
    """ "ngày 05 tháng 11 năm 2026": days below ten and the first two months get a nought, as documents are dated."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
