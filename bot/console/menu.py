"""The menu: one entry for each part of the console, in sections, shown to whoever may use it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.console.models import OfficerRow
from bot.console.parts import PREFIX
from bot.console.roles import Permission, Role, may
from bot.conversation.handover.officers import count_waiting
from bot.conversation.retraining import choice
from bot.conversation.review import queue, tasks
from bot.knowledge.editing.changesets import Stage
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.tables import SwitchRecord

Count = Callable[[Session, dt.datetime], int]


class Section(Enum):
    """A group of entries that open together."""

    CONTENT = "Nội dung"
    TALKS = "Hội thoại"
    OFFICE = "Quản trị"


@dataclass(frozen=True)
class Entry:
    """A part of the console; ``count`` says cheaply how much waits there, ``waiting`` what it counts.

    An entry of no ``section`` stands beside the sections. ``also`` are other addresses whose pages belong to it.
    """

    title: str
    path: str
    section: Section | None
    permission: Permission
    about: str
    count: Count | None = None
    waiting: str = ""
    also: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Where a link leads."""
        return PREFIX + self.path

    def holds(self, address: str) -> bool:
        """Whether the page at ``address`` is part of it."""
        return any(f"{address}/".startswith(f"{PREFIX}{path}/") for path in (self.path, *self.also))


@dataclass(frozen=True)
class Group:
    """What opens together in the menu; without a title, one entry that stands for itself."""

    title: str | None
    entries: tuple[Entry, ...]

    def holds(self, address: str) -> bool:
        """Whether the page at ``address`` is part of it."""
        return any(entry.holds(address) for entry in self.entries)

    def waiting(self, counts: Mapping[str, int]) -> int:
        """How much waits in all of it."""
        return sum(counts.get(entry.path, 0) for entry in self.entries)


def _locked(db: Session, now: dt.datetime) -> int:
    return db.scalar(select(func.count()).where(OfficerRow.active, OfficerRow.locked_until > now)) or 0


def _off(db: Session, _now: dt.datetime) -> int:
    return db.scalar(select(func.count()).select_from(SwitchRecord)) or 0


def _submitted(db: Session, _now: dt.datetime) -> int:
    waiting = ChangeSetRecord.state == Stage.SUBMITTED.value
    return db.scalar(select(func.count()).select_from(ChangeSetRecord).where(waiting)) or 0


def _waiting(db: Session, _now: dt.datetime) -> int:
    return count_waiting(db)


def _to_review(db: Session, _now: dt.datetime) -> int:
    return queue.waiting(db)


def _to_mend(db: Session, _now: dt.datetime) -> int:
    return tasks.waiting(db)


def _passed(db: Session, _now: dt.datetime) -> int:
    return choice.waiting(db)


MENU = (
    Entry(
        "Việc cần làm", "/todo", None, Permission.TODO,
        "Những gì chờ xác nhận, sắp hết hạn, chờ duyệt, chờ trả lời.",
    ),
    Entry(
        "Câu hỏi", "/faq", Section.CONTENT, Permission.CONTENT,
        "Câu hỏi thường gặp: tìm, xem lịch sử, thêm, sửa, bỏ.",
        also=("/new-faq",),
    ),
    Entry(
        "Chương trình", "/programs", Section.CONTENT, Permission.CONTENT,
        "Điều kiện, mức hưởng, giấy tờ, các bước, theo thời gian.",
        also=("/provisions", "/new-program"),
    ),
    Entry(
        "Tham số", "/parameters", Section.CONTENT, Permission.CONTENT,
        "Con số dùng chung: lương cơ sở, chuẩn nghèo, lãi suất …",
        also=("/values", "/new-parameter"),
    ),
    Entry(
        "Văn bản", "/documents", Section.CONTENT, Permission.CONTENT,
        "Văn bản làm căn cứ; thay văn bản cũ bằng văn bản mới.",
        also=("/new-document",),
    ),
    Entry(
        "Nơi liên hệ", "/offices", Section.CONTENT, Permission.CONTENT,
        "Cơ quan mà trợ lý chỉ người dân tới hỏi.",
        also=("/new-office", "/topics"),
    ),
    Entry(
        "Thông tin", "/facts", Section.CONTENT, Permission.EDIT,
        "Những gì trợ lý hỏi người dân, bằng lời nào.",
        also=("/new-fact",),
    ),
    Entry(
        "Excel", "/excel", Section.CONTENT, Permission.CONTENT,
        "Tải các bảng về Excel, sửa ở đó rồi nhập lại; nhập danh sách hỏi đáp từ Word, CSV.",
    ),
    Entry(
        "Lần thay đổi", "/changes", Section.CONTENT, Permission.CONTENT,
        "Những gì đang soạn, chờ duyệt, hẹn giờ và đã công bố; khôi phục như trước.",
        _submitted, "lần thay đổi chờ duyệt",
    ),
    Entry(
        "Hộp thư", "/inbox", Section.TALKS, Permission.INBOX,
        "Trả lời người dân muốn gặp cán bộ.",
        _waiting, "câu hỏi đang chờ",
    ),
    Entry(
        "Cần xem lại", "/queue", Section.TALKS, Permission.REVIEW,
        "Những câu trợ lý có thể đã trả lời chưa đúng: xem, quyết định, dạy lại.",
        _to_review, "mục chờ xem lại",
    ),
    Entry(
        "Việc cần sửa", "/tasks", Section.TALKS, Permission.TASKS,
        "Người xem lại giao: dữ liệu sai cần sửa, mục hỏi đáp cần soạn.",
        _to_mend, "việc chưa xong",
    ),
    Entry(
        "Nhật ký hội thoại", "/log", Section.TALKS, Permission.TRANSCRIPTS,
        "Tìm và đọc các cuộc trò chuyện đã che số giấy tờ, số điện thoại.",
    ),
    Entry(
        "Câu kiểm tra", "/cases", Section.TALKS, Permission.REVIEW,
        "Những câu từng trả lời sai; chạy lại để biết nay đã đúng chưa.",
        also=("/learned",),
    ),
    Entry(
        "Mẫu đánh giá", "/samples", Section.TALKS, Permission.REVIEW,
        "Rút ngẫu nhiên câu trả lời và chấm đúng, sai.",
    ),
    Entry(
        "Huấn luyện", "/training", Section.TALKS, Permission.TRAIN,
        "Huấn luyện mô hình mới từ những câu đã dạy, so với mô hình đang dùng rồi mới đưa vào dùng.",
        _passed, "mô hình mới đã đạt, chờ quyết định",
    ),
    Entry(
        "Số liệu, báo cáo", "/figures", None, Permission.FIGURES,
        "Số liệu theo kỳ, so với kỳ trước; tải báo cáo định kỳ.",
    ),
    Entry(
        "Tắt, bật trả lời", "/switches", Section.OFFICE, Permission.SWITCH,
        "Tạm ngừng trả lời về một chương trình, một chủ đề hoặc tất cả, kèm lời nhắn cho người dân.",
        _off, "phần đang tắt",
    ),
    Entry(
        "Người dùng", "/officers", Section.OFFICE, Permission.PEOPLE,
        "Thêm cán bộ, giao vai trò, đặt lại mật khẩu, mở khoá.",
        _locked, "tài khoản đang bị khoá",
        also=("/new-officer",),
    ),
    Entry(
        "Dữ liệu cá nhân", "/privacy", Section.OFFICE, Permission.PRIVACY,
        "Lần xoá dữ liệu cũ gần nhất; xuất dữ liệu của một người.",
    ),
    Entry(
        "Nhật ký", "/audit", Section.OFFICE, Permission.AUDIT,
        "Ai đã thay đổi gì, lúc nào, trước và sau ra sao.",
    ),
)  # fmt: skip


def entries_for(roles: Collection[Role]) -> tuple[Entry, ...]:
    """What an officer with these roles may use, in order."""
    return tuple(entry for entry in MENU if may(roles, entry.permission))


def groups_of(entries: Sequence[Entry]) -> tuple[Group, ...]:
    """The entries as the menu shows them, in order."""
    groups: list[Group] = []
    for section, found in groupby(entries, key=lambda entry: entry.section):
        if section is None:
            groups += [Group(None, (entry,)) for entry in found]
        else:
            groups.append(Group(section.value, tuple(found)))
    return tuple(groups)


def counts(db: Session, entries: Sequence[Entry], now: dt.datetime) -> dict[str, int]:
    """How much waits behind each entry, by its path; entries without anything are left out."""
    found = {entry.path: entry.count(db, now) for entry in entries if entry.count}
    return {path: count for path, count in found.items() if count}
