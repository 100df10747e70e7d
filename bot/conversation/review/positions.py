"""Where a turn stands in time: cursors of pages, and the numbers under which its text is kept."""

from __future__ import annotations

import datetime as dt
import zlib
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_BITS = 10
# Turn ids are hexadecimal, so this stands behind each of them.
_LAST_KEY = "z"


class Cursor(NamedTuple):
    """The last row that was read: its time and its key. Written as ``<microseconds since 1970>.<key>``."""

    at: dt.datetime
    key: str

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read what ``str`` wrote; ``ValueError`` for anything else."""
        micros, dot, key = text.partition(".")
        if not dot or not key:
            message = f"a cursor looks like 1764000000000000.0f3a, not {text!r}"
            raise ValueError(message)
        return cls(_EPOCH + int(micros) * _MICROSECOND, key)

    @classmethod
    def below(cls, at: dt.datetime) -> Cursor:
        """The place from which all rows of ``at`` and before are still to be read, newest first."""
        return cls(at, _LAST_KEY)

    def __str__(self) -> str:
        return f"{_micros(self.at)}.{self.key}"


def before(at: Any, key: Any, cursor: Cursor) -> ColumnElement[bool]:
    """The rows behind ``cursor`` when the newest come first; the first part is one that an index of ``at`` serves."""
    return and_(at <= cursor.at, or_(at < cursor.at, key < cursor.key))


def behind(at: Any, key: Any, cursor: Cursor) -> ColumnElement[bool]:
    """The rows behind ``cursor`` when the oldest come first."""
    return and_(at >= cursor.at, or_(at > cursor.at, key > cursor.key))


def position_of(at: dt.datetime, turn_id: str) -> int:
    """A number in the order of time; two turns of one microsecond share it by a chance of one in a thousand."""
    return (_micros(at) << _BITS) | (zlib.crc32(turn_id.encode()) & ((1 << _BITS) - 1))


def first_position(at: dt.datetime) -> int:
    """The lowest number that a turn of that time or later can have."""
    return _micros(at) << _BITS


def _micros(at: dt.datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
