"""The faults: each is done to a stack under load, and undone."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.stack import SQLITE, Stack


@dataclass(frozen=True)
class Length:
    """Seconds of load ``before`` a fault and ``after`` it, how long it holds, and the limit of a turn meanwhile."""

    before: float
    hold: float
    after: float
    turn_seconds: float


SHORT = Length(before=0.8, hold=2.0, after=1.0, turn_seconds=4.0)
LONG = Length(before=5.0, hold=15.0, after=10.0, turn_seconds=10.0)
Happens = Callable[[Stack, Length], None]


@dataclass(frozen=True)
class Fault:
    """``name`` stands in the table of docs/faults.md, with ``done``, what is done. ``over`` is the gateway under load
    when that is not the pair behind the proxy, ``disk`` the disk that must be a small one.
    """

    name: str
    done: str
    happens: Happens
    over: str = ""
    disk: str = ""


def _killed(name: str) -> Happens:
    def happens(stack: Stack, _length: Length) -> None:
        stack.processes[name].kill()
        stack.processes[name].start()

    return happens


def _postgres(how: signal.Signals, seconds: float = 0.0) -> Happens:
    def happens(stack: Stack, _length: Length) -> None:
        stack.postgres.stop(how)
        time.sleep(seconds)
        stack.postgres.start()

    return happens


def _redis(stack: Stack, length: Length) -> None:
    stack.redis.stop()
    time.sleep(length.hold)
    stack.redis.start()


def _silent(wire: str) -> Happens:
    def happens(stack: Stack, length: Length) -> None:
        stack.wires[wire].silence()
        time.sleep(length.turn_seconds + length.hold)
        stack.wires[wire].mend()

    return happens


def _slow(stack: Stack, length: Length) -> None:
    stack.wires["database"].slow(0.1)
    time.sleep(length.hold)
    stack.wires["database"].mend()


def _full_postgres(stack: Stack, length: Length) -> None:
    stack.disks["postgres"].fill()
    time.sleep(2 * length.hold)
    stack.disks["postgres"].empty()
    if not stack.postgres.runs:
        # Its log could not be written: that ends PostgreSQL, and whoever supervises it starts it again.
        stack.postgres.start()


def _full_sqlite(stack: Stack, length: Length) -> None:
    file = stack.sqlite_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(file, timeout=10)) as connection:
        # Otherwise the write-ahead log has room of its own left.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        stack.disks["sqlite"].fill()
    time.sleep(2 * length.hold)
    stack.disks["sqlite"].empty()


def _clock(hours: float) -> Happens:
    def happens(stack: Stack, length: Length) -> None:
        stack.shift_clock(hours * 3600)
        time.sleep(length.hold)

    return happens


def _proxy_restarted(stack: Stack, _length: Length) -> None:
    stack.proxy.stop()
    time.sleep(0.5)
    stack.proxy.start()


def _proxy_reloaded(stack: Stack, length: Length) -> None:
    stack.proxy.reload()
    time.sleep(length.hold)


FAULTS = (
    Fault("gateway killed", "`kill -9` of one of two, started again", _killed("gateway-0")),
    Fault("only gateway killed", "`kill -9` of the one over SQLite, started again", _killed(SQLITE), over=SQLITE),
    Fault("PostgreSQL restarted", "stopped as for an update, started again", _postgres(signal.SIGINT)),
    Fault("PostgreSQL crashed", "ended without a checkpoint, away for 5 s", _postgres(signal.SIGQUIT, 5.0)),
    Fault("PostgreSQL slow", "0.1 s more in each direction", _slow),
    Fault("PostgreSQL silent", "half-open: takes all, answers nothing", _silent("database")),
    Fault("disk of PostgreSQL full", "not a byte left", _full_postgres, disk="postgres"),
    Fault("disk of SQLite full", "not a byte left", _full_sqlite, over=SQLITE, disk="sqlite"),
    Fault("Redis gone", "killed, back later", _redis),
    Fault("Redis silent", "half-open", _silent("redis")),
    Fault("Rasa silent", "half-open", _silent("rasa")),
    Fault("actions silent", "half-open", _silent("actions")),
    Fault("Zalo silent", "half-open", _silent("zalo")),
    Fault("clock forward", "2 hours, in each gateway", _clock(2.0)),
    Fault("clock back", "1 hour, in each gateway", _clock(-1.0)),
    Fault("nginx restarted", "cut off, back after half a second", _proxy_restarted),
    Fault("nginx reloaded", "reads its configuration again", _proxy_reloaded),
    Fault("Rasa killed", "`kill -9`, started again", _killed("rasa")),
    Fault("actions killed", "`kill -9`, started again", _killed("actions")),
)
