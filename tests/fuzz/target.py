"""One thing that must take any input: how inputs are made, and what must hold of each."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis.database import ExampleDatabase
from hypothesis.errors import HypothesisWarning
from hypothesis.strategies import SearchStrategy

_SECONDS = 5.0
"""Of the processor, for one input: far above what any takes, far below what would keep citizens waiting."""


@dataclass(frozen=True)
class Target:
    """``run`` raises whatever must not come of an input; one with a ``cost`` of 10 is tried a tenth as often."""

    name: str
    inputs: SearchStrategy[Any]
    run: Callable[[Any], object]
    cost: int = 1


class SlowError(AssertionError):
    """An input that keeps the processor busy."""


def examine(
    target: Target, *, examples: int, chance: int | None = None, database: ExampleDatabase | None = None
) -> None:
    """Try so many inputs, always the same ones without a ``chance``; raises what the least input raises that fails.

    ``database`` remembers inputs that failed, and they are tried first.
    """

    last: list[Any] = [None]

    def check(value: Any) -> None:
        last[0] = value
        begun = time.process_time()
        target.run(value)
        if chance is not None and time.process_time() - begun > _SECONDS:
            raise SlowError(f"more than {_SECONDS:.0f} s of the processor")

    wrapped = settings(
        max_examples=max(1, examples // target.cost),
        derandomize=chance is None,
        database=database,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )(given(target.inputs)(check))
    try:
        with warnings.catch_warnings():
            # Of files it would print the bytes.
            warnings.simplefilter("ignore", HypothesisWarning)
            (wrapped if chance is None else seed(chance)(wrapped))()
    except BaseException as error:
        # The least one is tried last; Rasa's Python has no notes for errors yet.
        told = f"target: {target.name}\ninput: {last[0]!r:.20000}"
        error.__dict__.setdefault("__notes__", []).append(told)
        raise
