"""Backups in a folder: each a copy with a record of what it holds, and the newest kept.

The record is written last, so a copy that was cut short is none. Neither holds the signing key: with it, a stolen
backup would open telephone numbers and Zalo's tokens.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import text

from bot.knowledge.db import make_engine
from bot.operations import erasures
from bot.operations.copies import CopyError, copier_of
from bot.operations.erasures import Erasure

_LONGEST = dt.timedelta(days=29)
"""Citizens are told of 30 days: what is not yet too old in one night's run is gone with the next."""


class Record(BaseModel):
    """What a backup holds. ``sha256`` and ``bytes`` are of ``file``, ``revision`` is the schema's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    sha256: str
    bytes: int
    created_at: dt.datetime
    revision: str
    knowledge_version: int | None


@dataclass(frozen=True)
class Restored:
    """Of how many people data were erased again. Not ``all_known``: erasures after the newest backup are lost."""

    erased: int
    all_known: bool


class Backups:
    """The backups of one database in one folder."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self._folder = folder
        self._url = database_url
        self._copier = copier_of(database_url)

    def create(self, now: dt.datetime, *, keep: int) -> Record:
        """Make and prove a backup, remove all beyond ``keep`` or older than is promised, list who had data erased.

        Raises ``CopyError``.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Read first: changes that come in between are in the copy all the same.
        revision, version = _versions(self._url)
        name = _stamped(now) + self._copier.suffix
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
        self._prune(keep, now - _LONGEST)
        self._list_erasures(erasures.of_database(self._url))
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

    def restore(self, record: Record, *, replace: bool) -> Restored:
        """Make the database what the backup holds, of the newest schema and without what was erased since.

        ``CopyError`` when it has tables and ``replace`` isn't said.
        """
        self.check(record)
        if not replace and not self._copier.is_empty():
            raise CopyError("Cơ sở dữ liệu đích đang có dữ liệu. Dừng An Sinh, rồi thêm --replace nếu muốn thay hết.")
        # Listed before it is replaced: whoever restores again after a failure must find it still.
        current = erasures.of_database(self._url)
        gone = self._list_erasures(current)
        self._copier.put_back(self._folder / record.file)
        _upgrade(self._url)
        return Restored(erasures.repeat(self._url, gone, since=record.created_at), all_known=current is not None)

    def find(self, file: str | None) -> Record:
        """The backup of that name, or the newest. Raises ``CopyError`` when there is none."""
        records = self.records()
        chosen = records if file is None else [record for record in records if record.file == file]
        if not chosen:
            raise CopyError(f"Không có bản sao {file or 'nào'} trong {self._folder}.")
        return chosen[-1]

    def _list_erasures(self, current: list[Erasure] | None) -> list[Erasure]:
        """Add to the list what the database knows; the whole list."""
        known = erasures.merged(erasures.listed(self._folder), current or [])
        with _private():
            erasures.write(self._folder, known, since=min(record.created_at for record in self.records()))
        return known

    def _write(self, record: Record) -> None:
        place = self._folder / f"{record.file}.json"
        aside = place.with_suffix(".part")
        aside.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
        aside.replace(place)

    def _prune(self, keep: int, oldest: dt.datetime) -> None:
        for record in self.records()[:-keep]:
            # The record first: what is left is no backup, not one without its copy.
            (self._folder / f"{record.file}.json").unlink()
            (self._folder / record.file).unlink(missing_ok=True)
        # Those of another kind of database too, and what was cut short: all hold what people said.
        first = _stamped(oldest)
        for pattern in ("ansinh-*.json", "ansinh-*"):
            for path in self._folder.glob(pattern):
                if path.name < first:
                    path.unlink()


def _stamped(moment: dt.datetime) -> str:
    """What the names of a backup made then begin with; they sort by time."""
    return f"ansinh-{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _upgrade(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        env={**os.environ, "ANSINH_DATABASE_URL": url}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        said = done.stderr.strip()[-400:]
        raise CopyError(f"Đã đưa bản sao trở lại, nhưng không cập nhật được cơ sở dữ liệu nên chưa dùng được: {said}")


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
