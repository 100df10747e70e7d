"""Merging seed records into the database without touching what officers changed."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapper, Session, selectinload

from bot.knowledge.journal import Action, Change
from bot.knowledge.loading.records import Records
from bot.knowledge.tables import (
    CitizenFactRecord,
    CommuneRecord,
    FaqEntryRecord,
    LegalDocumentRecord,
    OfficeRecord,
    ParameterRecord,
    ParameterValueRecord,
    ProgramRecord,
    ProvisionRecord,
    TopicRecord,
    Unit,
)

# Not content: where a row comes from, who confirmed it, and keys that the database makes.
_BOOKKEEPING = {"origin", "seed_hash", "published", "confirmed_by", "confirmed_at"}
# Keys of a part that follow from the unit it belongs to.
_OWNERS = {"provision_id", "faq_id", "commune_code"}
# Columns younger than stored hashes: left out while empty, or every row of before would pass for an officer's.
_LATER = {"calculator", "phrasings"}


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of unit: its name, its table, what an officer calls it, and the attributes that name one."""

    name: str
    record: type[Unit]
    called: str
    key: tuple[str, ...] = ("id",)

    def key_of(self, unit: Unit) -> tuple[Any, ...]:
        return tuple(getattr(unit, name) for name in self.key)

    def change(self, unit: Unit, action: Action) -> Change:
        return Change(self.name, "/".join(map(str, self.key_of(unit))), action)

    def name_of(self, unit: Unit) -> str:
        return " ".join((self.called, *map(str, self.key_of(unit))))


_KINDS = {
    "documents": _Kind("legal_document", LegalDocumentRecord, "văn bản", ("number",)),
    "parameters": _Kind("parameter", ParameterRecord, "tham số"),
    "values": _Kind("parameter_value", ParameterValueRecord, "giá trị tham số", ("parameter_id", "applies_from")),
    "offices": _Kind("office", OfficeRecord, "cơ quan"),
    "topics": _Kind("topic", TopicRecord, "chủ đề"),
    "facts": _Kind("citizen_fact", CitizenFactRecord, "thông tin người dân"),
    "programs": _Kind("program", ProgramRecord, "chương trình"),
    "provisions": _Kind("provision", ProvisionRecord, "quy định", ("program_id", "key")),
    "faqs": _Kind("faq", FaqEntryRecord, "câu hỏi thường gặp"),
    "communes": _Kind("commune", CommuneRecord, "xã, phường", ("code",)),
}


@dataclass(slots=True)
class Outcome:
    """The units that were added, replaced and removed, and the names of those left to the officers."""

    changes: list[Change] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def added(self) -> int:
        """How many units are new."""
        return self._count(Action.ADDED)

    @property
    def replaced(self) -> int:
        """How many units say something else now."""
        return self._count(Action.CHANGED)

    @property
    def removed(self) -> int:
        """How many units are gone."""
        return self._count(Action.REMOVED)

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return bool(self.changes)

    def _count(self, action: Action) -> int:
        return sum(change.action is action for change in self.changes)


def merge(session: Session, seeds: Records) -> Outcome:
    """Bring the units of ``seeds`` into the database; flushes, does not commit.

    An officer's unit – made, changed or confirmed by one – stays as it is, and so do its days: a seed that
    would overlap with it is left out. Unchanged seeds that the files no longer hold are removed unless an
    officer's row needs them.
    """
    outcome = Outcome()
    vanished: list[tuple[_Kind, Unit]] = []
    # The fields of Records stand in an order in which each refers only to those before it.
    for name in (entry.name for entry in fields(Records)):
        kind = _KINDS[name]
        units = session.scalars(select(kind.record).options(selectinload("*")))
        stored = {kind.key_of(unit): unit for unit in units}
        gone = _merge_kind(session, kind, getattr(seeds, name), stored, outcome)
        vanished += ((kind, unit) for unit in gone)
        session.flush()
    for kind, unit in reversed(vanished):
        _remove(session, kind, unit, outcome)
    return outcome


def content_hash(unit: Unit) -> str:
    """The hash of what a unit says, its rows in other tables included."""
    text = json.dumps(_content(unit), default=_plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _merge_kind(
    session: Session,
    kind: _Kind,
    seeds: Sequence[Unit],
    stored: Mapping[tuple[Any, ...], Unit],
    outcome: Outcome,
) -> list[Unit]:
    """Add and replace; returns the seeds of old that are no longer wanted."""
    officers = {key: unit for key, unit in stored.items() if _is_officers(unit)}
    wanted = {kind.key_of(seed): seed for seed in seeds}
    for key, seed in wanted.items():
        seed.seed_hash = content_hash(seed)
        present = stored.get(key)
        if present is not None and present.seed_hash == seed.seed_hash:
            continue
        if key in officers or _overlaps_any(seed, officers.values()):
            outcome.kept.append(kind.name_of(seed))
        elif present is None:
            session.add(seed)
            outcome.changes.append(kind.change(seed, Action.ADDED))
        else:
            replace_content(present, seed)
            present.seed_hash = seed.seed_hash
            outcome.changes.append(kind.change(seed, Action.CHANGED))
    return [unit for key, unit in stored.items() if key not in wanted and key not in officers]


def _is_officers(unit: Unit) -> bool:
    """Changed rows are known by their content, whoever wrote them and however."""
    return (
        unit.origin == "officer"
        or unit.seed_hash != content_hash(unit)
        or any(getattr(row, "confirmed_by", None) is not None for row in (unit, *_rows_of(unit)))
    )


def _overlaps_any(seed: Unit, officers: Iterable[Unit]) -> bool:
    if isinstance(seed, ProvisionRecord):
        same = [u for u in officers if isinstance(u, ProvisionRecord) and u.program_id == seed.program_id]
        return any(_overlap(seed, unit) for unit in same)
    if isinstance(seed, ParameterValueRecord):
        values = [u for u in officers if isinstance(u, ParameterValueRecord)]
        return any(_overlap(seed, u) for u in values if u.parameter_id == seed.parameter_id)
    return False


def _overlap(one: ProvisionRecord | ParameterValueRecord, other: ProvisionRecord | ParameterValueRecord) -> bool:
    return (
        other.published
        and one.applies_from <= (other.applies_to or date.max)
        and other.applies_from <= (one.applies_to or date.max)
    )


def replace_content(present: Unit, seed: Unit) -> None:
    """Let a stored unit say what ``seed`` says, whose parts it takes over."""
    mapper = _mapper(seed)
    for attribute in _content_columns(mapper):
        setattr(present, attribute, getattr(seed, attribute))
    for relation in mapper.relationships:
        rows = list(getattr(seed, relation.key))
        setattr(seed, relation.key, [])
        setattr(present, relation.key, rows)


def _remove(session: Session, kind: _Kind, unit: Unit, outcome: Outcome) -> None:
    name, change = kind.name_of(unit), kind.change(unit, Action.REMOVED)
    try:
        with session.begin_nested():
            session.delete(unit)
    except IntegrityError:
        outcome.kept.append(name)
    else:
        outcome.changes.append(change)


def _content(row: Any) -> dict[str, Any]:
    mapper = _mapper(row)
    content = {attribute: getattr(row, attribute) for attribute in _content_columns(mapper)}
    content = {name: value for name, value in content.items() if value or name not in _LATER}
    for relation in mapper.relationships:
        content[relation.key] = [_content(child) for child in getattr(row, relation.key)]
    if isinstance(row, FaqEntryRecord):
        # As when each was a row of its own, or every entry of before would pass for an officer's.
        content["phrasings"] = [{"position": at, "text": text} for at, text in enumerate(row.phrasings)]
    return content


def _rows_of(unit: Unit) -> Iterator[Any]:
    for relation in _mapper(unit).relationships:
        yield from getattr(unit, relation.key)


def _content_columns(mapper: Mapper[Any]) -> Iterator[str]:
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        made_by_database = column.primary_key and column.type.python_type is int
        if attribute.key not in _BOOKKEEPING | _OWNERS and not made_by_database:
            yield attribute.key


def _mapper(row: Any) -> Mapper[Any]:
    mapper: Mapper[Any] = inspect(type(row))
    return mapper


def _plain(value: Any) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value.isoformat()
