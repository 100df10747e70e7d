"""The columns and filters of a list, and how its values are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.knowledge.clock import VIETNAM

Row = TypeVar("Row")
Value = str | int | dt.date | None  # A datetime is a date too.


@dataclass(frozen=True)
class Column(Generic[Row]):
    """``value`` of a row under a title; ``link`` is the path of the row's own page, if it has one.

    A column that is not ``shown`` stands in exports only: what is too long for the page. With ``post`` its value is
    written on a button that posts to that path; it is neither exported nor searched.
    """

    key: str
    title: str
    value: Callable[[Row], Value]
    link: Callable[[Row], str] | None = None
    shown: bool = True
    post: Callable[[Row], str] | None = None


@dataclass(frozen=True)
class Filter:
    """A field to narrow a list by: one of ``choices`` (value, title); a day where there are none."""

    key: str
    title: str
    choices: Sequence[tuple[str, str]] = ()


def text(value: Value) -> str:
    """A value as officers read it: ``30/11/2026 14:05``, ``30/11/2026``; nothing for none."""
    match value:
        case None:
            return ""
        case dt.datetime():
            return value.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")
        case dt.date():
            return value.strftime("%d/%m/%Y")
        case _:
            return str(value)
