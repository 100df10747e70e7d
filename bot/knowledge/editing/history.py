"""What a unit said before, how two versions differ, and the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.editing.changesets import create, put_all
from bot.knowledge.editing.faults import NotAllowedError
from bot.knowledge.editing.tables import ChangeRecord, ChangeSetRecord
from bot.knowledge.editing.units import Content, Kind, called
from bot.knowledge.editing.work import Work
from bot.knowledge.loading.problems import Location

_NAMES = ("key", "id", "fact", "label", "name")


@dataclass(frozen=True, slots=True)
class Version:
    """What a unit said from ``published_at`` on; ``content`` is ``None`` while it was taken away.

    The first version is what the change sets found, which has no change set.
    """

    content: Content | None
    change_set: int | None = None
    title: str | None = None
    author: str | None = None
    approver: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs: the way to it, and both values (``None`` where it has none)."""

    field: Location
    before: Any
    after: Any


def versions_of(session: Session, kind: Kind, key: str) -> list[Version]:
    """All published versions of a unit, oldest first; empty where no change set has touched it."""
    found = session.execute(
        select(ChangeRecord, ChangeSetRecord)
        .join(ChangeSetRecord)
        .where(ChangeRecord.kind == kind.value, ChangeRecord.key == key, ChangeSetRecord.version.is_not(None))
        .order_by(ChangeSetRecord.version)
    ).all()
    versions = [Version(found[0][0].base)] if found else []
    return versions + [
        Version(change.content, of.id, of.title, of.author, of.approver, of.published_at) for change, of in found
    ]


def restore(work: Work, kind: Kind, key: str, version: Version) -> ChangeSetRecord:
    """Draft a change set that brings a unit back to ``version``; it is approved like any other."""
    made = create(work, f"Khôi phục {called(kind, key)}")
    put_all(work, made.id, {(kind, key): version.content})
    return made


def undo(work: Work, change_set: int) -> ChangeSetRecord:
    """Draft a change set that brings all units of a published one back to what they said before it."""
    found = work.session.get(ChangeSetRecord, change_set)
    if found is None or found.version is None:
        raise NotAllowedError(f"Lần thay đổi số {change_set} chưa được công bố, nên không có gì để khôi phục.")
    made = create(work, f"Khôi phục trước khi có: {found.title}")
    put_all(work, made.id, {(Kind(change.kind), change.key): change.base for change in found.changes})
    return made


def differences(before: Content | None, after: Content | None) -> list[Difference]:
    """The fields in which two versions differ; rows of lists are compared by their names, not their places."""
    return list(_compare((), before or {}, after or {}))


def words(before: str, after: str) -> list[tuple[str, str]]:
    """Two texts as runs of words: ``("same" | "removed" | "added", text)``."""
    old, new = before.split(), after.split()
    runs: list[tuple[str, str]] = []
    for tag, start, end, start_new, end_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(("same", " ".join(old[start:end])))
            continue
        if end > start:
            runs.append(("removed", " ".join(old[start:end])))
        if end_new > start_new:
            runs.append(("added", " ".join(new[start_new:end_new])))
    return runs


def _compare(field: Location, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, list) and isinstance(after, list):
        before, after = _by_name(before, after)
    # A criterion is read as a whole: its value means little without its fact.
    if isinstance(before, dict) and isinstance(after, dict) and "fact" not in after:
        for name in dict.fromkeys((*before, *after)):
            yield from _compare((*field, name), before.get(name), after.get(name))
    else:
        yield Difference(field, before, after)


def _by_name(*versions: list[Any]) -> list[dict[Any, Any]]:
    """The rows of each version by what names them, or by place where nothing tells all of them apart."""
    for name in _NAMES:
        names = [[str(row.get(name)) if isinstance(row, dict) else str(row) for row in rows] for rows in versions]
        if all("None" not in each and len(set(each)) == len(each) for each in names):
            return [dict(zip(each, rows, strict=True)) for each, rows in zip(names, versions, strict=True)]
    return [dict(enumerate(rows)) for rows in versions]
