"""How long turns take on so many workers: worked out on paper, and checked by a simulation of events.

A turn passes gateway, Rasa and actions; each worker does one thing at a time, whoever comes first goes first. The
simulation lets the gateway's part come first, then Rasa's, then that of the actions.
"""

from __future__ import annotations

import math
import random
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import simpy

STEADY = 0.7
"""The share of its time that a worker is meant to be busy: above, waits grow quickly."""


@dataclass(frozen=True)
class Demand:
    """A broadcast: ``share`` of ``people`` write within ``hours``, each ``turns`` times; ``peak`` × the mean at its
    worst.
    """

    people: int
    share: float
    turns: float
    hours: float = 1.0
    peak: float = 2.0

    @property
    def per_second(self) -> float:
        """Turns per second at the peak."""
        return self.people * self.share * self.turns / (self.hours * 3600) * self.peak


@dataclass(frozen=True)
class Station:
    """One kind of process: core-seconds of a turn, megabytes of a worker, and how many there are."""

    name: str
    seconds: float
    megabytes: float
    workers: int = 1

    def enough_for(self, per_second: float) -> Station:
        """With the fewest workers that are busy ``STEADY`` of the time at most."""
        return Station(self.name, self.seconds, self.megabytes, max(1, math.ceil(per_second * self.seconds / STEADY)))

    def mean_wait(self, per_second: float) -> float:
        """Seconds in the queue, where services differ as an exponential's do; infinite when there are too few."""
        load = per_second * self.seconds
        if load >= self.workers:
            return math.inf
        return waiting_share(self.workers, load) * self.seconds / (self.workers - load)


def waiting_share(workers: int, load: float) -> float:
    """Erlang's C: the share of turns that find all ``workers`` busy under a ``load`` of core-seconds per second."""
    # By recurrence of Erlang's B: factorials of many workers would overflow.
    blocked = 1.0
    for count in range(1, workers + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked / (1 - load / workers * (1 - blocked))


def simulate(stations: Sequence[Station], per_second: float, turns: int, seed: int) -> list[float]:
    """The durations in seconds of ``turns`` turns that come at random; the first tenth, a cold start, left out."""
    chance = random.Random(seed)  # noqa: S311 - chance need not be secret here
    world = simpy.Environment()
    queues = [(simpy.Resource(world, station.workers), station.seconds) for station in stations]
    took: list[float] = []

    def turn() -> Generator[simpy.Event, object, None]:
        begun = world.now
        for queue, seconds in queues:
            with queue.request() as free:
                yield free
                yield world.timeout(chance.expovariate(1 / seconds))
        took.append(world.now - begun)

    def arrivals() -> Generator[simpy.Event, object, None]:
        for _ in range(turns):
            yield world.timeout(chance.expovariate(per_second))
            world.process(turn())

    world.process(arrivals())
    world.run()
    return took[turns // 10 :]
