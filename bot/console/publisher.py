"""Publishes what was approved for a later time, once that time has come."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from aiohttp import web
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.console.parts import CONSOLE, Console
from bot.conversation.turn import log_without_text
from bot.knowledge.editing.publishing import Due, publish_due

_SECONDS = 5.0

_log = logging.getLogger(__name__)


async def publisher(app: web.Application) -> AsyncIterator[None]:
    """Look every few seconds as long as the console runs. Several processes may: each set is published once."""
    looking = asyncio.create_task(_look(app[CONSOLE]))
    yield
    looking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await looking


async def _look(console: Console) -> None:
    def due(engine: Engine) -> list[Due]:
        return publish_due(engine, console.clock.now())

    while True:
        try:
            for done in await console.store.maintain(due):
                if done.problem is None:
                    _log.info("change set %d is published at its time", done.change_set)
                else:
                    _log.warning(
                        "change set %d went back to its author: it can no longer be published", done.change_set
                    )
        except SQLAlchemyError as error:
            _log.warning("what is due cannot be published now: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the next look may go well, and what else is due must not wait
            log_without_text(_log, "publishing what is due", error)
        await asyncio.sleep(_SECONDS)
