"""A workbook tried out, and a plan made into a draft; both in the transaction of the caller."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.knowledge.editing import changesets
from bot.knowledge.editing.faults import NotAllowedError
from bot.knowledge.editing.overlay import faults_of
from bot.knowledge.editing.work import Work
from bot.knowledge.repository import current_version, published_records
from bot.knowledge.sheets.plan import Plan, make_plan
from bot.knowledge.sheets.reading import read_workbook
from bot.knowledge.sheets.stored import read_stored
from bot.knowledge.sheets.writing import Progress


def dry_run(session: Session, content: bytes, officer: str, progress: Progress) -> Plan:
    """What the workbook would change; raises :class:`bot.knowledge.sheets.safe.RefusedError` for no workbook."""
    grids = read_workbook(content, progress)
    progress("Đọc nội dung đang công bố", 0, 1)
    plan = make_plan(read_stored(session), grids, progress)
    if plan.changes and not plan.problems:
        progress("Kiểm tra nội dung mới với các bảng khác", 0, 1)
        plan.add_faults(faults_of(published_records(session), plan.changes, officer))
    return plan


def accept(work: Work, plan: Plan, title: str) -> int:
    """Make one draft of all changes of a plan without problems; its id.

    Raises :class:`bot.knowledge.editing.faults.EditingError`, among others where something was published since the dry
    run, and then the caller rolls back.
    """
    if plan.problems or not plan.changes:
        raise NotAllowedError("Tệp còn lỗi hoặc không có gì thay đổi, nên không tạo được lần thay đổi.")
    if current_version(work.session) != plan.version:
        raise NotAllowedError("Đã có nội dung mới được công bố sau khi xem trước. Hãy tải tệp lên lại để xem lại.")
    draft = changesets.create(work, title)
    changesets.put_all(work, draft.id, plan.changes)
    return draft.id
