"""A console over the published rows of data/, a fake Rasa, and turns that went wrong."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.console.roles import Role
from bot.conversation.models import TurnLog
from bot.conversation.review.models import ReviewItem, ReviewTurn
from bot.knowledge.db import Base, make_engine
from bot.knowledge.loader import load
from tests.console.conftest import START, Browser, Site
from tests.conversation.fake_rasa import SECRET, FakeRasa
from tests.conversation.review.conftest import citizen, logged
from tests.postgres import BOTH, new_database

DATA = Path(__file__).parents[3] / "data"
ASKED = "thất thập ngũ rồi thì xã phát lương già mấy đồng một kỳ"
OTHERWISE = "người quá thất thập ngũ xã phát lương già mỗi kỳ mấy đồng"


@pytest.fixture(scope="session")
def published_in_postgres(postgres: str) -> str:
    url = new_database(postgres)
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    load(engine, DATA)
    engine.dispose()
    return url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A copy of the published rows: they are loaded once for each kind of database."""
    if request.param == "postgresql":
        return new_database(request.getfixturevalue("postgres"), like=request.getfixturevalue("published_in_postgres"))
    shutil.copy(request.getfixturevalue("published_in_sqlite"), tmp_path / "ansinh.db")
    return f"sqlite:///{tmp_path / 'ansinh.db'}"


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    rasa = FakeRasa()
    await rasa.server.start_server()
    yield rasa
    await rasa.server.close()


@pytest.fixture
async def site(open_site: Callable[..., Awaitable[Site]], rasa: FakeRasa) -> Site:
    return await open_site(rasa_url=rasa.url, rasa_secret=SECRET, today=dt.date(2026, 11, 30), retention_hour=24)


@pytest.fixture
async def reviewer(site: Site) -> Browser:
    return await signed_in(site, "lan", Role.REVIEWER)


async def signed_in(site: Site, login: str, *roles: Role) -> Browser:
    site.person(login, *roles)
    browser = site.browser()
    await browser.sign_in(login)
    return browser


@pytest.fixture
def turns(engine: Engine) -> list[str]:
    """Ids of two turns that were answered wrongly, in one item of the queue."""
    given: dict[str, Any] = {"topic": "health_insurance", "program": "bhyt_can_ngheo", "aspect": "benefit"}
    citation = {"document": "188/2025/NĐ-CP", "article": "Điều 8", "effective_from": None}
    told = {"status": "answered", **given, "citations": [citation], "as_of": "2026-11-29", "verified": True}
    with Session(engine) as db, db.begin():
        db.add(citizen())
        db.flush()
        at = START - dt.timedelta(days=1)
        rows: list[TurnLog] = [
            logged(1, ASKED, at=at, rating=-1, answer=told, **given),
            logged(2, OTHERWISE, at=at + dt.timedelta(minutes=5), answer=told, **given),
        ]
        db.add_all(rows)
        item = ReviewItem(state="open", turns=2, first_at=at, last_at=rows[1].asked_at, aspect="benefit")
        db.add(item)
        db.flush()
        for row, reason in zip(rows, ("thumbs_down", "not_understood"), strict=True):
            db.add(ReviewTurn(turn_id=row.turn_id, item_id=item.id, reason=reason, found_at=START))
        return [row.turn_id for row in rows]
