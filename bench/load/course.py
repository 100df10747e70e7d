"""``make load``: citizens in conversation with the whole An Sinh over PostgreSQL, and beside it the stock bot.

Ten citizens at a time talk with each system in turn, because the machine is never quiet; then fifty and two hundred
with An Sinh, and ten again, to see how soon it is as before.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.cluster import ONE, Cluster, Size, cluster
from bench.load.growth import watching
from bench.load.report import Figures, conclude, load_figures
from bench.load.samples import Sample
from bench.load.swarm import AN_SINH, STOCK, Swarm, send, typed_questions
from bench.memory import tree
from bench.postgres import SERVER, new_database
from bench.services import UNLIMITED, stock_bot
from bench.stock import ensure_stock
from tools.bootstrap import ROOT
from tools.say import Stop, show_stop, speak_utf8
from tools.steps import stop_on_signals

FEW, MANY, TOO_MANY = 10, 50, 200
WARM_SECONDS = 8.0


def main() -> int:
    """0 when every goal was met, 1 when one was not or nothing could be measured."""
    speak_utf8()
    parser = argparse.ArgumentParser(prog="python -m bench.load.course", description="Measure An Sinh under load.")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each stage (default: 30)")
    parser.add_argument("--blocks", type=int, default=3, help="stages of ten citizens with each system (default: 3)")
    parser.add_argument("--postgres", default=SERVER, help=f"where a database may be made (default: {SERVER})")
    given = parser.parse_args()
    os.chdir(ROOT)
    stop_on_signals()
    try:
        figures = measure(given.postgres, given.seconds, given.blocks)
    except Stop as stop:
        show_stop(stop)
        return 1
    return conclude("load", figures)


def measure(postgres: str, seconds: float, blocks: int) -> Figures:
    """All figures; raises Stop."""
    questions = typed_questions()
    stock_folder, stock_model = ensure_stock()
    with running(postgres) as ours, stock_bot(stock_folder, stock_model) as stock:
        citizens = Swarm(AN_SINH, ours.address, questions, ours.folder, trust=ours.trust)
        others = Swarm(STOCK, stock.address, questions, ours.folder)
        for swarm in (citizens, others):
            # What happens once after a start is not what a turn costs.
            send(swarm, [(2, WARM_SECONDS)], f"{swarm.kind}-warm")
        few: list[Sample] = []
        theirs: list[Sample] = []
        for block in range(blocks):
            few += send(citizens, [(FEW, seconds)], f"an-sinh-{block}")
            theirs += send(others, [(FEW, seconds)], f"stock-{block}")
        with watching(pids(ours), 5.0) as memory:
            later = send(citizens, [(MANY, seconds), (TOO_MANY, seconds), (FEW, seconds)], "an-sinh")
    stages: Mapping[int, Sequence[Sample]] = {
        FEW: few,
        MANY: [each for each in later if each.stage == 0],
        TOO_MANY: [each for each in later if each.stage == 1],
    }
    lengths = {FEW: seconds * blocks, MANY: seconds, TOO_MANY: seconds}
    afterwards = [each for each in later if each.stage == 2]
    return load_figures(stages, lengths, theirs, afterwards, memory)


@contextlib.contextmanager
def running(postgres: str, size: Size = ONE, **settings: str) -> Iterator[Cluster]:
    """An Sinh behind nginx over a new database; its citizens share an address and type fast."""
    with tempfile.TemporaryDirectory(prefix="ansinh-load-") as name:
        folder = Path(name)
        # nginx's workers are not root.
        folder.chmod(0o711)
        with new_database(postgres) as database, cluster(folder, database, size, {**UNLIMITED, **settings}) as started:
            yield started


def pids(of: Cluster) -> dict[str, list[int]]:
    """The processes by name; nginx has workers."""
    return {name: tree(process.pid) if name == "proxy" else [process.pid] for name, process in of.processes.items()}


if __name__ == "__main__":
    sys.exit(main())
