"""The short form of the storage bench: weeks instead of a year, with periods of days, in both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bench.storage import Said, figures, say, simulate
from bot.conversation.messages import full_answer
from bot.conversation.retention.limits import Periods
from bot.knowledge.db import make_engine
from bot.settings import Settings
from tests.postgres import BOTH, address_of, server

GOAL = 1024
"""Bytes for each turn that was asked."""
DAY = dt.timedelta(days=1)
PERIODS = Periods(parse=DAY, text=3 * DAY, counts=5 * DAY, handover=3 * DAY, checklist=2 * DAY)
BULKY = [{"label": "Từ đủ 75 tuổi", "verdict": "eligible", "value": "76 tuổi", "legal_basis": "Điều 21"}] * 20
GIVEN = {"status": "answered", "topic": "social_pension", "program": "huu_tri_xa_hoi", "aspect": "benefit"}
ANSWER = full_answer({**GIVEN, "source": "policy", "criteria": BULKY})
SAID = [Said("Mẹ tôi 76 tuổi được gì?", (("Dạ được. " * 30, ANSWER, []),), {"facts": []}, {"ranking": [0.1] * 50})]


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with server() as folder:
        yield folder


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(address_of(request, tmp_path))
    yield engine
    engine.dispose()


def test_the_size_stays_flat_once_the_periods_have_passed(engine: Engine) -> None:
    sizes = list(simulate(engine, PERIODS, SAID, days=24, turns=40))
    told = figures(24, sizes)
    assert told["storage_end_to_three_quarters"] < 1.15
    fresh = sizes[0][1] / sizes[0][0]
    assert told["storage_bytes_per_turn"] < fresh / 4


def test_a_turn_costs_at_most_a_kilobyte_after_the_nights_pruning(tmp_path: Path) -> None:
    """Real answers, and a tenth of a year with a tenth of the periods of the settings; on SQLite.

    PostgreSQL's tables and indexes have pages of their own however few rows there are. They vanish only in four times
    as many turns, which take ten minutes: ``docs/privacy.md`` has what was measured then.
    """
    engine = make_engine(f"sqlite:///{tmp_path / 'ansinh.db'}")
    whole = Periods.of(Settings())
    tenth = Periods(**{name: period / 10 for name, period in vars(whole).items()})
    sizes = list(simulate(engine, tenth, say(40), days=36, turns=100))
    engine.dispose()
    assert figures(36, sizes)["storage_bytes_per_turn"] <= GOAL
