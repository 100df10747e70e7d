"""The course of a measurement: rounds that alternate between the systems, because the machine is never quiet."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp

from bench.clients import AnSinh, Stock, System, long_session, measure
from bench.memory import proportional_bytes, tree
from bench.publish import TIMES, beside, publications
from bench.retraining import retrained_seconds
from bench.services import Running, an_sinh, place, stock_bot
from bench.stats import NOTHING, Measured, early_and_late
from bench.stock import ensure_stock
from tools.say import line

OURS, THEIRS, PHRASED = "ansinh", "stock", "phrased"
CLIENTS = (1, 10, 32)
TURN_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: `blocks` parts of `texts` per number of clients, `pairs` of long sessions, `starts`."""

    texts: Sequence[str]
    blocks: int = 4
    pairs: int = 2
    session_turns: int = 200
    starts: int = 2


@dataclass(slots=True)
class Results:
    """What was measured, by system."""

    turns: dict[tuple[str, int], Measured] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    idle_memory: dict[str, int] = field(default_factory=dict)
    ready: dict[str, list[float]] = field(default_factory=dict)
    sessions: dict[str, tuple[float, float]] = field(default_factory=dict)
    publish: dict[str, list[float]] = field(default_factory=dict)


async def run(plan: Plan) -> Results:
    """Measures both systems; raises Stop when one does not start."""
    folder, model = ensure_stock()
    results = Results()
    with place() as where:
        starters: Mapping[str, Callable[[], contextlib.AbstractContextManager[Running]]] = {
            OURS: lambda: an_sinh(where),
            THEIRS: lambda: stock_bot(folder, model),
        }
        for _ in range(plan.starts - 1):
            for name, starter in starters.items():
                with starter() as running:
                    _note_start(results, name, running)
        with contextlib.ExitStack() as stack:
            both = {name: stack.enter_context(starter()) for name, starter in starters.items()}
            for name, running in both.items():
                _note_start(results, name, running)
                results.idle_memory[name] = proportional_bytes(tree(running.pid))
            await _measure(plan, results, both)
            with beside(where) as another:
                systems = both[OURS].address, another
                for name in (OURS, PHRASED):
                    results.publish[name] = await publications(
                        systems, where.database_url, TIMES, phrased=name == PHRASED
                    )
            results.publish[THEIRS] = [await asyncio.to_thread(retrained_seconds, folder, both[THEIRS].address)]
    return results


def _note_start(results: Results, name: str, running: Running) -> None:
    results.ready.setdefault(name, []).append(running.ready_seconds)
    line(f"✓ {name}: sẵn sàng sau {running.ready_seconds:.1f} s (ready)")


async def _measure(plan: Plan, results: Results, both: Mapping[str, Running]) -> None:
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=TURN_SECONDS)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as http:
        ours = AnSinh(http, both[OURS].address)
        systems: Mapping[str, System] = {OURS: ours, THEIRS: Stock(http, both[THEIRS].address)}
        await _warm(systems, plan.texts)
        for clients in CLIENTS:
            await _rounds(plan, results, systems, clients)
        await _sessions(plan, results, systems)
        for name, running in both.items():
            results.memory[name] = proportional_bytes(tree(running.pid))


async def _warm(systems: Mapping[str, System], texts: Sequence[str]) -> None:
    """What happens once after a start is not what a turn costs."""
    for system in systems.values():
        await measure(system, texts[:10], 2)


async def _rounds(plan: Plan, results: Results, systems: Mapping[str, System], clients: int) -> None:
    size = -(-len(plan.texts) // plan.blocks)
    for start in range(0, len(plan.texts), size):
        for name, system in systems.items():
            measured = await measure(system, plan.texts[start : start + size], clients)
            total = results.turns[name, clients] = results.turns.get((name, clients), NOTHING) + measured
            line(
                f"… {clients} người hỏi cùng lúc, {name}: {len(total.times)}/{len(plan.texts)} câu, "
                f"p50 {measured.p50:.0f} ms, {measured.per_second:.0f} câu/giây"
            )


async def _sessions(plan: Plan, results: Results, systems: Mapping[str, System]) -> None:
    """Every second session asks in reverse, so that the first and the last turns ask the same."""
    texts = plan.texts[: plan.session_turns]
    found: dict[str, list[list[float]]] = {}
    for _ in range(plan.pairs):
        for order in (texts, texts[::-1]):
            for name, system in systems.items():
                found.setdefault(name, []).append(await long_session(system, order))
                line(f"… phiên dài {len(order)} câu (long session), {name}")
    for name, sessions in found.items():
        results.sessions[name] = early_and_late(sessions, 5, plan.session_turns - 4, 4)
