"""The menu: one entry for each part of the console, shown to whoever may use it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.console.models import OfficerRow
from bot.console.parts import PREFIX
from bot.console.people import Officer
from bot.console.roles import Permission, may
from bot.conversation.handover.officers import count_waiting
from bot.conversation.review import queue, tasks
from bot.knowledge.editing.changesets import Stage
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.tables import SwitchRecord

Count = Callable[[Session, dt.datetime], int]


@dataclass(frozen=True)
class Entry:
    """A part of the console; ``count`` says cheaply how much waits there, ``waiting`` what it counts."""

    title: str
    path: str
    permission: Permission
    about: str
    count: Count | None = None
    waiting: str = ""

    @property
    def address(self) -> str:
        """Where a link leads."""
        return PREFIX + self.path


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


MENU = (
    Entry("Việc cần làm", "/todo", Permission.CONTENT, "Những gì chờ xác nhận, sắp hết hạn, chờ duyệt, chờ trả lời."),
    Entry("Tham số", "/parameters", Permission.CONTENT, "Con số dùng chung: lương cơ sở, chuẩn nghèo, lãi suất …"),
    Entry("Chương trình", "/programs", Permission.CONTENT, "Điều kiện, mức hưởng, giấy tờ, các bước, theo thời gian."),
    Entry("Thông tin", "/facts", Permission.EDIT, "Những gì trợ lý hỏi người dân, bằng lời nào."),
    Entry("Văn bản", "/documents", Permission.CONTENT, "Văn bản làm căn cứ; thay văn bản cũ bằng văn bản mới."),
    Entry("Nơi liên hệ", "/offices", Permission.CONTENT, "Cơ quan mà trợ lý chỉ người dân tới hỏi."),
    Entry(
        "Câu hỏi",
        "/faq",
        Permission.CONTENT,
        "Câu hỏi thường gặp: tìm, xem lịch sử, thêm, sửa, bỏ.",
    ),
    Entry(
        "Lần thay đổi",
        "/changes",
        Permission.CONTENT,
        "Những gì đang soạn, chờ duyệt, hẹn giờ và đã công bố; khôi phục như trước.",
        _submitted,
        "lần thay đổi chờ duyệt",
    ),
    Entry(
        "Tắt, bật trả lời",
        "/switches",
        Permission.SWITCH,
        "Tạm ngừng trả lời về một chương trình, một chủ đề hoặc tất cả, kèm lời nhắn cho người dân.",
        _off,
        "phần đang tắt",
    ),
    Entry(
        "Hộp thư",
        "/inbox",
        Permission.INBOX,
        "Trả lời người dân muốn gặp cán bộ.",
        _waiting,
        "câu hỏi đang chờ",
    ),
    Entry(
        "Excel",
        "/excel",
        Permission.CONTENT,
        "Tải các bảng về Excel, sửa ở đó rồi nhập lại; nhập danh sách hỏi đáp từ Word, CSV.",
    ),
    Entry(
        "Người dùng",
        "/officers",
        Permission.PEOPLE,
        "Thêm cán bộ, giao vai trò, đặt lại mật khẩu, mở khoá.",
        _locked,
        "tài khoản đang bị khoá",
    ),
    Entry(
        "Cần xem lại",
        "/queue",
        Permission.REVIEW,
        "Những câu trợ lý có thể đã trả lời chưa đúng: xem, quyết định, dạy lại.",
        _to_review,
        "mục chờ xem lại",
    ),
    Entry(
        "Việc cần sửa",
        "/tasks",
        Permission.TASKS,
        "Người xem lại giao: dữ liệu sai cần sửa, mục hỏi đáp cần soạn.",
        _to_mend,
        "việc chưa xong",
    ),
    Entry(
        "Nhật ký hội thoại",
        "/log",
        Permission.TRANSCRIPTS,
        "Tìm và đọc các cuộc trò chuyện đã che thông tin cá nhân.",
    ),
    Entry(
        "Câu kiểm tra", "/cases", Permission.REVIEW, "Những câu từng trả lời sai; chạy lại để biết nay đã đúng chưa."
    ),
    Entry("Mẫu đánh giá", "/samples", Permission.REVIEW, "Rút ngẫu nhiên câu trả lời và chấm đúng, sai."),
    Entry("Số liệu, báo cáo", "/figures", Permission.FIGURES, "Số liệu theo kỳ, so với kỳ trước; tải báo cáo định kỳ."),
    Entry(
        "Dữ liệu cá nhân", "/privacy", Permission.PRIVACY, "Lần xoá dữ liệu cũ gần nhất; xuất dữ liệu của một người."
    ),
    Entry("Nhật ký", "/audit", Permission.AUDIT, "Ai đã thay đổi gì, lúc nào, trước và sau ra sao."),
)


def entries_for(officer: Officer) -> tuple[Entry, ...]:
    """What the officer may use, in order."""
    return tuple(entry for entry in MENU if may(officer.roles, entry.permission))


def counts(db: Session, entries: Sequence[Entry], now: dt.datetime) -> dict[str, int]:
    """How much waits behind each entry, by its path; entries without anything are left out."""
    found = {entry.path: entry.count(db, now) for entry in entries if entry.count}
    return {path: count for path, count in found.items() if count}
