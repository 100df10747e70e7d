"""Loading ``data/`` into the database: ``python -m bot.knowledge.loader data``.

All or nothing, in one transaction. A second run changes nothing; what officers changed stays.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.knowledge.db import make_engine
from bot.knowledge.journal import note_changes
from bot.knowledge.loading.checks import check
from bot.knowledge.loading.files import read_files
from bot.knowledge.loading.merge import Outcome, merge
from bot.knowledge.loading.problems import DataError
from bot.knowledge.loading.records import make_records
from bot.knowledge.versions import lock_version, raise_version
from bot.settings import Settings


def load(engine: Engine, root: Path) -> Outcome:
    """Load the files under ``root``; raises :class:`DataError`, and then the database is as before."""
    files = read_files(root)
    check(files)
    records = make_records([file.content for file in files])
    with Session(engine) as session, session.begin():
        lock_version(session)
        outcome = merge(session, records)
        if outcome.changed:
            now = datetime.now(UTC)
            note_changes(session, raise_version(session, now), now, outcome.changes)
    return outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Load and say what was done; 0 when all is well, 1 for bad data or an unusable database."""
    parser = argparse.ArgumentParser(description="Nạp dữ liệu chính sách vào cơ sở dữ liệu.")
    parser.add_argument("root", type=Path, help="thư mục dữ liệu, ví dụ: data")
    parser.add_argument("--database-url", help="mặc định: ANSINH_DATABASE_URL")
    options = parser.parse_args(arguments)
    engine = make_engine(options.database_url or Settings().database_url)
    try:
        outcome = load(engine, options.root)
    except DataError as error:
        sys.stderr.write(f"{error}\n\nCó {len(error.problems)} lỗi. Chưa nạp dòng nào.\n")
        return 1
    except DBAPIError as error:
        sys.stderr.write(
            f"Cơ sở dữ liệu báo lỗi: {error.orig}\nChưa nạp dòng nào. Nếu chưa có bảng, hãy chạy trước: "
            "alembic upgrade head. Nếu đang bận (locked), hãy chờ một lát rồi chạy lại.\n"
        )
        return 1
    finally:
        engine.dispose()
    sys.stdout.write(_report(outcome) + "\n")
    return 0


def _report(outcome: Outcome) -> str:
    if outcome.changed:
        done = f"Đã thêm {outcome.added} dòng, thay {outcome.replaced}, bỏ {outcome.removed}."
    else:
        done = "Không có gì thay đổi."
    if not outcome.kept:
        return done
    kept = "\n".join(f"  {name}" for name in outcome.kept)
    return f"{done}\nGiữ nguyên {len(outcome.kept)} dòng theo cán bộ, không lấy từ tệp:\n{kept}"


if __name__ == "__main__":
    sys.exit(main())
