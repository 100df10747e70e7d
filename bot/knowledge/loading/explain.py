"""What pydantic says about a file, in words for the officer who wrote it."""

from typing import Any

from pydantic_core import ErrorDetails

# Part of a message of bot/knowledge/schema.py → what is wrong, how to mend it.
_RULES = (
    (
        "lies before applies_from",
        "applies_to đứng trước applies_from.",
        "Đổi lại cho ngày đầu đứng trước ngày cuối.",
    ),
    (
        "lists choices",
        "Chỉ thông tin kiểu choice mới có choices, và phải có.",
        "Thêm choices, hoặc đổi type.",
    ),
    (
        "give value or parameter",
        "Điều kiện cần đúng một trong hai mục value và parameter (op: unsettled thì không ghi mục nào).",
        "Giữ lại một mục, bỏ mục kia.",
    ),
    (
        "a list of values goes with",
        "Danh sách giá trị chỉ đi với op: in hoặc op: not_in, và hai phép này luôn cần danh sách.",
        "Ghi value: [a, b] với in, not_in; một giá trị với các phép khác.",
    ),
    (
        "give one of amount",
        "Quyền lợi cần đúng một trong bốn mục amount, parameter, percent, text.",
        "Giữ lại một mục; nội dung thêm ghi vào label.",
    ),
    (
        "needs a note",
        "Quy định đã hết hạn hoặc chưa công bố (state: closed, pending) thiếu note.",
        "Thêm note: câu nói cho người dân biết điều gì đã hết, khi nào, và nay nên làm gì.",
    ),
    (
        "no group",
        "groups nhắc đến một nhóm không có trong quy định này.",
        "Ghi đúng key của một nhóm trong groups.",
    ),
)
# Kind of pydantic error → the same; {…} is filled from the error's context.
_KINDS = {
    "missing": ("Thiếu mục bắt buộc {field}.", "Thêm mục {field}."),
    "extra_forbidden": ("Không có mục nào tên là {field}.", "Sửa tên mục cho đúng mẫu, hoặc bỏ đi."),
    "enum": ("Giá trị không có trong danh sách.", "Chọn một trong: {expected}."),
    "literal_error": ("Giá trị không có trong danh sách.", "Chọn một trong: {expected}."),
    "string_pattern_mismatch": ("Giá trị không đúng dạng.", "Ghi theo mẫu {pattern}."),
    "string_too_short": ("Mục này để trống.", "Ghi nội dung, hoặc bỏ cả mục nếu không bắt buộc."),
    "string_type": ("Cần một dòng chữ.", "Đặt giá trị trong dấu ngoặc kép."),
    "too_short": ("Chưa đủ: cần ít nhất {min_length}, mới có {actual_length}.", "Ghi thêm cho đủ."),
    "list_type": ("Cần một danh sách.", "Ghi mỗi phần tử một dòng bắt đầu bằng dấu gạch ngang."),
    "bool_type": ("Cần true hoặc false.", "Ghi true (có) hoặc false (không)."),
    "bool_parsing": ("Cần true hoặc false.", "Ghi true (có) hoặc false (không)."),
    "decimal_parsing": (
        "Cần một con số.",
        "Ghi số không có dấu chấm phân nghìn và không có đơn vị, ví dụ 1500000.",
    ),
    "decimal_type": (
        "Cần một con số.",
        "Ghi số không có dấu chấm phân nghìn và không có đơn vị, ví dụ 1500000.",
    ),
    "model_type": ("Cần một nhóm các mục, mỗi mục một dòng dạng tên: giá trị.", "Xem lại thụt đầu dòng."),
}
_DATE = ("Cần một ngày.", "Ghi ngày theo dạng năm-tháng-ngày, ví dụ 2026-01-01.")


def explain(detail: ErrorDetails) -> tuple[Any, str, str]:
    """The value given (``None`` where it says nothing), what is wrong, and how to mend it."""
    kind = detail["type"]
    context = {"field": next((step for step in reversed(detail["loc"]) if isinstance(step, str)), "")}
    context |= detail.get("ctx", {})
    if "expected" in context:
        context["expected"] = context["expected"].replace(" or ", " hoặc ")
    value = None if kind == "missing" or isinstance(detail["input"], dict) else detail["input"]
    if kind == "value_error":
        for part, wrong, mend in _RULES:
            if part in detail["msg"]:
                return value, wrong, mend
    if kind.startswith(("date_", "date_from")):
        return value, *_DATE
    if kind in _KINDS:
        wrong, mend = _KINDS[kind]
        return value, wrong.format_map(context), mend.format_map(context)
    return value, f"Giá trị không hợp lệ ({detail['msg']}).", "Sửa giá trị cho đúng mẫu ở các dòng bên cạnh."
