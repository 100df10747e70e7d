"""What came of the calls: read from the file that the citizens write, counted by kind and outcome."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bench.stats import percentile

OK, REFUSED = "ok", "429 "
"""The outcome of a call that went well, and how those begin that were refused on purpose."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One call: ``since`` seconds after its stage began it had taken ``ms``; or a whole answer, with all its tries."""

    stage: int
    since: float
    kind: str
    ms: float
    outcome: str


def read_samples(file: Path) -> list[Sample]:
    """All that is written so far; a line that is only half written is left for the next time."""
    if not file.exists():
        return []
    lines = file.read_text(encoding="utf-8").split("\n")[:-1]
    return [Sample(*json.loads(line)) for line in lines]


@dataclass(frozen=True, slots=True)
class Summary:
    """The calls of one stage: of turns those answered, in ms; ``patient`` with the waits of those refused at first."""

    turns: tuple[float, ...]
    patient: tuple[float, ...]
    calls: int
    refused: int
    errors: Counter[str]
    seconds: float

    def p(self, percent: float) -> float:
        """The percentile of a turn in ms; 0 where none was answered."""
        return percentile(self.turns, percent) if self.turns else 0.0

    def patient_p(self, percent: float) -> float:
        """The same from the first try to the answer."""
        return percentile(self.patient, percent) if self.patient else 0.0

    @property
    def per_second(self) -> float:
        """Turns answered in a second."""
        return len(self.turns) / self.seconds


def summary(samples: Sequence[Sample], seconds: float) -> Summary:
    """Counts ``samples`` of ``seconds`` seconds."""
    calls = [each for each in samples if each.kind != "answer"]
    answers = [each for each in samples if each.kind == "answer"]
    # An answer that only apologises came with a good status: it is an error all the same.
    wrong = [f"{each.kind}: {each.outcome}" for each in samples if not _deliberate(each.outcome)]
    return Summary(
        turns=tuple(each.ms for each in calls if each.kind == "turn" and each.outcome == OK),
        patient=tuple(each.ms for each in answers if each.outcome == OK),
        calls=len(calls),
        refused=sum(each.outcome.startswith(REFUSED) for each in calls),
        errors=Counter(wrong),
        seconds=seconds,
    )


def _deliberate(outcome: str) -> bool:
    return outcome == OK or outcome.startswith(REFUSED)


def seconds_until_calm(samples: Sequence[Sample], calm_ms: float) -> int | None:
    """The first second of a stage in which no turn is refused and p95 is ``calm_ms`` at most; None for none."""
    turns = sorted((each for each in samples if each.kind == "turn"), key=lambda each: each.since)
    for second, group in groupby(turns, key=lambda each: int(each.since)):
        during = summary(list(group), 1.0)
        if during.turns and not during.refused and during.p(95) <= calm_ms:
            return second
    return None
