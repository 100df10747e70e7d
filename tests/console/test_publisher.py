"""What was approved for later is published by the running console, without anybody's click."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.console import publisher
from bot.knowledge.editing import changesets
from bot.knowledge.editing.work import Work
from tests.console.conftest import START, Site
from tests.console.test_changes import NEW, answer_of, database_url, drafted, engine

__all__ = ["database_url", "engine"]

Open = Callable[..., Awaitable[Site]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher, "_SECONDS", 0.02)


def scheduled(engine: Engine, at: dt.datetime) -> None:
    number = drafted(engine)
    with Session(engine) as session, session.begin():
        changesets.submit(Work(session, "lan", START), number)
        changesets.approve(Work(session, "minh", START), number, at)


async def published(engine: Engine) -> bool:
    for _ in range(100):
        if answer_of(engine) == NEW:
            return True
        await asyncio.sleep(0.05)
    return False


async def test_when_its_time_comes(open_site: Open, engine: Engine) -> None:
    scheduled(engine, START + dt.timedelta(hours=1))
    site = await open_site()
    await asyncio.sleep(0.2)
    assert answer_of(engine) != NEW
    site.time.pass_by(hours=1)
    assert await published(engine)
    assert {act for who, act, _ in site.acts() if who == "hệ thống"} == {"publish"}


async def test_a_look_that_fails_is_not_the_last(
    open_site: Open, engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[int] = []
    look = publisher.publish_due

    def fails_first(engine: Engine, now: dt.datetime) -> list[publisher.Due]:
        looks.append(1)
        if len(looks) < 3:
            raise OperationalError("x", None, Exception()) if len(looks) == 1 else ValueError("x")
        return look(engine, now)

    monkeypatch.setattr(publisher, "publish_due", fails_first)
    scheduled(engine, START)
    await open_site()
    assert await published(engine)
    assert "publishing what is due: ValueError" in caplog.text
