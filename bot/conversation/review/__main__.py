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
    try:
        write_training(assistant.snapshot, training)
    except OSError as error:
        # The queue is filled all the same, and the console's training reads the database.
        sys.stderr.write(f"Không ghi được {training} ({error.strerror}): make train sẽ không có câu mới dạy.\n")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job."""
    parser = argparse.ArgumentParser(description="Gom các lượt hỏi cần xem lại vào hàng đợi.")
    parser.add_argument("--every", type=float, default=0.0, help="số giây giữa hai lần; 0 là chạy một lần")
    parser.add_argument("--training", type=Path, help="tệp câu đã dạy, cho make train")
    options = parser.parse_args(arguments)
    settings = Settings()
    training = options.training or settings.training_folder / "learned.yml"
    engine = make_engine(settings.database_url)
    library = Library(engine)
    try:
        found = run_once(engine, library, dt.datetime.now(dt.UTC), training)
        while options.every > 0:
            time.sleep(options.every)
            run_once(engine, library, dt.datetime.now(dt.UTC), training)
    finally:
        engine.dispose()
    sys.stdout.write(f"Đã thêm {found} lượt hỏi vào hàng đợi xem lại.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
