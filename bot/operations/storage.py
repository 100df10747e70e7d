"""The database, its backups, the disk below them, and Redis."""

from __future__ import annotations

import datetime as dt
import importlib.util
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.knowledge.db import make_engine
from bot.knowledge.tables import KnowledgeVersionRecord, ProgramRecord
from bot.operations.backups import Backups
from bot.operations.copies import CopyError
from bot.operations.findings import Finding, bad, good, mind
from bot.settings import Settings

_ALEMBIC = Path(__file__).parents[2] / "alembic.ini"
_LEAST_FREE = 1 << 30
_FRESH = dt.timedelta(hours=26)
_CLOCK_SECONDS = 5.0


def look_at_storage(settings: Settings, now: dt.datetime) -> Iterator[Finding]:
    """Findings about everything that keeps something."""
    url = make_url(settings.database_url)
    sqlite = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if sqlite is not None and not sqlite.exists():
        yield bad(f"Chưa có cơ sở dữ liệu {sqlite}", "Chạy make run một lần, hoặc: .venv/bin/alembic upgrade head")
    else:
        yield from _database(settings, now)
        yield _backups(settings, now)
    places = {settings.backup_folder, *([] if sqlite is None else [sqlite.parent])}
    for place in sorted(places):
        yield _disk(place)
    if settings.redis_url:
        yield _redis(settings.redis_url)


def _database(settings: Settings, now: dt.datetime) -> Iterator[Finding]:
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as db:
            yield good(f"Vào được cơ sở dữ liệu ({engine.dialect.name})")
            yield from _tables(db)
            yield from _clock(db, now)
    except SQLAlchemyError as error:
        # The message may name the password.
        yield bad(
            f"Cơ sở dữ liệu không dùng được ({type(error).__name__})",
            "Xem máy chủ cơ sở dữ liệu có chạy không, và ANSINH_DATABASE_URL có đúng không.",
        )
    finally:
        engine.dispose()


def _tables(db: Connection) -> Iterator[Finding]:
    head = ScriptDirectory.from_config(Config(_ALEMBIC)).get_current_head()
    current = db.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if current != head:
        yield bad(
            f"Bảng đang ở phiên bản {current}, mã nguồn cần {head}",
            "Sao lưu (python -m bot.cli.backup create) rồi chạy: .venv/bin/alembic upgrade head",
        )
        return
    yield good(f"Bảng đúng phiên bản {head}")
    version = db.scalar(select(KnowledgeVersionRecord.number))
    programs = db.scalar(select(func.count()).select_from(ProgramRecord))
    if version is None or not programs:
        yield bad("Chưa có dữ liệu chính sách", "Chạy: .venv/bin/python -m bot.knowledge.loader data")
    else:
        yield good(f"Có {programs} chính sách, phiên bản dữ liệu {version}")


def _clock(db: Connection, now: dt.datetime) -> Iterator[Finding]:
    if db.dialect.name != "postgresql":
        return
    theirs = db.scalar(select(func.now()))
    apart = abs((theirs - now).total_seconds()) if theirs is not None else 0.0
    if apart > _CLOCK_SECONDS:
        yield bad(
            f"Đồng hồ máy này và máy cơ sở dữ liệu lệch nhau {apart:.0f} giây",
            "Bật đồng bộ giờ trên cả hai máy: timedatectl set-ntp true",
        )
    else:
        yield good("Đồng hồ khớp với máy cơ sở dữ liệu")


def _backups(settings: Settings, now: dt.datetime) -> Finding:
    how = "Chạy: python -m bot.cli.backup create; để tự động mỗi đêm, xem docs/huong-dan/van-hanh/sao-luu.md"
    try:
        records = Backups(settings.backup_folder, settings.database_url).records()
    except CopyError as error:
        return bad(str(error), how)
    if not records:
        return bad(f"Chưa có bản sao lưu nào trong {settings.backup_folder}", how)
    hours = (now - records[-1].created_at).total_seconds() / 3600
    if now - records[-1].created_at > _FRESH:
        return bad(f"Bản sao lưu mới nhất đã {hours:.0f} giờ", how)
    return good(f"Có {len(records)} bản sao lưu, bản mới nhất cách đây {hours:.0f} giờ")


def _disk(place: Path) -> Finding:
    there = next((folder for folder in (place, *place.absolute().parents) if folder.exists()), Path("/"))
    free = shutil.disk_usage(there).free
    if free < _LEAST_FREE:
        return bad(f"Ổ đĩa của {place} chỉ còn {free / 1e9:.1f} GB", "Xóa bớt tệp không dùng (xem: df -h).")
    return good(f"Ổ đĩa của {place} còn {free / 1e9:.0f} GB")


def _redis(url: str) -> Finding:
    address = urlsplit(url)
    if importlib.util.find_spec("redis") is None:
        return bad(
            "ANSINH_REDIS_URL chỉ tới Redis nhưng thiếu thư viện redis",
            "Bỏ trống, hoặc thêm redis vào requirements/service.in.",
        )
    try:
        with socket.create_connection((address.hostname or "127.0.0.1", address.port or 6379), timeout=3):
            return good("Vào được Redis")
    except OSError as error:
        return mind(
            f"Không vào được Redis ({error.strerror or type(error).__name__})",
            "An Sinh vẫn chạy, mỗi cổng tự đếm giới hạn. Xem Redis có chạy không, địa chỉ có đúng không.",
        )
