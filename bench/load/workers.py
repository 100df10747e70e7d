"""``python -m bench.load.workers``: throughput of one Rasa worker and of two, and what the cores were spent on.

Both stand behind the shipped ``ansinh-rasa.conf`` in the same way. They are measured in turn, more than once: what else
the machine does changes the throughput, and hardly the core-milliseconds of a turn.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from sqlalchemy import NullPool, create_engine, text

from bench.capacity import core_seconds
from bench.cluster import Cluster, Size
from bench.load.course import pids, running
from bench.load.report import Figures, write
from bench.load.samples import summary
from bench.load.swarm import AN_SINH, Swarm, send, typed_questions
from bench.postgres import SERVER
from tools.bootstrap import ROOT
from tools.say import Stop, line, show_stop, speak_utf8
from tools.steps import stop_on_signals

CITIZENS = 32
WARM_SECONDS = 10.0
COUNTS = (1, 2)
KINDS = ("gateway", "rasa", "actions", "proxy", "database")


def main() -> int:
    """Measure, print and write var/reports/workers.json."""
    speak_utf8()
    parser = argparse.ArgumentParser(prog="python -m bench.load.workers", description="One Rasa worker against two.")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each measurement (default: 30)")
    parser.add_argument("--rounds", type=int, default=2, help="measurements of each (default: 2)")
    parser.add_argument("--postgres", default=SERVER, help=f"where a database may be made (default: {SERVER})")
    given = parser.parse_args()
    os.chdir(ROOT)
    stop_on_signals()
    rounds: dict[int, list[Figures]] = {count: [] for count in COUNTS}
    try:
        for _ in range(given.rounds):
            for count in COUNTS:
                with running(given.postgres, Size(rasa=count)) as ours:
                    rounds[count].append(measure(ours, given.seconds))
    except Stop as stop:
        show_stop(stop)
        return 1
    figures = {f"rasa_{count}_{name}": value for count in COUNTS for name, value in middle(rounds[count]).items()}
    figures["throughput_ratio"] = figures["rasa_2_per_second"] / figures["rasa_1_per_second"]
    told = table(figures)
    write("workers", figures, told)
    line(f"\n{told}\n\nvar/reports/workers.json, var/reports/workers.md")
    return 0


def measure(ours: Cluster, seconds: float) -> Figures:
    """Turns a second of ``CITIZENS`` who never pause, and what each kind of process used for them."""
    swarm = Swarm(AN_SINH, ours.address, typed_questions(), ours.folder, trust=ours.trust)
    send(swarm, [(CITIZENS, WARM_SECONDS)], "warm")
    before = used(ours)
    told = summary(send(swarm, [(CITIZENS, seconds)], "measured"), seconds)
    spent = dict.fromkeys(KINDS, 0.0)
    for (kind, pid), now in used(ours).items():
        spent[kind] += now - before.get((kind, pid), 0.0)
    figures: Figures = {"per_second": told.per_second, "p95_ms": told.p(95), "errors": told.errors.total()}
    for kind in KINDS:
        figures[f"{kind}_core_ms"] = spent[kind] / len(told.turns) * 1000
        figures[f"{kind}_cores"] = spent[kind] / seconds
    return figures


def used(ours: Cluster) -> dict[tuple[str, int], float]:
    """Core-seconds so far of each process, by kind and pid."""
    held = [(name.partition("-")[0], pid) for name, each in pids(ours).items() for pid in each]
    held += [("database", pid) for pid in _backends(ours.database_url)]
    return {(kind, pid): core_seconds(pid) for kind, pid in held}


def _backends(database_url: str) -> list[int]:
    """The processes of PostgreSQL that serve this database; none where it runs on another machine."""
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.connect() as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        found = list(connection.execute(text(query)).scalars())
    return [pid for pid in found if _is_postgres(pid)]


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip().startswith("postgres")
    except OSError:
        return False


def middle(rounds: Sequence[Figures]) -> Figures:
    """The median of each figure."""
    return {name: median(each[name] for each in rounds) for name in rounds[0]}


def table(figures: Mapping[str, float]) -> str:
    """The figures in Markdown for people."""
    rows = ["| | " + " | ".join(f"{count} Rasa" for count in COUNTS) + " |", "|---|---:|---:|"]
    of_turns = (("turns a second", "per_second"), ("p95, ms", "p95_ms"), ("errors", "errors"))
    rows += [_row(label, figures, name, ".0f") for label, name in of_turns]
    rows += [_row(f"{kind}: core-milliseconds a turn", figures, f"{kind}_core_ms", ".1f") for kind in KINDS]
    rows += [_row(f"{kind}: cores busy", figures, f"{kind}_cores", ".2f") for kind in KINDS]
    return "\n".join(rows)


def _row(label: str, figures: Mapping[str, float], name: str, form: str) -> str:
    return f"| {label} | " + " | ".join(f"{figures[f'rasa_{count}_{name}']:{form}}" for count in COUNTS) + " |"


if __name__ == "__main__":
    sys.exit(main())
