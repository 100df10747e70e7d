"""How a turn can end. One vocabulary for answers, log, console, metrics and tests."""

from __future__ import annotations

from typing import Literal, get_args

Status = Literal[
    "answered",
    "asked_back",
    "clarify",
    "not_covered",
    "out_of_scope",
    "blocked",
    "handed_over",
    "unavailable",
    "error",
]

STATUSES: tuple[Status, ...] = get_args(Status)
