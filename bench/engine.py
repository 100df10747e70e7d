"""How long judging takes: ``python -m bench.engine``.

Judges every program of ``data/`` for one member, with nothing known and with a household described, and picks the
next question. Prints medians in milliseconds; the target is 1 ms for judging all programs.
"""

import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from bot.knowledge.case import SELF
from bot.knowledge.derive import assume_by_age, derive
from bot.knowledge.engine import next_fact
from bot.knowledge.repository import snapshot_from_files
from bot.knowledge.values import Age, FactKey, FactValue

DATA = Path(__file__).parents[1] / "data"
DAY = date(2026, 11, 25)
ROUNDS = 200
STORY: dict[FactKey, FactValue] = {
    (None, "household_class"): "near_poor",
    (None, "area"): "rural",
    (SELF, "age"): Age.of_years(76, DAY),
    (SELF, "pension_amount"): Decimal(0),
}


def main() -> None:
    """Measure and print."""
    snapshot = snapshot_from_files(DATA)
    rules = snapshot.rules(DAY)
    sys.stdout.write(f"{len(snapshot.programs)} programs, one member, median of {ROUNDS} rounds\n")
    for name, told in (("nothing known", {}), ("a household described", STORY)):
        facts = assume_by_age(derive(told, snapshot.facts, snapshot.communes), snapshot.facts, DAY)
        judgements = rules.judge(facts, [SELF])
        judging = _milliseconds(partial(rules.judge, facts, [SELF]))
        choosing = _milliseconds(partial(next_fact, judgements, snapshot.facts), ROUNDS // 10)
        sys.stdout.write(f"{name}: judging all {judging:.2f} ms, next question {choosing:.2f} ms\n")


def _milliseconds(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        started = perf_counter()
        run()
        times.append((perf_counter() - started) * 1000)
    return median(times)


if __name__ == "__main__":
    main()
