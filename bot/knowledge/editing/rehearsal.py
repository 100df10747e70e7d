"""``python -m bot.knowledge.editing.rehearsal 7 2026-11-30``: whose verdicts and amounts change set 7 would change.

Judges households by what is published and by the draft, in a process of its own, as it takes seconds of computing:
simulated ones on each day on which the draft changes something, and those of the case file where there is one.
Writes a line of JSON for each step, ``{"done": 120, "of": 900}``, and last ``{"result": …}``.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.knowledge.auditing.findings import criteria_of
from bot.knowledge.db import make_engine
from bot.knowledge.editing.changesets import changes_of
from bot.knowledge.editing.impact import Changed, compare
from bot.knowledge.editing.overlay import Changes
from bot.knowledge.editing.preview import draft_snapshot
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.repository import load_snapshot
from bot.knowledge.situations import Situation, read_situations, simulated
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.voice import member_name
from bot.knowledge.wording import fact_text
from bot.settings import Settings

HOUSEHOLDS = 200
"""Simulated for each day."""
MOST_DAYS = 3
MOST_TOLD = 60
CASES = Path(__file__).parents[3] / "tests" / "cases"
_STEP = 25
_FACTS_TOLD = 6


@dataclass(frozen=True, slots=True)
class Told:
    """One changed outcome as an officer reads it; ``household`` says what of it matters to the program."""

    situation: str
    day: str
    household: str
    program: str
    member: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Result:
    """How many of the households would hear something else about some program, and the first of these.

    ``unread`` says why the case file was left aside, where it speaks of what the published rows do not have.
    """

    households: int
    cases: int
    days: tuple[str, ...]
    changed: int
    verdicts: int
    told: tuple[Told, ...]
    unread: str | None = None


def days_of(changes: Changes, day: date) -> list[date]:
    """Today, and the days to come on which ``changes`` begin to hold; the first few."""
    begins = {content.get("applies_from") for content in changes.values() if content is not None}
    return sorted({day, *(first for each in begins if each and (first := date.fromisoformat(each)) > day)})[:MOST_DAYS]


def rehearse(old: Snapshot, new: Snapshot, days: Sequence[date], cases: Path) -> Iterator[tuple[int, int] | Result]:
    """How far it is, and last the result."""
    known, unread = _known(cases, old)
    made = [situation for day in days for situation in simulated(old, HOUSEHOLDS, day)]
    everything = sorted([*made, *known], key=lambda each: each.day)
    changed: list[tuple[Situation, Changed]] = []
    for start in range(0, len(everything), _STEP):
        batch = everything[start : start + _STEP]
        named = {(each.name, each.day): each for each in batch}
        for situation in named.values():
            changed.extend((situation, each) for each in compare(old, new, [situation]))
        yield min(start + _STEP, len(everything)), len(everything)
    verdicts = sum(_verdict(each.before) != _verdict(each.after) for _, each in changed)
    # What a verdict becomes weighs more than an amount.
    changed.sort(key=lambda pair: _verdict(pair[1].before) == _verdict(pair[1].after))
    told = tuple(_told(situation, each, old, new) for situation, each in changed[:MOST_TOLD])
    shown = tuple(day.isoformat() for day in days)
    yield Result(len(made), len(known), shown, len(changed), verdicts, told, unread)


def _known(cases: Path, rows: Snapshot) -> tuple[list[Situation], str | None]:
    try:
        return (list(read_situations(cases, rows)) if cases.is_dir() else []), None
    except ValueError as error:
        return [], str(error)


def _verdict(outcome: Any) -> str | None:
    return outcome.verdict if outcome else None


def _told(situation: Situation, changed: Changed, old: Snapshot, new: Snapshot) -> Told:
    known = [rows.programs[changed.program] for rows in (new, old) if changed.program in rows.programs]
    provisions = [provision for program in known if (provision := program.on(situation.day)) is not None]
    read = {criterion.fact for provision in provisions for criterion in criteria_of(provision)}
    # What is not so, or plain "none", says little of a household.
    facts = [
        fact_text(key, value, old, situation.day)
        for key, value in situation.facts.items()
        if key[1] in read and key[0] in (None, changed.member) and value not in (False, "none", "other", 0)
    ]
    return Told(
        situation.name,
        situation.day.isoformat(),
        "; ".join(facts[:_FACTS_TOLD]),
        known[0].short_name,
        member_name(changed.member) if changed.member else "",
        asdict(changed.before) if changed.before else None,
        asdict(changed.after) if changed.after else None,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Rehearse one change set of the database that the settings name."""
    parser = argparse.ArgumentParser(prog="python -m bot.knowledge.editing.rehearsal", description=__doc__)
    parser.add_argument("change_set", type=int)
    parser.add_argument("day", type=date.fromisoformat, help="today")
    given = parser.parse_args(arguments)
    engine = make_engine(Settings().database_url)
    with Session(engine) as session:
        old, new = load_snapshot(session), draft_snapshot(session, given.change_set)
        days = days_of(changes_of(session.get_one(ChangeSetRecord, given.change_set)), given.day)
    engine.dispose()
    for step in rehearse(old, new, days, CASES):
        line = {"result": asdict(step)} if isinstance(step, Result) else {"done": step[0], "of": step[1]}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
