"""Lets Locust loose on a system for some stages, and tells meanwhile how it goes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.load.samples import Sample, read_samples, summary
from bench.questions import choose
from bot.knowledge.repository import snapshot_from_files
from bot.text.fold import strip_accents
from tools.bootstrap import LOAD, ROOT, build
from tools.pythons import SERVICE_VERSIONS
from tools.say import Stop, line, tail
from tools.steps import started

QUESTIONS, SEED = 600, 20261130
WITHOUT_ACCENTS = 3
"""Every third question is typed without accents."""

TELL_SECONDS = 10.0
END_SECONDS = 120.0
AN_SINH, STOCK = "Citizen", "StockCitizen"

Stage = tuple[int, float]
"""So many citizens for so many seconds."""


@dataclass(frozen=True, slots=True)
class Swarm:
    """Citizens of one kind who send these questions to ``address``, with ``pause`` seconds of reading on average.

    ``trust`` is the file of the certificate that they believe.
    """

    kind: str
    address: str
    questions: Sequence[str]
    folder: Path
    pause: float = 0.0
    trust: Path | None = None


def typed_questions() -> list[str]:
    """Distinct questions of the project's rows, every third without accents."""
    texts = choose(snapshot_from_files(ROOT / "data"), QUESTIONS, SEED)
    return [text if number % WITHOUT_ACCENTS else strip_accents(text) for number, text in enumerate(texts)]


def send(swarm: Swarm, stages: Sequence[Stage], name: str) -> list[Sample]:
    """The samples of all stages, once they are over; raises Stop when Locust fails."""
    build([(LOAD, SERVICE_VERSIONS)])
    samples = swarm.folder / f"{name}.samples"
    plan = swarm.folder / f"{name}.plan"
    given = {"questions": list(swarm.questions), "stages": stages, "pause": swarm.pause, "seed": SEED}
    given["trust"] = str(swarm.trust or "")
    plan.write_text(json.dumps({**given, "samples": str(samples)}), encoding="utf-8")
    log = swarm.folder / f"{name}.log"
    with _locust(swarm, plan, log) as process:
        end = time.monotonic() + sum(seconds for _, seconds in stages) + END_SECONDS
        while process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(TELL_SECONDS)
            _tell(name, stages, read_samples(samples))
            if time.monotonic() > end:
                raise Stop(f"Locust không dừng. Nhật ký: {log}", f"Locust does not end. Log: {log}")
    found = read_samples(samples)
    # It ends with 1 when calls failed, which is what it is here to find out.
    if process.returncode not in {0, 1} or not found:
        raise Stop(f"Locust không chạy được.\n{tail(log)}", f"Locust failed: {log}")
    return found


def _locust(swarm: Swarm, plan: Path, log: Path) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    file = Path(__file__).parent / "citizens.py"
    command = [str(LOAD.folder / "bin" / "locust"), "-f", str(file), swarm.kind, "--headless", "--host", swarm.address]
    quiet = ["--only-summary", "--loglevel", "WARNING"]
    return started([*command, *quiet], log, env={**os.environ, "LOAD_PLAN": str(plan)}, cwd=swarm.folder)


def _tell(name: str, stages: Sequence[Stage], samples: Sequence[Sample]) -> None:
    if not samples:
        return
    stage, since = samples[-1].stage, samples[-1].since
    citizens, seconds = stages[stage]
    told = summary([each for each in samples if each.stage == stage], max(since, 0.001))
    line(
        f"… {name}: {citizens} người, {since:.0f}/{seconds:.0f} s: {told.per_second:.0f} lượt/giây, "
        f"p95 {told.p(95):.0f} ms, từ chối {told.refused}, lỗi {told.errors.total()}"
    )
