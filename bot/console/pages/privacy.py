"""What is kept of citizens and for how long; what is kept of one of them, as a file, for them."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console.people import By
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.conversation.handover import officers
from bot.conversation.handover.codes import code_in
from bot.conversation.retention.job import last_run
from bot.conversation.retention.limits import Periods

routes = Routes()
_GUIDE = "du-lieu-ca-nhan"
STEPS = {
    "cases": "Quên những gì đã kể về hộ gia đình khi cuộc trò chuyện đã hết",
    "log_parse": "Bỏ phần phân tích và câu trả lời khỏi nhật ký",
    "message_answers": "Bỏ phần đi kèm tin nhắn (bảng, nút bấm)",
    "log_text": "Xoá lời người dân khỏi nhật ký",
    "handovers": "Xoá câu hỏi gửi cán bộ đã xong",
    "messages": "Xoá tin nhắn",
    "sessions": "Xoá cuộc trò chuyện đã hết",
    "mail": "Xoá tin Zalo đã xử lý",
    "consents": "Xoá bản ghi đồng ý đã quá hạn",
    "log_rows": "Gộp nhật ký cũ thành con số",
    "runs": "Xoá kết quả xem trước của cán bộ đã quá hạn",
}


@routes.get("/privacy", Permission.PRIVACY, guide=_GUIDE)
async def shown(visit: Visit) -> web.StreamResponse:
    """The periods, the last run of the nightly job, and the form for an export."""
    return await _page(visit)


@routes.post("/privacy/export", Permission.PRIVACY, guide=_GUIDE)
async def export(visit: Visit) -> web.StreamResponse:
    """Everything that is kept of the citizen who holds a receipt, as JSON; written down."""
    given = (await visit.form()).get("code", "")
    code = code_in(given)
    if code is None:
        return await _page(visit, given, f"Mã hẹn có dạng AS-7K3M9X. Đã nhập: “{given}”.")

    def work(db: Session, by: By) -> dict[str, Any]:
        kept = officers.export(db, code, by.officer, by.at)
        by.record(db, "export", "person", code)
        return kept

    try:
        kept = await visit.run(work, visit.by)
    except officers.RequestUnknownError:
        return await _page(
            visit, given, f"Không có câu hỏi nào mang mã {code}, hoặc người dân đã xoá dữ liệu của mình."
        )
    body = json.dumps(kept, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="du-lieu-{code}.json"'}
    return web.Response(text=body, content_type="application/json", headers=headers)


async def _page(visit: Visit, code: str = "", refused: str | None = None) -> web.Response:
    run = await visit.run(last_run)
    done = [(STEPS.get(name, name), number) for name, number in run.done.items() if number] if run else []
    return await visit.page(
        "privacy.html",
        status=422 if refused else 200,
        run=run,
        done=done,
        periods=Periods.of(visit.console.settings),
        code=code,
        refused=refused,
    )
