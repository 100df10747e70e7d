"""The life of a change set: draft → submitted → approved → published; back to draft when rejected, or withdrawn, which
its author may undo.

Each step raises :class:`bot.knowledge.editing.faults.EditingError` where it cannot be taken, and then the caller rolls
back. Only the author edits a draft; another person approves it.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.knowledge.editing.faults import Conflict, ConflictError, FaultyError, NotAllowedError, StaleError
from bot.knowledge.editing.overlay import Changes, faults_of
from bot.knowledge.editing.tables import ChangeRecord, ChangeSetRecord
from bot.knowledge.editing.units import (
    KINDS,
    Content,
    Kind,
    called,
    content_of,
    key_of_row,
    parse,
    row_of,
    units_of,
)
from bot.knowledge.editing.work import Work
from bot.knowledge.loading.records import Records
from bot.knowledge.repository import published_records
from bot.knowledge.tables import Unit

CHANGE_SET = "change_set"


class Stage(StrEnum):
    """Where a change set stands; ``approved`` with a ``publish_at`` to come is scheduled."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


_CALLED = {
    Stage.DRAFT: "đang soạn",
    Stage.SUBMITTED: "đã gửi duyệt",
    Stage.APPROVED: "đã duyệt",
    Stage.PUBLISHED: "đã công bố",
    Stage.WITHDRAWN: "đã rút",
}


def create(work: Work, title: str) -> ChangeSetRecord:
    """Begin an empty draft."""
    if not title.strip():
        raise NotAllowedError("Hãy đặt tên cho lần thay đổi, ví dụ: Lương cơ sở từ 01/7/2026.")
    made = ChangeSetRecord(
        title=title.strip(), state=Stage.DRAFT.value, author=work.officer, revision=1, created_at=work.at, changes=[]
    )
    work.session.add(made)
    work.session.flush()
    work.note("create", CHANGE_SET, made.id, after=made.title)
    return made


def rename(work: Work, change_set: int, title: str) -> None:
    """Call the draft ``title``."""
    draft = _own_draft(work, change_set)
    if not title.strip():
        raise NotAllowedError(f"Hãy đặt tên cho lần thay đổi. Tên cũ vẫn giữ: “{draft.title}”.")
    before, draft.title = draft.title, title.strip()
    work.note("rename", CHANGE_SET, draft.id, before=before, after=draft.title)


def put(work: Work, change_set: int, kind: Kind, content: Content) -> ChangeRecord:
    """Write a unit's new content into the draft; the key follows from the content."""
    row = parse(kind, content)
    return _write(work, change_set, kind, key_of_row(kind, row), content_of(row))


def remove(work: Work, change_set: int, kind: Kind, key: str) -> ChangeRecord:
    """Draft that a published unit is to be taken away."""
    if published_content(work.session, kind, key) is None:
        raise NotAllowedError(f"Không có {called(kind, key)} đang công bố để bỏ.")
    return _write(work, change_set, kind, key, None)


def put_all(work: Work, change_set: int, changes: Changes) -> None:
    """Write many units into the draft at once, each as by :func:`put` or, where it has no content, :func:`remove`."""
    draft = _own_draft(work, change_set)
    present = {(change.kind, change.key): change for change in draft.changes}
    published = units_of(published_records(work.session))
    for (kind, key), content in changes.items():
        unit = published.get((kind, key))
        base = None if unit is None else content_of(row_of(kind, unit))
        if content is None and base is None:
            raise NotAllowedError(f"Không có {called(kind, key)} đang công bố để bỏ.")
        change = present.get((kind.value, key))
        before = base if change is None else change.content
        made = None if content is None else content_of(parse(kind, content, key))
        if change is None:
            draft.changes.append(ChangeRecord(kind=kind.value, key=key, base=base, content=made))
        else:
            change.content = made
        work.note("draft", kind.value, key, before=before, after=made)
    work.session.flush()


def drop(work: Work, change_set: int, kind: Kind, key: str) -> None:
    """Take a unit out of the draft again."""
    draft = _own_draft(work, change_set)
    change = _change(draft, kind, key)
    if change is not None:
        draft.changes.remove(change)
        work.session.flush()
        work.note("drop", kind.value, key, before=change.content)


def rebase(work: Work, change_set: int, kind: Kind, key: str) -> None:
    """Take what is published now as the base: the author has seen it. The draft's content stays."""
    draft = _own_draft(work, change_set)
    change = _change(draft, kind, key)
    if change is None:
        raise NotAllowedError(f"Lần thay đổi này không có {called(kind, key)}.")
    before, change.base = change.base, published_content(work.session, kind, key)
    work.note("rebase", kind.value, key, before=before, after=change.base)


def submit(work: Work, change_set: int, *, seen: int | None = None) -> None:
    """Hand the draft over for approval.

    ``seen`` is the revision that the author looked at: where the draft is newer, :class:`StaleError`.
    """
    draft = _own_draft(work, change_set, seen)
    ensure_publishable(work.session, draft, work.officer)
    draft.state, draft.submitted_at, draft.reason = Stage.SUBMITTED.value, work.at, None
    work.note("submit", CHANGE_SET, draft.id)


def reject(work: Work, change_set: int, reason: str) -> None:
    """Give a submitted or approved set back to its author with a reason."""
    found = take(work, change_set, Stage.SUBMITTED, Stage.APPROVED)
    if not reason.strip():
        raise NotAllowedError("Hãy ghi lý do trả lại để người soạn biết cần sửa gì.")
    back_to_draft(found, reason.strip())
    work.note("reject", CHANGE_SET, found.id, after=found.reason)


def withdraw(work: Work, change_set: int) -> None:
    """End a set that is not published; only its author does, and can :func:`reopen` it."""
    found = take(work, change_set, Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED)
    _only_author(work, found)
    found.state = Stage.WITHDRAWN.value
    work.note("withdraw", CHANGE_SET, found.id)


def reopen(work: Work, change_set: int) -> None:
    """Make a withdrawn set a draft again; only its author does."""
    found = take(work, change_set, Stage.WITHDRAWN)
    _only_author(work, found)
    back_to_draft(found, found.reason)
    work.note("reopen", CHANGE_SET, found.id)


def approve(work: Work, change_set: int, publish_at: datetime | None = None) -> ChangeSetRecord:
    """Approve as another person than the author, to be published now or at ``publish_at``.

    Approval alone publishes nothing: call :func:`bot.knowledge.editing.publishing.publish` once it is time.
    """
    found = take(work, change_set, Stage.SUBMITTED)
    if found.author == work.officer:
        raise NotAllowedError(f"Người soạn ({work.officer}) không tự duyệt. Hãy nhờ một người duyệt khác.")
    ensure_publishable(work.session, found, work.officer)
    found.state, found.approver, found.approved_at = Stage.APPROVED.value, work.officer, work.at
    found.publish_at = publish_at
    work.note("approve", CHANGE_SET, found.id, after=None if publish_at is None else publish_at.isoformat())
    return found


def changes_of(change_set: ChangeSetRecord) -> Changes:
    """The set's changes as an overlay reads them."""
    return {(Kind(change.kind), change.key): change.content for change in change_set.changes}


def conflicts_of(records: Records, change_set: ChangeSetRecord) -> list[Conflict]:
    """The units that were published anew after they were drafted; ``records`` is what is published."""
    units = units_of(records)
    conflicts = []
    for change in change_set.changes:
        unit = units.get((Kind(change.kind), change.key))
        published = None if unit is None else content_of(row_of(Kind(change.kind), unit))
        if published != change.base:
            conflicts.append(Conflict(change.kind, change.key, change.base, published, change.content))
    return conflicts


def ensure_publishable(session: Session, change_set: ChangeSetRecord, by: str) -> None:
    """Raise what stands in the way: no change at all, conflicts, or faults."""
    if not change_set.changes:
        raise NotAllowedError("Lần thay đổi này chưa có nội dung nào.")
    records = published_records(session)
    conflicts = conflicts_of(records, change_set)
    if conflicts:
        raise ConflictError(conflicts)
    faults = faults_of(records, changes_of(change_set), by)
    if faults:
        raise FaultyError(faults)


def back_to_draft(change_set: ChangeSetRecord, reason: str | None) -> None:
    """Return a set to its author."""
    change_set.state, change_set.reason = Stage.DRAFT.value, reason
    change_set.approver = change_set.approved_at = change_set.publish_at = change_set.submitted_at = None


def take(work: Work, change_set: int, *stages: Stage, seen: int | None = None) -> ChangeSetRecord:
    """The set, locked until the transaction ends, if it is in one of ``stages``."""
    # Written before it is read: of two officers the second waits here, on every database.
    revision = work.session.execute(
        update(ChangeSetRecord)
        .where(ChangeSetRecord.id == change_set)
        .values(revision=ChangeSetRecord.revision + 1)
        .returning(ChangeSetRecord.revision)
        .execution_options(synchronize_session=False)
    ).scalar()
    if revision is None:
        raise NotAllowedError(f"Không có lần thay đổi nào mang số {change_set}.")
    found = work.session.get_one(ChangeSetRecord, change_set, populate_existing=True)
    if found.state not in stages:
        wanted = " hoặc ".join(_CALLED[stage] for stage in stages)
        now = _CALLED[Stage(found.state)]
        raise NotAllowedError(f"“{found.title}” {now}; việc này chỉ làm được khi {wanted}. Hãy tải lại trang.")
    if seen is not None and revision - 1 != seen:
        raise StaleError(f"“{found.title}” vừa được lưu ở một cửa sổ khác. Hãy so sánh với bản mới rồi lưu lại.")
    return found


def stored_unit(session: Session, kind: Kind, key: str) -> Unit | None:
    """The unit's record, published or taken away."""
    spec = KINDS[kind]
    values = key.split("/", 1) if len(spec.names) > 1 else [key]
    query = select(spec.record)
    for name, value in zip(spec.names, values, strict=False):
        column = getattr(spec.record, name)
        query = query.where(column == (date.fromisoformat(value) if name == "applies_from" else value))
    return session.scalars(query).one_or_none()


def published_content(session: Session, kind: Kind, key: str) -> Content | None:
    """What is published of the unit, as JSON; ``None`` where nothing is."""
    unit = stored_unit(session, kind, key)
    return content_of(row_of(kind, unit)) if unit is not None and unit.published else None


def _write(work: Work, change_set: int, kind: Kind, key: str, content: Content | None) -> ChangeRecord:
    draft = _own_draft(work, change_set)
    change = _change(draft, kind, key)
    before = None
    if change is None:
        change = ChangeRecord(kind=kind.value, key=key, base=published_content(work.session, kind, key))
        draft.changes.append(change)
        before = change.base
    else:
        before = change.content
    change.content = content
    work.session.flush()
    work.note("draft", kind.value, key, before=before, after=content)
    return change


def _own_draft(work: Work, change_set: int, seen: int | None = None) -> ChangeSetRecord:
    draft = take(work, change_set, Stage.DRAFT, seen=seen)
    _only_author(work, draft)
    return draft


def _only_author(work: Work, change_set: ChangeSetRecord) -> None:
    if change_set.author != work.officer:
        raise NotAllowedError(
            f"“{change_set.title}” là của {change_set.author}; {work.officer} hãy tạo một lần thay đổi riêng."
        )


def _change(change_set: ChangeSetRecord, kind: Kind, key: str) -> ChangeRecord | None:
    return next((c for c in change_set.changes if c.kind == kind.value and c.key == key), None)
