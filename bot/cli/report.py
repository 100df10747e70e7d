"""``python -m bot.cli.report --month 2026-10 --form party --out bao-cao``: the periodic report as .docx and .xlsx."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.conversation.clock import Clock
from bot.conversation.figures.figures import Figures, figures
from bot.conversation.figures.periods import Kind, Period, PeriodUnreadableError
from bot.conversation.report.content import content
from bot.conversation.report.document import document
from bot.conversation.report.form import Form
from bot.conversation.report.words import Names
from bot.conversation.report.workbook import workbook
from bot.knowledge.db import make_engine
from bot.knowledge.repository import load_snapshot
from bot.settings import Settings

_KINDS: tuple[Kind, ...] = ("month", "quarter", "year")


def write(period: Period, form: Form, folder: Path, settings: Settings, clock: Clock) -> list[Path]:
    """Write both files into ``folder`` and return where; the period must have begun."""
    told, names = _read(period, settings)
    said = content(told, names, least=settings.figures_least)
    name = f"bao-cao-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}"
    folder.mkdir(parents=True, exist_ok=True)
    made = {
        folder / f"{name}.docx": document(said, form, clock.today(), clock.now()),
        folder / f"{name}.xlsx": workbook(said, clock.now()),
    }
    for path, content_of in made.items():
        path.write_bytes(content_of)
    return list(made)


def _read(period: Period, settings: Settings) -> tuple[Figures, Names]:
    engine = make_engine(settings.database_url)
    try:
        with Session(engine) as db:
            return figures(db, period), Names.of(load_snapshot(db))
    finally:
        engine.dispose()


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m bot.cli.report", description="Lập báo cáo định kỳ (.docx và .xlsx)")
    which = top.add_mutually_exclusive_group(required=True)
    which.add_argument("--month", metavar="2026-10", help="báo cáo tháng")
    which.add_argument("--quarter", metavar="2026-Q4", help="báo cáo quý")
    which.add_argument("--year", metavar="2026", help="báo cáo năm")
    top.add_argument(
        "--form", choices=("party", "state"), help="thể thức: của Đảng hay của Nhà nước (không ghi: theo cài đặt)"
    )
    top.add_argument("--out", type=Path, default=Path("var/reports"), help="thư mục ghi báo cáo")
    return top


def main() -> None:
    """Write the files and print where they are; a mistake ends with its sentence and status 1."""
    given = parser().parse_args()
    settings = Settings()
    kind = next(kind for kind in _KINDS if getattr(given, kind))
    try:
        period = Period.parse(kind, getattr(given, kind))
        paths = write(period, Form.of(settings, given.form), given.out, settings, Clock(settings.today))
    except PeriodUnreadableError as error:
        sys.exit(str(error))
    except SQLAlchemyError as error:
        sys.exit(f"Không đọc được cơ sở dữ liệu ({type(error).__name__}). Xem lại ANSINH_DATABASE_URL.")
    print("\n".join(str(path) for path in paths))


if __name__ == "__main__":
    main()
