"""What is counted of a running gateway, for Prometheus.

Labels come from closed lists of our own (channels, statuses, steps, kinds of errors): nothing that a citizen wrote or
is known by can stand in one.
"""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from bot.conversation.store import is_outage
from bot.conversation.waiting import QUEUES

STEPS = ("queue", "open", "decide", "rasa", "answer")
"""Parts of a turn: waiting for the turn before it, opening it, deciding, of that Rasa, and of that the action."""

# Seconds: a turn is meant to take a tenth, and is given up after ten.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 10.0, 20.0)


class Meter:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "ansinh_requests", "Answered HTTP requests", ("method", "route", "status"), registry=self.registry
        )
        self._turns = Counter("ansinh_turns", "Turns that ended", ("channel", "status"), registry=self.registry)
        self._turn_seconds = Histogram(
            "ansinh_turn_seconds", "Duration of a whole turn", registry=self.registry, buckets=_BUCKETS
        )
        self._step_seconds = Histogram(
            "ansinh_turn_step_seconds",
            "Duration of a part of a turn",
            ("step",),
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self._rasa_errors = Counter(
            "ansinh_rasa_errors", "Questions to which Rasa gave no usable reply", ("kind",), registry=self.registry
        )
        self._database_errors = Counter(
            "ansinh_database_errors", "Faults of the database, not of a statement", registry=self.registry
        )
        self._refused = Counter(
            "ansinh_rate_limited", "Calls refused because there were too many", ("kind",), registry=self.registry
        )
        self._waiting = Gauge("ansinh_waiting", "What waits in a queue", ("queue",), registry=self.registry)
        self._oldest = Gauge(
            "ansinh_oldest_waiting_seconds", "How long the oldest has waited", ("queue",), registry=self.registry
        )
        self._part_up = Gauge(
            "ansinh_part_up", "Whether a part works, by a real turn", ("part",), registry=self.registry
        )
        self.model_pending = Gauge(
            "ansinh_model_pending_seconds",
            "How long a model has been chosen that Rasa does not answer with; 0 when it does",
            registry=self.registry,
        )
        self.streams = Gauge("ansinh_event_streams", "Open event streams", registry=self.registry)

    def request(self, method: str, route: str, status: int) -> None:
        """An HTTP request was answered; ``route`` is the pattern of its address, not the address."""
        self._requests.labels(method, route, str(status)).inc()

    def turn(self, channel: str, status: str, seconds: float, steps_ms: Mapping[str, float]) -> None:
        """A turn ended after ``seconds``; ``steps_ms`` are the durations of the log, such as ``rasa_ms``."""
        self._turns.labels(channel, status).inc()
        self._turn_seconds.observe(seconds)
        for step in STEPS:
            duration = steps_ms.get(f"{step}_ms")
            if duration is not None:
                self._step_seconds.labels(step).observe(duration / 1000)

    def rasa_failed(self, error: Exception) -> None:
        """Rasa gave no usable reply; the kind of error is the name of its class."""
        self._rasa_errors.labels(type(error).__name__).inc()

    def refused(self, kind: str) -> None:
        """A call was one too many."""
        self._refused.labels(kind).inc()

    def watch(self, engine: Engine) -> None:
        """Count the faults of a database: not reachable, locked for too long, disk full."""
        event.listen(engine, "handle_error", self._database_failed)

    def show_waiting(self, waiting: Mapping[str, tuple[int, float]] | None) -> None:
        """Count and age in seconds of each queue; ``None`` when the database can't say."""
        for queue in QUEUES:
            count, age = (float("nan"), float("nan")) if waiting is None else waiting[queue]
            self._waiting.labels(queue).set(count)
            self._oldest.labels(queue).set(age)

    def show_parts(self, parts: Mapping[str, str]) -> None:
        """What ``/readyz`` found of each part."""
        for part, state in parts.items():
            self._part_up.labels(part).set(state == "ok")

    def _database_failed(self, context: ExceptionContext) -> None:
        if context.sqlalchemy_exception is not None and is_outage(context.sqlalchemy_exception):
            self._database_errors.inc()
