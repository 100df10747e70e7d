"""What changed between two states of a thing, for people to read."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.console import words

_PARTS = re.compile(r"\s+|[^\s]+")
_SHORT = 120

Mark = Literal["same", "gone", "new"]


@dataclass(frozen=True)
class Change:
    """A field, and its words: those that stayed, went and came, in order."""

    field: str
    parts: Sequence[tuple[Mark, str]]


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Change]:
    """The fields that differ, in the order in which they stand."""
    old, new = before or {}, after or {}
    keys = [*old, *(key for key in new if key not in old)]
    return [
        Change(words.field(key), compared(written(key, old.get(key)), written(key, new.get(key))))
        for key in keys
        if old.get(key) != new.get(key)
    ]


def compared(old: str, new: str) -> list[tuple[Mark, str]]:
    """Two texts, word by word."""
    first, second = _PARTS.findall(old), _PARTS.findall(new)
    found: list[tuple[Mark, str]] = []
    for what, i, j, k, end in difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(("same", "".join(first[i:j])))
            continue
        for mark, part in (("gone", first[i:j]), ("new", second[k:end])):
            if part:
                found.append((mark, "".join(part)))  # type: ignore[arg-type]
    return found


def written(key: str, value: Any) -> str:
    """A JSON value of the field ``key`` as officers read it."""
    match value:
        case None:
            return ""
        case bool():
            return "có" if value else "không"
        case str():
            return words.value(key, value)
        case [*items] if all(isinstance(item, str | int) for item in items):
            return ", ".join(words.value(key, str(item)) for item in items)
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, indent=1)
        case _:
            return str(value)


def in_words(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """The same in a line: ``Họ tên: Lan → Lan Phạm; …``."""
    old, new = before or {}, after or {}
    return "; ".join(
        f"{words.field(key)}: {_short(key, old.get(key))} → {_short(key, new.get(key))}" if key in old else
        f"{words.field(key)}: {_short(key, new.get(key))}"
        for key in [*old, *(key for key in new if key not in old)]
        if old.get(key) != new.get(key)
    )  # fmt: skip


def _short(key: str, value: Any) -> str:
    text = " ".join(written(key, value).split())
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
