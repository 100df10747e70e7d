"""Auditing the data files: ``python -m bot.knowledge.auditing [data]``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.knowledge.auditing.audit import audit
from bot.knowledge.auditing.findings import Severity
from bot.knowledge.auditing.report import figures_of, summary, write
from bot.knowledge.clock import today
from bot.knowledge.loading.problems import DataError
from bot.knowledge.repository import snapshot_from_files
from bot.settings import Settings

_REPORTS = Path("var/reports")


def main(arguments: Sequence[str] | None = None) -> int:
    """Say what is wrong, most serious first, and write the reports; 1 for errors and for files that do not load."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.knowledge.auditing", description="Kiểm tra nội dung dữ liệu chính sách."
    )
    parser.add_argument("root", type=Path, nargs="?", default=Path("data"), help="thư mục dữ liệu (mặc định: data)")
    parser.add_argument("--reports", type=Path, default=_REPORTS, help=f"nơi ghi báo cáo (mặc định: {_REPORTS})")
    options = parser.parse_args(arguments)
    day = today(Settings().today)
    try:
        snapshot = snapshot_from_files(options.root)
    except DataError as error:
        sys.stderr.write(f"{error}\n\nCó {len(error.problems)} lỗi khi đọc tệp, chưa kiểm tra được nội dung.\n")
        return 1
    findings = sorted(audit(snapshot, day), key=lambda finding: finding.severity is not Severity.ERROR)
    write(findings, day, options.reports)
    figures = figures_of(findings)
    sys.stdout.write("".join(f"{finding}\n" for finding in findings))
    sys.stdout.write(f"{summary(figures)} Báo cáo: {options.reports / 'check-data.md'}\n")
    return 1 if figures["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
