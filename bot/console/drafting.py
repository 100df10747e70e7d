"""Forms that write a unit into the officer's draft, and overwrite nobody: which draft, and what they began with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from wtforms import Form, HiddenField, SelectField, StringField

from bot.console.editing import draft_for, open_drafts
from bot.console.forms import masked
from bot.knowledge.editing import changesets
from bot.knowledge.editing.changesets import Stage
from bot.knowledge.editing.faults import EditingError, FaultyError, NotAllowedError, StaleError
from bot.knowledge.editing.tables import ChangeRecord, ChangeSetRecord
from bot.knowledge.editing.units import Content, Kind, key_of_row, parse
from bot.knowledge.editing.work import Work

NEW = "new"
OVERTAKEN = (
    "Nội dung này vừa được lưu hoặc công bố ở nơi khác. Những gì anh/chị đã điền vẫn còn trong các ô: "
    "hãy so với bản mới bên dưới, rồi bấm lưu lần nữa nếu vẫn muốn thay."
)


class DraftForm(Form):
    """What each such form asks besides: the change set it is written into, and a title where that is new."""

    draft = SelectField("Ghi vào lần thay đổi", validate_choice=False)
    title = StringField(
        "Tên lần thay đổi mới",
        filters=[masked],
        description="Điền tên thì ghi vào một lần thay đổi mới. Để trống thì lần mới được đặt tên theo nội dung.",
    )
    seen = HiddenField()

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Who names a new change set wants one, whatever is chosen beside it."""
        super().process(*args, **kwargs)
        if self.title.data:
            self.draft.data = NEW

    def offer(self, drafts: Sequence[ChangeSetRecord], wanted: str | None = None) -> None:
        """Offer a new change set and the officer's drafts, the newest first; ``wanted`` is chosen, else the new one."""
        self.draft.choices = [(NEW, "Lần thay đổi mới"), *((str(each.id), each.title) for each in drafts)]
        offered = {NEW, *(str(each.id) for each in drafts)}
        if self.draft.data not in offered:
            self.draft.data = wanted if wanted in offered else NEW

    def show(self, error: EditingError) -> list[str]:
        """Put each fault at its field; returns those that belong to none, or what else was refused."""
        if not isinstance(error, FaultyError):
            return [str(error)]
        left = []
        for fault in error.faults:
            name = next((step for step in reversed(fault.field) if isinstance(step, str) and step in self), None)
            given = "" if fault.value is None else f" Đã ghi: {fault.value}."
            sentence = f"{fault.wrong}{given} {fault.mend}"
            if name is None:
                left.append(sentence)
            else:
                self[name].errors = [*self[name].errors, sentence]
        return left


def own_draft(session: Session, officer: str, wanted: str | None) -> ChangeSetRecord | None:
    """The officer's draft numbered ``wanted``; none for a new one."""
    return next((each for each in open_drafts(session, officer) if str(each.id) == wanted), None)


def holding(session: Session, officer: str, kind: Kind, key: str) -> list[ChangeSetRecord]:
    """The officer's drafts that write the unit, newest first."""
    writing = select(ChangeRecord.change_set_id).where(
        ChangeRecord.kind == kind.value, ChangeRecord.key == key, ChangeRecord.content.is_not(None)
    )
    numbers = set(session.scalars(writing))
    return [each for each in open_drafts(session, officer) if each.id in numbers]


def draft_with(session: Session, officer: str, wanted: str | None, kind: Kind, key: str) -> ChangeSetRecord | None:
    """The draft whose word on the unit counts: the one numbered ``wanted``, else the newest that writes the unit."""
    return own_draft(session, officer, wanted) or next(iter(holding(session, officer, kind, key)), None)


def content_of(session: Session, draft: ChangeSetRecord | None, kind: Kind, key: str) -> Content | None:
    """What the unit says in the draft, else what is published of it."""
    if draft is not None:
        change: ChangeRecord | None = session.scalar(_of(draft, kind).where(ChangeRecord.key == key))
        if change is not None:
            return change.content
    return changesets.published_content(session, kind, key)


def drafted(session: Session, draft: ChangeSetRecord | None, kind: Kind) -> list[Content]:
    """The units of a kind that the draft writes."""
    changes: Iterable[ChangeRecord] = () if draft is None else session.scalars(_of(draft, kind))
    return [change.content for change in changes if change.content is not None]


def mark(content: Content | None) -> str:
    """A short mark of what a form was made from."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def write(work: Work, form: DraftForm, title: str, units: Sequence[tuple[Kind, Content]]) -> int:
    """Write the units into the chosen draft; the form's mark is that of the last of them. Returns the draft's number.

    Raises :class:`StaleError` where that unit says something else by now than when the form was made.
    """
    kind, content = units[-1]
    key = key_of_row(kind, parse(kind, content))
    said_in = draft_with(work.session, work.officer, form.draft.data, kind, key)
    draft = draft_for(work, form.title.data or title, form.draft.data or "")
    changesets.take(work, draft.id, Stage.DRAFT)
    if form.seen.data and form.seen.data != mark(content_of(work.session, said_in, kind, key)):
        raise StaleError(OVERTAKEN)
    for each, said in units:
        changesets.put(work, draft.id, each, said)
    return draft.id


def draft_numbered(session: Session, number: str, officer: str) -> ChangeSetRecord:
    """The officer's own draft of that number; raises :class:`NotAllowedError` for any other."""
    found = session.get(ChangeSetRecord, int(number)) if number.isascii() and number.isdigit() else None
    if found is None or found.author != officer or found.state != Stage.DRAFT.value:
        raise NotAllowedError(f"Không có lần thay đổi đang soạn nào của anh/chị mang số {number}.")
    return found


def _of(draft: ChangeSetRecord, kind: Kind) -> Select[Any]:
    return select(ChangeRecord).where(ChangeRecord.change_set_id == draft.id, ChangeRecord.kind == kind.value)
