"""The keeper as a process of its own: ``python -m bot.conversation.retraining``, where gateways may not do its work.

``--use ansinh-….tar.gz`` says instead which model answers from now on, as after an update of the files.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import signal
import sys
from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.conversation.clock import Clock
from bot.conversation.retraining import choice
from bot.conversation.retraining.keeper import MODELS, Keeper
from bot.conversation.store import Store
from bot.knowledge.db import make_engine
from bot.logs import write_logs
from bot.settings import Settings

_SECONDS = 2.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until stopped, or note the model; 2 when that is not there."""
    parser = argparse.ArgumentParser(description="Trông coi mô hình: huấn luyện, thay, dọn bản cũ.")
    parser.add_argument("--use", metavar="MÔ_HÌNH", help="chỉ ghi: từ nay dùng mô hình này trong thư mục models")
    name: str | None = parser.parse_args(arguments).use
    settings = Settings()
    write_logs(settings)
    if name is not None:
        return _use(name, settings)
    if not settings.training_seconds:
        settings = settings.model_copy(update={"training_seconds": _SECONDS})
    asyncio.run(_keep(settings))
    return 0


def _use(name: str, settings: Settings) -> int:
    if not (MODELS / name).is_file():
        there = ", ".join(sorted(path.name for path in MODELS.glob("*.tar.gz"))) or "trống"
        sys.stderr.write(f"Không có mô hình {name} trong {MODELS}. Đang có: {there}.\n")
        return 2
    engine = make_engine(settings.database_url)
    with Session(engine) as db, db.begin():
        choice.note_start(db, name, dt.datetime.now(dt.UTC))
    engine.dispose()
    sys.stdout.write(f"Từ nay dùng mô hình {name}.\n")
    return 0


async def _keep(settings: Settings) -> None:
    store = Store(make_engine(settings.database_url), threads=1)
    keeping = asyncio.ensure_future(Keeper(store, Clock(settings.today), settings).run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, keeping.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await keeping
    store.close()


if __name__ == "__main__":
    sys.exit(main())
