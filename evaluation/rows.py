"""The questions of an evaluation with their labels, from the folder of real questions and from the golden set.

The real questions stand outside the project and their words stay there; of them the project keeps ids alone.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from evaluation.variants import MADE

CLEAN = "clean"
QUESTIONS, GOLDEN, NOISY, OFF_TOPIC = "questions", "golden", "noisy", "off_topic"
GOLDEN_OFF_TOPIC, ATTACKS = "golden_off_topic", "attacks"
STYLES = {
    "no_diacritics": "no_accents",
    "mixed_diacritics": "mixed_accents",
    "abbreviations": "abbreviation",
    "central_dialect": "dialect",
    "typos": "typo",
}
"""What the real chat-style questions call a variant, and what the golden set calls it."""


class RowError(ValueError):
    """A row that cannot be used; names the file, the row and the mend."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question: `topic` is None when it is none of ours, `coverable` when nobody has judged it.

    `base` is the id of the clean row that this one is a variant of; one row can be of several variants. `second` is
    the topic of a second ask. An attack has, instead of labels, the statuses it `must` end with and words that are
    `never` to be said.
    """

    id: str
    set: str
    variants: tuple[str, ...]
    text: str
    topic: str | None
    aspect: str | None
    coverable: bool | None = None
    base: str | None = None
    second: str | None = None
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


def read_real(folder: Path, coverable: Mapping[str, bool]) -> list[Row]:
    """The rows of `questions.jsonl`, `noisy.jsonl` and `off_topic.jsonl`; raises RowError, or OSError for no file."""
    return [
        *(
            Row(
                given["id"],
                QUESTIONS,
                (CLEAN,),
                given["text"],
                given["topic"],
                given["ask"],
                coverable.get(given["id"]),
            )
            for given in _lines(folder / "questions.jsonl", ("id", "text", "topic", "ask"))
        ),
        *(
            Row(
                given["id"],
                NOISY,
                ("all", *(STYLES[style] for style in given["style"] if style in STYLES)),
                given["text"],
                given["topic"],
                given["ask"],
                coverable.get(given["orig_id"]),
                given["orig_id"],
            )
            for given in _lines(folder / "noisy.jsonl", ("id", "text", "topic", "ask", "style", "orig_id"))
        ),
        *(
            Row(given["id"], OFF_TOPIC, _kinds(given["kind"]), given["text"], None, None)
            for given in _lines(folder / "off_topic.jsonl", ("id", "text", "kind"))
        ),
    ]


def _kinds(kind: str) -> tuple[str, ...]:
    return (CLEAN, "near_miss") if kind.startswith("near_miss") else (CLEAN,)


def _lines(path: Path, keys: Sequence[str]) -> Iterable[Mapping[str, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            yield _with_keys(json.loads(line), keys, f"{path}, line {number}")


def _with_keys(given: Any, keys: Sequence[str], where: str) -> Mapping[str, Any]:
    missing = [key for key in keys if key not in given] if isinstance(given, Mapping) else list(keys)
    if missing:
        raise RowError(f"{where}: a row needs {', '.join(missing)}. Given: {given}")
    read: Mapping[str, Any] = given
    return read


def read_golden(folder: Path) -> list[Row]:
    """The project's own questions and attacks, `*.yml` of `folder` in order of name; raises RowError."""
    rows = [
        _attack(entry, where) if "must" in entry else _golden(entry, where)
        for path in sorted(folder.glob("*.yml"))
        for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")) or [], start=1)
        for where in [f"{path}, row {number}"]
    ]
    known = {row.id for row in rows}
    for row in rows:
        if row.base is not None and row.base not in known:
            raise RowError(f"{folder}: {row.id} is said to be of {row.base}, which is no row of the golden set")
    return rows


def _golden(entry: Any, where: str) -> Row:
    given = _with_keys(entry, ("id", "text", "topic", "aspect", "coverable", "variant"), where)
    if given["topic"] is None:
        return Row(given["id"], GOLDEN_OFF_TOPIC, _kinds(given.get("kind", "")), given["text"], None, None)
    return Row(
        given["id"],
        GOLDEN,
        (given["variant"],),
        given["text"],
        given["topic"],
        given["aspect"],
        given["coverable"],
        given.get("of"),
        given.get("second", {}).get("topic"),
    )


def _attack(entry: Any, where: str) -> Row:
    given = _with_keys(entry, ("id", "text", "kind", "must"), where)
    must, never = tuple(given["must"]), tuple(given.get("never", ()))
    return Row(given["id"], ATTACKS, ("all", given["kind"]), given["text"], None, None, must=must, never=never)


def read_coverable(path: Path) -> dict[str, bool]:
    """Whether the research can answer a real question, by id; nothing when nobody has judged yet."""
    if not path.exists():
        return {}
    judged = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return {each["id"]: each["coverable"] for each in judged}


def distinct(rows: Sequence[Row]) -> list[Row]:
    """`rows` as they are; raises RowError when an id of a set and variant stands twice."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if (row.set, row.id) in seen:
            raise RowError(f"{row.id} stands twice in the set {row.set}: give each row an id of its own")
        seen.add((row.set, row.id))
    return list(rows)


def sample(rows: Sequence[Row], count: int, seed: int) -> list[Row]:
    """At most `count` rows of each set and first variant, the same ones for the same seed, and the rows they vary."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.set, row.variants[0]), []).append(row)
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    chosen = {row for group in groups.values() for row in chance.sample(group, min(count, len(group)))}
    bases = {row.base for row in chosen}
    return [row for row in rows if row in chosen or (row.id in bases and row.set in (QUESTIONS, GOLDEN))]


def with_made_variants(rows: Sequence[Row], seed: int) -> list[Row]:
    """`rows`, and each clean one again in every variant that a machine can make and that differs from it."""
    made = [
        replace(row, id=f"{row.id}/{name}", variants=(name,), text=text, base=row.id)
        for row in rows
        if CLEAN in row.variants
        for name, make in MADE.items()
        for text in [make(row.text, f"{seed}:{row.id}")]
        if text != row.text
    ]
    return [*rows, *made]
