"""What a system made of a question, in the words that the scores need, and the file that remembers it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SILENT = "silent"
"""The status of a question that got no reply, an error of HTTP, or none in time."""
FAILED = frozenset({SILENT, "unavailable", "error"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The first answer: `topic` and `aspect` are those of its first reading where it offers several (`clarify`).

    `offered` holds every topic that the turn answers or offers; `office` is whether an office to ask is named;
    `ms` is how long the turn took, `text` what the citizen reads, `answers` how many messages it is.
    """

    status: str
    source: str
    ms: float
    topic: str | None = None
    aspect: str | None = None
    offered: tuple[str, ...] = ()
    office: bool = False
    text: str = ""
    answers: int = 1

    @property
    def failed(self) -> bool:
        """Whether the citizen was left without a reply, or with an apology for a fault."""
        return self.status in FAILED


def of_replies(replies: Sequence[Mapping[str, Any]], ms: float) -> Outcome:
    """The outcome of a turn from its messages (design §6); none at all is silence."""
    if not replies:
        return Outcome(SILENT, "", ms)
    answers = [reply["answer"] for reply in replies]
    first = answers[0]
    reading = first["readings"][0] if first["status"] == "clarify" and first["readings"] else first
    offered = [
        topic
        for answer in answers
        for topic in (answer["topic"], *(each["topic"] for each in answer["readings"]))
        if topic is not None
    ]
    return Outcome(
        first["status"],
        first["source"],
        ms,
        reading["topic"],
        reading["aspect"],
        tuple(dict.fromkeys(offered)),
        bool(first["office"]),
        "\n".join(reply["text"] for reply in replies),
        len(replies),
    )


class Memory:
    """Outcomes by question in a file of one JSON object per line, so that a stopped run goes on where it was.

    A question is known by its digest. A failure is not kept: the next run asks again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = dict(_read(path))

    def get(self, text: str) -> Outcome | None:
        """What became of `text`, if it was asked."""
        return self._known.get(_digest(text))

    def add(self, text: str, outcome: Outcome) -> None:
        """Remembers, on the disk too unless it failed."""
        key = _digest(text)
        self._known[key] = outcome
        if outcome.failed:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, **asdict(outcome)}, ensure_ascii=False) + "\n")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _read(path: Path) -> Iterable[tuple[str, Outcome]]:
    if not path.exists():
        return
    whole = path.read_text(encoding="utf-8")
    if whole and not whole.endswith("\n"):
        # A run that was killed while writing left half a line behind.
        whole = whole[: whole.rfind("\n") + 1]
        path.write_text(whole, encoding="utf-8")
    for line in whole.splitlines():
        given = json.loads(line)
        key = given.pop("key")
        yield key, Outcome(**{**given, "offered": tuple(given["offered"])})
