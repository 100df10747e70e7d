"""`python -m bench.sheets`: how long a workbook of 5,000 new FAQ rows takes from the upload to the draft.

What would change is to be seen within ``LIMIT_SECONDS``; it ends with an error where that took longer.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.knowledge.db import Base, make_engine
from bot.knowledge.editing import trail
from bot.knowledge.editing.units import Kind
from bot.knowledge.editing.work import Work
from bot.knowledge.loader import load
from bot.knowledge.schema import FaqRow
from bot.knowledge.sheets.importing import accept, dry_run
from bot.knowledge.sheets.kept import from_json, to_json
from bot.knowledge.sheets.stored import Flat, Stored, read_stored
from bot.knowledge.sheets.writing import faq_workbook, workbook
from tools.bootstrap import ROOT
from tools.say import line, speak_utf8

ROWS = 5_000
LIMIT_SECONDS = 10.0
REPORT = ROOT / "var" / "reports" / "sheets.json"


def measure(folder: Path, rows: int = ROWS) -> Mapping[str, float]:
    """Seconds of each step with so many rows, in a database of its own in ``folder``."""
    engine = make_engine(f"sqlite:///{folder / 'sheets.db'}")
    Base.metadata.create_all(engine)
    load(engine, ROOT / "data")
    figures = {}
    with Session(engine) as session:
        stored = read_stored(session)
        begin = time.perf_counter()
        workbook(stored)
        figures["export_seconds"] = time.perf_counter() - begin
        content = faq_workbook(_entries(stored, rows), stored)
    with Session(engine) as session, session.begin():
        begin = time.perf_counter()
        # Kept for whichever gateway shows it.
        kept = json.dumps(to_json(dry_run(session, content, "bench", lambda _doing, _done, _total: None)))
        figures["dry_run_seconds"] = time.perf_counter() - begin
        begin = time.perf_counter()
        plan = from_json(json.loads(kept))
        work = Work(session, "bench", datetime.now(UTC))
        accept(work, plan, "bench")
        trail.record(work)
        session.flush()
        figures["accept_seconds"] = time.perf_counter() - begin
        figures["rows"] = plan.count("added")
    engine.dispose()
    return figures


def _entries(stored: Stored, rows: int) -> list[Flat]:
    """So many entries, each like a published one with other words."""
    published = [(flat, stored.rows[Kind.FAQ, key]) for key, flat in stored.of_kind(Kind.FAQ)]
    made = []
    for number in range(rows):
        flat, row = published[number % len(published)]
        assert isinstance(row, FaqRow)
        phrasings = [f"{phrasing} {number}" for phrasing in row.phrasings]
        made.append(
            {**flat, "id": f"{row.id}_{number}", "question": f"{row.question} {number}", "phrasings": phrasings}
        )
    return made


def main() -> int:
    """Measure, show and store; 1 where it took too long."""
    speak_utf8()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder))
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    line("\n".join(f"{name} {value:.4g}" for name, value in figures.items()))
    return 0 if figures["dry_run_seconds"] <= LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
