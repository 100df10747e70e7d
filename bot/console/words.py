"""What acts, kinds of things and fields of the audit log are called in the console."""

from __future__ import annotations

ACTIONS = {
    "activate": "Cho hoạt động lại",
    "change": "Sửa",
    "change_password": "Đổi mật khẩu",
    "create": "Tạo",
    "deactivate": "Ngừng hoạt động",
    "reset_password": "Đặt lại mật khẩu",
    "second_step_off": "Tắt xác thực hai bước",
    "second_step_on": "Bật xác thực hai bước",
    "sign_in": "Đăng nhập",
    "sign_in_failed": "Đăng nhập không thành công",
    "sign_out": "Đăng xuất",
    "unlock": "Mở khoá",
}
KINDS = {"officer": "Cán bộ"}
FIELDS = {
    "failures": "Số lần đăng nhập sai",
    "locked_until": "Khoá đến",
    "name": "Họ tên",
    "roles": "Vai trò",
}


def action(name: str) -> str:
    """The act in Vietnamese, else its own name."""
    return ACTIONS.get(name, name)


def kind(name: str) -> str:
    """The kind of thing in Vietnamese, else its own name."""
    return KINDS.get(name, name)


def field(name: str) -> str:
    """The field in Vietnamese, else its own name."""
    return FIELDS.get(name, name)
