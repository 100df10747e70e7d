"""Backups in a folder: each a copy with a record of what it holds, and the newest kept.

The record is written last, so a copy that was cut short is none. Neither holds the signing key: with it, a stolen
backup would open telephone numbers and Zalo's tokens.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import text

from bot.knowledge.db import make_engine
from bot.operations.copies import CopyError, copier_of

_STAMP = "%Y%m%dT%H%M%SZ"


class Record(BaseModel):
    """What a backup holds. ``sha256`` and ``bytes`` are of ``file``, ``revision`` is the schema's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    sha256: str
    bytes: int
    created_at: dt.datetime
    revision: str
    knowledge_version: int | None


class Backups:
    """The backups of one database in one folder."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self._folder = folder
        self._url = database_url
        self._copier = copier_of(database_url)

    def create(self, now: dt.datetime, *, keep: int) -> Record:
        """Make a backup, prove it, remove the oldest beyond ``keep``. Raises ``CopyError``."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Read first: changes that come in between are in the copy all the same.
        revision, version = _versions(self._url)
        name = f"ansinh-{now.astimezone(dt.UTC).strftime(_STAMP)}{self._copier.suffix}"
        place, aside = self._folder / name, self._folder / f"{name}.part"
        if place.exists():
            raise CopyError(f"Đã có bản sao {place}. Chờ một giây rồi chạy lại.")
        try:
            with _private():
                self._copier.copy(aside)
                self._copier.proof(aside)
                record = Record(
                    file=name,
                    sha256=_sha256(aside),
                    bytes=aside.stat().st_size,
                    created_at=now,
                    revision=revision,
                    knowledge_version=version,
                )
                aside.replace(place)
                self._write(record)
        finally:
            aside.unlink(missing_ok=True)
        self._prune(keep)
        return record

    def records(self) -> list[Record]:
        """All complete backups of this kind of database, the oldest first. Raises ``CopyError`` for a broken record."""
        found = [_read(path) for path in sorted(self._folder.glob(f"ansinh-*{self._copier.suffix}.json"))]
        return sorted(found, key=lambda record: record.created_at)

    def check(self, record: Record) -> None:
        """Read a backup through; ``CopyError`` when it is not what was made."""
        place = self._folder / record.file
        if not place.exists():
            raise CopyError(f"Thiếu tệp {place}. Bản sao này không dùng được.")
        if place.stat().st_size != record.bytes or _sha256(place) != record.sha256:
            raise CopyError(f"Tệp {place} không còn như lúc sao lưu. Dùng bản khác và xem lại ổ đĩa.")
        self._copier.proof(place)

    def restore(self, record: Record, *, replace: bool) -> None:
        """Make the database what the backup holds; ``CopyError`` when it has tables and ``replace`` isn't said."""
        self.check(record)
        if not replace and not self._copier.is_empty():
            raise CopyError("Cơ sở dữ liệu đích đang có dữ liệu. Dừng An Sinh, rồi thêm --replace nếu muốn thay hết.")
        self._copier.put_back(self._folder / record.file)

    def find(self, file: str | None) -> Record:
        """The backup of that name, or the newest. Raises ``CopyError`` when there is none."""
        records = self.records()
        chosen = records if file is None else [record for record in records if record.file == file]
        if not chosen:
            raise CopyError(f"Không có bản sao {file or 'nào'} trong {self._folder}.")
        return chosen[-1]

    def _write(self, record: Record) -> None:
        place = self._folder / f"{record.file}.json"
        aside = place.with_suffix(".part")
        aside.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
        aside.replace(place)

    def _prune(self, keep: int) -> None:
        for record in self.records()[:-keep]:
            # The record first: what is left is no backup, not one without its copy.
            (self._folder / f"{record.file}.json").unlink()
            (self._folder / record.file).unlink(missing_ok=True)


def _read(path: Path) -> Record:
    try:
        return Record.model_validate_json(path.read_bytes())
    except ValidationError:
        raise CopyError(f"Không đọc được {path}. Xóa tệp này và bản sao của nó.") from None


def _versions(url: str) -> tuple[str, int | None]:
    engine = make_engine(url)
    try:
        with engine.connect() as db:
            revision = db.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            number = db.execute(text("SELECT number FROM knowledge_version")).scalar_one_or_none()
    finally:
        engine.dispose()
    return str(revision), number


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _private() -> Iterator[None]:
    """What is written in this block is readable by us only."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
