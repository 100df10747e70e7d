"""Locks by key."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.locks import KeyedLocks


async def test_first_come_first_served_and_nothing_is_kept() -> None:
    locks = KeyedLocks()
    order: list[int] = []

    async def work(number: int) -> None:
        async with locks.hold("a", patience=5):
            order.append(number)
            await asyncio.sleep(0)
            order.append(number)

    await asyncio.gather(*(work(number) for number in range(4)))
    assert order == [0, 0, 1, 1, 2, 2, 3, 3]
    assert len(locks) == 0


async def test_other_keys_do_not_wait() -> None:
    locks = KeyedLocks()
    async with locks.hold("a", patience=1), locks.hold("b", patience=0.01):
        assert len(locks) == 2


async def test_patience_ends_and_the_holder_keeps_its_lock() -> None:
    locks = KeyedLocks()
    async with locks.hold("a", patience=1):
        with pytest.raises(TimeoutError):
            async with locks.hold("a", patience=0.01):
                pytest.fail("held twice")
        with pytest.raises(TimeoutError):
            async with locks.hold("a", patience=0.01):
                pytest.fail("held twice")
    async with locks.hold("a", patience=0.01):
        pass
    assert len(locks) == 0
