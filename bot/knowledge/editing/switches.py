"""Switching a program, a topic or the whole assistant off, and on again; live with the next turn."""

from bot.knowledge.domain import SwitchKind
from bot.knowledge.editing.faults import NotAllowedError
from bot.knowledge.editing.work import Work
from bot.knowledge.tables import ProgramRecord, SwitchRecord, TopicRecord
from bot.knowledge.versions import lock_version, raise_version

_TARGETS = {SwitchKind.TOPIC: TopicRecord, SwitchKind.PROGRAM: ProgramRecord}


def switch_off(work: Work, kind: SwitchKind, target: str, reason: str, message: str) -> SwitchRecord:
    """Switch something off for ``reason``; citizens are told ``message``. ``target`` is empty for the assistant."""
    if not reason.strip() or not message.strip():
        raise NotAllowedError("Hãy ghi cả lý do và lời nhắn cho người dân.")
    lock_version(work.session)
    record = _TARGETS.get(kind)
    if (record is None) != (target == "") or (record is not None and work.session.get(record, target) is None):
        raise NotAllowedError(f"Không có gì tên là “{target}” để tắt. Hãy chọn lại trong danh sách.")
    if work.session.get(SwitchRecord, (kind.value, target)) is not None:
        raise NotAllowedError(f"“{target or 'Trợ lý'}” đang tắt rồi.")
    made = SwitchRecord(
        kind=kind.value, target=target, reason=reason.strip(), message=message.strip(), since=work.at, by=work.officer
    )
    work.session.add(made)
    raise_version(work.session, work.at)
    work.note("switch_off", kind.value, target, after={"reason": made.reason, "message": made.message})
    return made


def switch_on(work: Work, kind: SwitchKind, target: str) -> None:
    """Switch it on again."""
    lock_version(work.session)
    found = work.session.get(SwitchRecord, (kind.value, target))
    if found is None:
        raise NotAllowedError(f"“{target or 'Trợ lý'}” đang bật rồi.")
    work.session.delete(found)
    raise_version(work.session, work.at)
    work.note("switch_on", kind.value, target, before={"reason": found.reason, "message": found.message})
