"""``python -m bench.capacity``: what a turn costs each process here, and how many workers a broadcast then needs."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from bench.clients import AnSinh, measure
from bench.memory import proportional_bytes, tree
from bench.questions import questions
from bench.queueing import Demand, Station, simulate
from bench.services import Running, an_sinh, place
from bench.stats import percentile
from bot.knowledge.repository import snapshot_from_files
from tools.bootstrap import ROOT
from tools.say import Stop, line, show_stop, speak_utf8
from tools.steps import stop_on_signals

TURNS = 600
CLIENTS = 4
MODULES = {"gateway": "bot.cli.serve", "rasa": "bot.nlu.serve", "actions": "actions"}
BROADCASTS = {
    "province": Demand(people=2_200_000, share=0.01, turns=4),
    "country": Demand(people=101_000_000, share=0.01, turns=4),
}
REPORT = ROOT / "var" / "reports" / "capacity.json"


def processes(root: int) -> dict[str, int]:
    """The pid of each kind of process below ``root``; KeyError for a kind that is missing is the caller's."""
    found = {}
    for pid in tree(root):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        found.update({name: pid for name, module in MODULES.items() if module in words})
    return found


def core_seconds(pid: int) -> float:
    """What a process has used of a core so far, in user and kernel."""
    words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


async def stations(running: Running, texts: Sequence[str]) -> list[Station]:
    """Core-seconds per turn and memory of each process over ``texts``, sent by ``CLIENTS`` clients."""
    pids = processes(running.pid)
    async with aiohttp.ClientSession() as http:
        system = AnSinh(http, running.address)
        # What is done once, at the first questions, is no part of a turn.
        await measure(system, texts[:50], CLIENTS)
        before = {name: core_seconds(pid) for name, pid in pids.items()}
        measured = await measure(system, texts[50:], CLIENTS)
    turns = len(measured.times)
    return [
        Station(name, (core_seconds(pid) - before[name]) / turns, proportional_bytes([pid]) / 1e6)
        for name, pid in pids.items()
    ]


def figures(costs: Sequence[Station]) -> dict[str, float]:
    """The costs, and for each broadcast how many workers, cores and megabytes, and the simulated p95 in ms."""
    found: dict[str, float] = {}
    for cost in costs:
        found[f"{cost.name}_core_ms"] = cost.seconds * 1000
        found[f"{cost.name}_mb"] = cost.megabytes
    found["turns_per_core_second"] = 1 / sum(cost.seconds for cost in costs)
    for name, demand in BROADCASTS.items():
        plan = [cost.enough_for(demand.per_second) for cost in costs]
        found[f"{name}_turns_per_second"] = demand.per_second
        for station in plan:
            found[f"{name}_{station.name}_workers"] = station.workers
        found[f"{name}_mb"] = sum(station.workers * station.megabytes for station in plan)
        took = simulate(plan, demand.per_second, turns=20_000, seed=1)
        found[f"{name}_simulated_p95_ms"] = percentile(took, 95) * 1000
        waits = sum(station.mean_wait(demand.per_second) + station.seconds for station in plan)
        found[f"{name}_paper_mean_ms"] = waits * 1000
        found[f"{name}_simulated_mean_ms"] = sum(took) / len(took) * 1000
    return found


def main() -> int:
    """Measure, work out, print and write the report."""
    speak_utf8()
    stop_on_signals()
    os.chdir(ROOT)
    texts = questions(snapshot_from_files(ROOT / "data"), seed=1)[:TURNS]
    try:
        with place() as where, an_sinh(where) as running:
            found = figures(asyncio.run(stations(running, texts)))
    except Stop as stop:
        show_stop(stop)
        return 1
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for name, value in found.items():
        line(f"{name:36}{value:12.1f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
