"""The review's job: ``python -m bot.conversation.review`` once, or every so many seconds until it is stopped."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.conversation.review.collect import collect
from bot.conversation.review.phrases import write_training
from bot.knowledge.assistant import Library
from bot.knowledge.db import make_engine
from bot.settings import Settings

TRAINING = Path("var/training/learned.yml")


def run_once(engine: Engine, library: Library, now: dt.datetime, training: Path) -> int:
    """Put all that is new into the queue and write what is learnt for the next model; how many turns deserve a look.

    Each batch is a transaction of its own, so that what a killed process has done stays done.
    """
    assistant = library.assistant()
    found, more = 0, True
    while more:
        with Session(engine) as db, db.begin():
            batch = collect(db, assistant.index, now)
        found, more = found + batch.found, batch.more
    write_training(assistant.snapshot, training)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job."""
    parser = argparse.ArgumentParser(description="Gom các lượt hỏi cần xem lại vào hàng đợi.")
    parser.add_argument("--every", type=float, default=0.0, help="số giây giữa hai lần; 0 là chạy một lần")
    parser.add_argument("--training", type=Path, default=TRAINING, help="tệp câu đã dạy, cho lần huấn luyện sau")
    options = parser.parse_args(arguments)
    engine = make_engine(Settings().database_url)
    library = Library(engine)
    try:
        found = run_once(engine, library, dt.datetime.now(dt.UTC), options.training)
        while options.every > 0:
            time.sleep(options.every)
            run_once(engine, library, dt.datetime.now(dt.UTC), options.training)
    finally:
        engine.dispose()
    sys.stdout.write(f"Đã thêm {found} lượt hỏi vào hàng đợi xem lại.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
