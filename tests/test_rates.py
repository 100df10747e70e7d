"""Rates counted in a real Redis: shared by processes, and what happens while it is gone."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.rates import Rates, TooOftenError
from tests.redis_server import Redis

RATES = {"k": "3/hour", "other": "3/hour"}


@pytest.fixture
def redis() -> Iterator[Redis]:
    with Redis() as server:
        yield server


@pytest.fixture
async def pair(redis: Redis) -> AsyncIterator[tuple[Rates, Rates]]:
    rates = Rates(redis.url, RATES), Rates(redis.url, RATES)
    yield rates
    for each in rates:
        await each.close()


async def test_processes_count_together(pair: tuple[Rates, Rates]) -> None:
    first, second = pair
    for rates in (first, second, first):
        await rates.count("k", "a")
    with pytest.raises(TooOftenError) as caught:
        await second.count("k", "a")
    assert 3590 < caught.value.seconds <= 3600
    await second.count("k", "b")
    await second.count("other", "a")


async def test_while_redis_is_gone_each_counts_for_itself(
    redis: Redis, pair: tuple[Rates, Rates], caplog: pytest.LogCaptureFixture
) -> None:
    rates, _ = pair
    await rates.count("k", "a")
    redis.stop()
    for _ in range(3):
        await rates.count("k", "a")
    with pytest.raises(TooOftenError):
        await rates.count("k", "a")
    assert [record.message for record in caplog.records] == [
        "rates are counted by each process: Redis fails (ConnectionError)"
    ], "said once, not for each request"


async def test_redis_that_came_back_is_used_again(
    redis: Redis, pair: tuple[Rates, Rates], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.rates._REDIS_PAUSE_SECONDS", 0.0)
    first, second = pair
    redis.stop()
    await first.count("k", "a")
    redis.start()
    for rates in (first, second, first):
        await rates.count("k", "a")
    with pytest.raises(TooOftenError):
        await second.count("k", "a")


@pytest.mark.parametrize("kind", ["memory", "redis"])
async def test_a_clock_that_was_set_back_turns_nobody_away(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    url = "" if kind == "memory" else request.getfixturevalue("redis").url
    rates = Rates(url, RATES)
    for _ in range(3):
        await rates.count("k", "a")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - 7200)
    for _ in range(3):
        await rates.count("k", "a")
    with pytest.raises(TooOftenError):
        await rates.count("k", "a")
    await rates.close()
