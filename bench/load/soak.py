"""``make soak``: some citizens in conversation for a long time, and what it does to memory and speed."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from bench.cluster import Cluster
from bench.load.course import pids, running
from bench.load.growth import watching
from bench.load.report import Figures, conclude, soak_figures
from bench.load.samples import read_samples
from bench.load.swarm import AN_SINH, Swarm, send, typed_questions
from bench.postgres import SERVER
from tools.bootstrap import ROOT
from tools.say import Stop, show_stop, speak_utf8
from tools.steps import stop_on_signals

WARM_SECONDS = 30.0
LOOKS = 180
"""So often memory is looked at."""


def main() -> int:
    """0 when every goal was met, 1 when one was not or nothing could be measured."""
    speak_utf8()
    parser = argparse.ArgumentParser(prog="python -m bench.load.soak", description="Keep An Sinh busy for long.")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long (default: 30)")
    parser.add_argument("--citizens", type=int, default=10, help="how many at once (default: 10)")
    parser.add_argument("--pause", type=float, default=1.0, help="mean seconds that they read a reply (default: 1)")
    parser.add_argument("--postgres", default=SERVER, help=f"where a database may be made (default: {SERVER})")
    given = parser.parse_args()
    os.chdir(ROOT)
    stop_on_signals()
    try:
        with running(given.postgres) as ours:
            figures = soak(ours, minutes=given.minutes, citizens=given.citizens, pause=given.pause)
    except Stop as stop:
        show_stop(stop)
        return 1
    return conclude("soak", figures)


def soak(ours: Cluster, *, minutes: float, citizens: int, pause: float, warm: float = WARM_SECONDS) -> Figures:
    """The figures of a stage that long, or of what there was of it when somebody ended it by Ctrl-C; raises Stop."""
    swarm = Swarm(AN_SINH, ours.address, typed_questions(), ours.folder, pause, ours.trust)
    send(swarm, [(citizens, warm)], "warm")
    seconds, begun = minutes * 60, time.monotonic()
    with watching(pids(ours), seconds / LOOKS) as memory:
        try:
            samples = send(swarm, [(citizens, seconds)], "soak")
        except SystemExit:
            samples, seconds = read_samples(Path(ours.folder) / "soak.samples"), time.monotonic() - begun
            if not samples:
                raise
    return soak_figures(samples, seconds, memory)


if __name__ == "__main__":
    sys.exit(main())
