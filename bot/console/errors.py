"""What an officer sees when something cannot be shown; and the headers of every answer."""

from __future__ import annotations

import logging
from http import HTTPStatus

import aiohttp_jinja2
from aiohttp import web
from aiohttp.typedefs import Handler
from sqlalchemy.exc import SQLAlchemyError

from bot import calls
from bot.console.people import OfficerUnknownError
from bot.console.routes import StaleFormError
from bot.conversation.turn import log_without_text
from bot.rates import TooOftenError

_log = logging.getLogger(__name__)

_HEADERS = {
    # Pico's arrows and ticks are pictures within its style sheet (data:).
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Our own pages hear where an officer comes from, to lead back there after a new sign-in.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_SENTENCES = {
    400: ("Không đọc được yêu cầu", "Trình duyệt đã gửi điều mà trang này không hiểu. Hãy quay lại và thử lần nữa."),
    403: (
        "Không được phép",
        "Vai trò của anh/chị không có quyền dùng trang này. Nếu cần, hãy nhờ quản trị viên giao thêm vai trò.",
    ),
    404: ("Không tìm thấy trang", "Trang này không có, hoặc đã được đổi địa chỉ. Hãy kiểm tra lại địa chỉ đã nhập."),
    405: ("Không dùng được cách này", "Trang này chỉ dùng được qua biểu mẫu. Hãy quay lại và bấm nút trong trang."),
    413: (
        "Nội dung quá lớn",
        "Nội dung gửi lên quá lớn nên chưa được lưu. Hãy bấm Quay lại để không mất chữ đã gõ, rút gọn rồi gửi lại.",
    ),
    429: ("Thử quá nhiều lần", "Đã có quá nhiều lần thử từ mạng này. Hãy đợi {seconds} giây rồi thử lại."),
    500: (
        "Có lỗi của hệ thống",
        "Lỗi đã được ghi lại. Hãy thử lại; nếu vẫn lỗi, hãy báo cho người phụ trách kỹ thuật.",
    ),
    503: ("Chưa dùng được lúc này", "Cơ sở dữ liệu chưa trả lời. Hãy thử lại sau ít phút."),
}
_STALE = (
    "Biểu mẫu đã cũ",
    "Trang đã mở quá lâu hoặc đã đăng nhập lại ở nơi khác, nên chưa có gì thay đổi. Hãy mở lại trang rồi gửi lần nữa.",
)


@web.middleware
async def error_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The outermost middleware: every exception becomes a page in Vietnamese."""
    try:
        response = await handler(request)
    except Exception as error:  # noqa: BLE001 - the outermost place: a stack trace helps no officer
        response = _page(request, error)
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _page(request: web.Request, error: Exception) -> web.Response:
    match error:
        case web.HTTPException() if error.status < HTTPStatus.BAD_REQUEST:
            raise error
        case web.HTTPException():
            return _render(request, error.status)
        case OfficerUnknownError():
            return _render(request, 404)
        case StaleFormError():
            return _render(request, 403, said=_STALE)
        case TooOftenError():
            response = _render(request, 429, seconds=error.seconds)
            response.headers["Retry-After"] = str(error.seconds)
            return response
        case SQLAlchemyError() | TimeoutError():
            _log.warning("%s: %s", calls.named(request), type(error).__name__)
            return _render(request, 503)
        case _:
            log_without_text(_log, calls.named(request), error)
            return _render(request, 500)


def _render(
    request: web.Request, status: int, *, said: tuple[str, str] | None = None, **values: object
) -> web.Response:
    status = status if status in _SENTENCES else HTTPStatus.BAD_REQUEST
    title, sentence = said or _SENTENCES[status]
    context = {"title": title, "sentence": sentence.format(**values), "guide": None}
    return aiohttp_jinja2.render_template("error.html", request, context, status=status)
