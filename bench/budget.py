"""``python -m bench.budget``: where the core-milliseconds of a turn go, by process and by part.

What each process uses in a turn is measured over the running processes. The parts of it are measured alone, on the same
questions; what is left of a process is the way in and out: HTTP, JSON, checks, its event loop.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import json
import os
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import sklearn
from sqlalchemy.orm import Session

from bench.capacity import stations
from bench.questions import choose
from bench.services import an_sinh, place
from bench.storage import BEGIN, SESSION, Said, ask, say
from bot.conversation.payloads import Payloads
from bot.conversation.repository import add_session
from bot.knowledge.case import Case
from bot.knowledge.db import Base, make_engine
from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.dialogue.understanding import Understanding
from bot.knowledge.repository import snapshot_from_files
from bot.knowledge.retrieval import Index
from tools.bootstrap import ROOT
from tools.process_env import rasa_environment
from tools.say import Stop, line, show_stop, speak_utf8
from tools.steps import stop_on_signals

QUESTIONS = 600
SEED = 20261125
REST = "rest"
REPORT = ROOT / "var" / "reports" / "budget.json"

_T = TypeVar("_T")

Cost = Mapping[str, Mapping[str, float]]
"""Core-milliseconds by process and part."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a turn, and what it uses of a core, in ms."""

    process: str
    name: str
    core_ms: float


def budget(totals: Mapping[str, float], parts: Cost) -> list[Part]:
    """The parts of each process and its rest, which add up to ``totals`` (core-ms by process).

    Raises ValueError where parts alone cost more than their process: then something else was measured.
    """
    found = []
    for process, total in totals.items():
        within = parts.get(process, {})
        rest = total - sum(within.values())
        if rest < 0:
            raise ValueError(f"the parts of {process} cost {-rest:.2f} core-ms more than the whole")
        found += [Part(process, name, cost) for name, cost in {**within, REST: rest}.items()]
    return found


def table(parts: Sequence[Part]) -> str:
    """The budget as a Markdown table."""
    whole = sum(part.core_ms for part in parts)
    rows = [f"| {part.process} | {part.name} | {part.core_ms:.2f} | {part.core_ms / whole:.0%} |" for part in parts]
    return "\n".join(
        ["| Process | Part | Core-ms | Share |", "|---|---|---:|---:|", *rows, f"| together | | {whole:.2f} | 100% |"]
    )


def alone(texts: Sequence[str], model: Path) -> Cost:
    """What the parts cost by themselves; raises Stop where Rasa's environment can't tell."""
    # As in the action server.
    sklearn.set_config(assume_finite=True, skip_parameter_validation=True)
    snapshot = snapshot_from_files(ROOT / "data")
    index = Index(snapshot)
    assistant = Assistant(snapshot, index)
    said = [Understanding(text=text, intent="ask_benefit", confidence=0.9, today=BEGIN.date()) for text in texts]
    retrieval = _core_ms(index.search, texts)
    answer = _core_ms(lambda each: assistant.answer(each, Case()), said)
    return {
        "gateway": {"store": storing(len(texts))},
        "rasa": _understanding(texts, model),
        "actions": {"retrieval": retrieval, "answer": max(answer - retrieval, 0.0)},
    }


def storing(count: int) -> float:
    """Core-ms of what the gateway stores in one of ``count`` turns."""
    payloads = Payloads("key-of-the-bench", SESSION)
    with tempfile.TemporaryDirectory(prefix="ansinh-bench-") as folder:
        engine = make_engine(f"sqlite:///{folder}/ansinh.db")
        Base.metadata.create_all(engine)
        session_id = uuid.uuid4().hex
        with Session(engine) as db, db.begin():
            add_session(db, session_id=session_id, channel="web", sender="0" * 64, now=BEGIN, expires=BEGIN + SESSION)

        moments = (BEGIN + number * dt.timedelta(milliseconds=20) for number in itertools.count())

        def store(each: Said) -> None:
            with Session(engine) as db, db.begin():
                ask(db, payloads, session_id, each, next(moments))

        cost = _core_ms(store, say(count))
        engine.dispose()
    return cost


def _understanding(texts: Sequence[str], model: Path) -> Mapping[str, float]:
    command = [str(ROOT / ".venv-rasa" / "bin" / "python"), "-W", "ignore", "-m", "bot.nlu.cost", "--model", str(model)]
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        input=json.dumps(list(texts)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=rasa_environment(os.environ),
        check=False,
    )
    if done.returncode:
        raise Stop("Không đo được phần hiểu câu hỏi (Rasa).", f"The cost of understanding is not known: {done.stderr}")
    costs: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return costs


def _core_ms(work: Callable[[_T], object], inputs: Iterable[_T]) -> float:
    """What ``work`` uses of a core for each of ``inputs`` but the first tenth, in which things are done once."""
    given = list(inputs)
    first = len(given) // 10
    for each in given[:first]:
        work(each)
    begin = time.process_time()
    for each in given[first:]:
        work(each)
    return (time.process_time() - begin) / (len(given) - first) * 1000


def main() -> int:
    """Measure, print and write the report."""
    speak_utf8()
    stop_on_signals()
    os.chdir(ROOT)
    texts = choose(snapshot_from_files(ROOT / "data"), QUESTIONS, SEED)
    try:
        with place() as where:
            with an_sinh(where) as running:
                totals = {each.name: each.seconds * 1000 for each in asyncio.run(stations(running, texts))}
            parts = budget(totals, alone(texts, where.model))
    except Stop as stop:
        show_stop(stop)
        return 1
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    figures = {f"{part.process}_{part.name}_core_ms": round(part.core_ms, 3) for part in parts}
    REPORT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    line(table(parts))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
