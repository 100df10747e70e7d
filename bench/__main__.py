"""`python -m bench`: measures and reports; `--quick` only what needs no processes, on a small sample."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import date

from bench.questions import choose
from bench.report import Figures, question_figures, table, turn_figures, write
from bench.run import Plan, run
from bench.screening import OPENING, Screened, screen
from bot.knowledge.clock import today
from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.households import Household, make_households
from bot.knowledge.repository import snapshot_from_files
from bot.knowledge.retrieval import Index
from tools.bootstrap import ROOT
from tools.say import Stop, line, show_stop, speak_utf8
from tools.steps import stop_on_signals

QUESTIONS, HOUSEHOLDS, QUICK_HOUSEHOLDS = 600, 500, 20
SEED = 20261125


def main() -> int:
    """0 when everything was measured."""
    speak_utf8()
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure An Sinh against the stock bot.")
    parser.add_argument("--quick", action="store_true", help="questions and screening of a few households only")
    quick: bool = parser.parse_args().quick
    os.chdir(ROOT)
    stop_on_signals()
    try:
        if quick:
            line("\n".join(f"{name} {value:.4g}" for name, value in in_process(QUICK_HOUSEHOLDS).items()))
        else:
            _measure_all()
    except Stop as stop:
        show_stop(stop)
        return 1
    return 0


def in_process(households: int) -> Figures:
    """The figures that need no running system."""
    snapshot = snapshot_from_files(ROOT / "data")
    distinct = len(set(choose(snapshot, QUESTIONS, SEED)))
    assistant, day = Assistant(snapshot, Index(snapshot)), today()
    made = make_households(snapshot, households, day, SEED)
    from_nothing = _screen_all(assistant, made, day, ())
    from_opening = _screen_all(assistant, made, day, OPENING)
    return {"distinct_questions": distinct, **question_figures(from_nothing, from_opening)}


def _screen_all(
    assistant: Assistant, households: Sequence[Household], day: date, told: Sequence[str]
) -> list[Screened]:
    screened: list[Screened] = []
    for household in households:
        screened.append(screen(assistant, household, day, told))
        if len(screened) % 100 == 0:
            line(f"… sàng lọc (screening) {len(screened)}/{len(households)} hộ")
    return screened


def _measure_all() -> None:
    texts = choose(snapshot_from_files(ROOT / "data"), QUESTIONS, SEED)
    results = asyncio.run(run(Plan(texts)))
    figures = {**turn_figures(results), **in_process(HOUSEHOLDS)}
    told = table(figures)
    write(figures, told, ROOT / "var" / "reports")
    line(f"\n{told}\n\nvar/reports/bench.json, var/reports/bench.md")


if __name__ == "__main__":
    sys.exit(main())
