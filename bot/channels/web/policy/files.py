"""The files that others take, made once for each knowledge version."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import csvfile
from bot.conversation.clock import shown
from bot.conversation.published import Published
from bot.knowledge.schema import PolicyFile
from bot.knowledge.sharing.flat import TABLES, Table
from bot.knowledge.sharing.rows import shared
from bot.knowledge.tables import KnowledgeVersionRecord

PREFIX = "/api/policy/v1"
ALL = "all"
"""The name of the file that holds every kind of row."""

NOTICE = {
    "vi": (
        "Dữ liệu do cán bộ tổng hợp từ các văn bản nêu ở mục căn cứ (legal_basis, document, article). Khi khác nhau, "
        "văn bản gốc có giá trị. Được dùng lại và chia sẻ, miễn là ghi nguồn, phiên bản và ngày lấy."
    ),
    "en": (
        "Compiled by officers from the documents named as legal basis; where they differ, the documents hold. May be "
        "reused and shared, naming the source, the version and the day it was taken."
    ),
}


@dataclass(frozen=True)
class File:
    """What is sent; ``tag`` changes with the content and names the version."""

    content: bytes
    kind: str
    version: int
    tag: str


@dataclass(frozen=True)
class _Edition:
    """Everything that is published, as of one version."""

    version: int
    changed_at: dt.datetime | None
    rows: PolicyFile


class Files:
    """Makes the files of the newest version when first asked for them; safe in several threads."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._lock = threading.Lock()
        self._edition: _Edition | None = None
        self._made: dict[str, File] = {}

    def get(self, db: Session, name: str) -> File:
        """The file ``name``, such as ``programs.json``; raises ``KeyError`` where there is none."""
        snapshot = self._published.read(db)
        with self._lock:
            if self._edition is None or self._edition.version != snapshot.version:
                changed_at = db.scalar(select(KnowledgeVersionRecord.changed_at))
                self._edition = _Edition(snapshot.version, changed_at, shared(snapshot))
                self._made = {}
            if name not in self._made:
                self._made[name] = _make(self._edition, name)
            return self._made[name]


def names() -> list[str]:
    """The names of all files: of each kind of row and of all as JSON, of each table as CSV."""
    return [f"{ALL}.json", *(f"{kind}.json" for kind in PolicyFile.model_fields), *(f"{name}.csv" for name in TABLES)]


def head(version: int, changed_at: dt.datetime | None) -> dict[str, Any]:
    """What every JSON answer begins with."""
    return {"version": version, "changed_at": shown(changed_at) if changed_at else None, "notice": NOTICE}


def as_json(content: Mapping[str, Any]) -> bytes:
    """JSON with letters as they are."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _make(edition: _Edition, name: str) -> File:
    if name == "":
        return _file(edition, as_json(_contents(edition)), "application/json")
    stem, _, ending = name.rpartition(".")
    match ending:
        case "csv":
            return _file(edition, _csv(TABLES[stem], edition.rows), "text/csv")
        case "json":
            kinds = set(PolicyFile.model_fields) if stem == ALL else {stem}
            if not kinds <= set(PolicyFile.model_fields):
                raise KeyError(name)
            rows = edition.rows.model_dump(mode="json", include=kinds)
            return _file(edition, as_json(head(edition.version, edition.changed_at) | rows), "application/json")
        case _:
            raise KeyError(name)


def _contents(edition: _Edition) -> dict[str, Any]:
    return {
        **head(edition.version, edition.changed_at),
        "files": [f"{PREFIX}/{name}" for name in names()],
        "changes": f"{PREFIX}/changes.json",
        "openapi": f"{PREFIX}/openapi.json",
    }


def _csv(table: Table, rows: PolicyFile) -> bytes:
    lines = ([csvfile.harmless(cell) for cell in row] for row in table.rows(rows))
    return csvfile.written([table.columns, *lines])


def _file(edition: _Edition, content: bytes, kind: str) -> File:
    digest = hashlib.sha256(content).hexdigest()[:12]
    return File(content, kind, edition.version, f"{edition.version}-{digest}")
