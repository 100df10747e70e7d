"""A workbook of many rows from the upload to the draft: the short form of ``python -m bench.sheets``."""

from pathlib import Path

from bench.sheets import measure


def test_all_rows_of_a_large_workbook_become_one_draft(tmp_path: Path) -> None:
    figures = measure(tmp_path, rows=500)
    assert figures["rows"] == 500
    assert min(figures["dry_run_seconds"], figures["accept_seconds"]) > 0
