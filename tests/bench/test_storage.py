"""The short form of the storage bench: weeks instead of a year, with periods of days, in both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bench.storage import Said, figures, simulate
from bot.conversation.messages import full_answer
from bot.conversation.retention.limits import Periods
from bot.knowledge.db import make_engine
from tests.postgres import BOTH, address_of, server

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
