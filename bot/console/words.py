"""What acts, kinds of things, fields and values of the audit log are called in the console."""

from __future__ import annotations

import datetime as dt
import re

from bot.console.listing.columns import text
from bot.console.review_words import VERDICTS
from bot.console.roles import Role
from bot.knowledge.editing.units import KINDS as UNITS

ACTIONS = {
    "activate": "Cho hoạt động lại",
    "change": "Sửa",
    "change_password": "Đổi mật khẩu",
    "create": "Tạo",
    "deactivate": "Ngừng hoạt động",
    "export": "Xuất danh sách",
    "reset_password": "Đặt lại mật khẩu",
    "second_step_off": "Tắt xác thực hai bước",
    "second_step_on": "Bật xác thực hai bước",
    "sign_in": "Đăng nhập",
    "sign_in_failed": "Đăng nhập không thành công",
    "sign_out": "Đăng xuất",
    "unlock": "Mở khoá",
    "approve": "Duyệt",
    "confirm": "Xác nhận",
    "draft": "Soạn",
    "drop": "Bỏ khỏi bản soạn",
    "publish": "Công bố",
    "rebase": "Lấy bản mới làm gốc",
    "rename": "Đổi tên",
    "reopen": "Mở lại",
    "reject": "Trả lại",
    "submit": "Gửi duyệt",
    "switch_off": "Tắt trả lời",
    "switch_on": "Bật trả lời",
    "withdraw": "Rút lại",
}
KINDS = {
    "handover": "Hộp thư",
    "officer": "Cán bộ",
    "assistant": "Trợ lý",
    "change_set": "Lần thay đổi",
    **{kind.value: spec.called.capitalize() for kind, spec in UNITS.items()},
}
ACTIONS |= {
    "back": "Quay lại bản trước",
    "claim": "Nhận",
    "decide": "Quyết định",
    "export": "Xuất",
    "finish": "Làm xong",
    "judge": "Chấm đúng, sai",
    "merge": "Gộp",
    "promote": "Đưa vào dùng",
    "read": "Đọc",
    "release": "Trả lại",
    "remove": "Bỏ",
    "run": "Chạy lại",
    "search": "Tìm",
    "stop": "Dừng",
    "train": "Huấn luyện",
}
KINDS |= {
    "conversation": "Cuộc trò chuyện",
    "learned_phrase": "Câu đã dạy",
    "model": "Mô hình",
    "person": "Dữ liệu của một người",
    "report": "Báo cáo",
    "regression_case": "Câu kiểm tra",
    "review_item": "Mục cần xem lại",
    "sample": "Mẫu đánh giá",
    "task": "Việc giao biên tập",
    "training_run": "Lần huấn luyện",
}
FIELDS = {
    "failures": "Số lần đăng nhập sai",
    "locked_until": "Khoá đến",
    "name": "Họ tên",
    "roles": "Vai trò",
    "message": "Lời nhắn cho người dân",
    "reason": "Lý do",
    "value": "Nội dung",
}
FIELDS |= {
    "decision": "Quyết định",
    "failed": "Chưa đúng",
    "into": "Gộp vào mục",
    "model": "Mô hình",
    "passed": "Đúng",
    "phrases": "Số câu đã dạy",
    "right": "Trả lời đúng",
    "run": "Lần huấn luyện",
    "search": "Đã tìm",
    "since": "Từ",
    "size": "Số câu",
    "target": "Dẫn tới",
    "text": "Câu",
    "turn": "Lượt hỏi",
    "until": "Đến",
    "why": "Vì sao",
}

VALUES = {"roles": {role.value: role.label for role in Role}}
VALUES |= {"decision": VERDICTS}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d[0-9:.]*\+\d\d:\d\d")


def action(name: str) -> str:
    """The act in Vietnamese, else its own name."""
    return ACTIONS.get(name, name)


def kind(name: str) -> str:
    """The kind of thing in Vietnamese, else its own name."""
    return KINDS.get(name, name)


def field(name: str) -> str:
    """The field in Vietnamese, else its own name."""
    return FIELDS.get(name, name)


def value(field_name: str, name: str) -> str:
    """A value of a field in Vietnamese, a moment as officers read it, else the value itself."""
    if _MOMENT.fullmatch(name):
        return text(dt.datetime.fromisoformat(name))
    return VALUES.get(field_name, {}).get(name, name)
