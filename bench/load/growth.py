"""How the memory of processes grows while they are used."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, linear_regression, median

from bench.memory import own_bytes

MB = 1_000_000
HOUR = 3600.0


@dataclass
class Growth:
    """What each process holds of its own over time: seconds since the first look, and bytes."""

    seconds: list[float] = field(default_factory=list)
    held: dict[str, list[int]] = field(default_factory=dict)

    def look(self, at: float, pids: Mapping[str, Sequence[int]]) -> None:
        """Note what each process holds at ``at``."""
        self.seconds.append(at)
        for name, each in pids.items():
            self.held.setdefault(name, []).append(own_bytes(each))

    def begin_mb(self, name: str) -> float:
        """The median of the first tenth, in MB."""
        return median(self.held[name][: _tenth(self.seconds)]) / MB

    def end_mb(self, name: str) -> float:
        """The median of the last tenth, in MB."""
        return median(self.held[name][-_tenth(self.seconds) :]) / MB

    def slope_mb_per_hour(self, name: str) -> float:
        """Of the straight line through the second half, when what is kept for speed has been filled.

        0 for fewer than two looks in that half.
        """
        half = len(self.seconds) // 2
        seconds, held = self.seconds[half:], self.held[name][half:]
        if len(seconds) < 2:
            return 0.0
        return linear_regression(seconds, held).slope * HOUR / MB

    def growth_share(self, name: str) -> float:
        """What that line would add in an hour, as a share of what the process held on average."""
        return self.slope_mb_per_hour(name) * MB / fmean(self.held[name])


def _tenth(seconds: Sequence[float]) -> int:
    return max(1, len(seconds) // 10)


@contextlib.contextmanager
def watching(pids: Mapping[str, Sequence[int]], every: float) -> Iterator[Growth]:
    """Looks ``every`` so many seconds as long as the block lasts, and once more at its end."""
    growth, over, begun = Growth(), threading.Event(), time.monotonic()

    def watch() -> None:
        while True:
            growth.look(time.monotonic() - begun, pids)
            if over.wait(every):
                growth.look(time.monotonic() - begun, pids)
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield growth
    finally:
        over.set()
        thread.join()
