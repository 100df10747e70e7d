"""Alive, and ready: ready means that a real turn got through Rasa and the actions."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from bot.conversation import repository
from bot.conversation.clock import Clock
from bot.conversation.rasa_client import (
    ActionsDownError,
    BadReplyError,
    Question,
    RasaClient,
    RasaDownError,
    RasaTimeoutError,
)
from bot.conversation.store import Store

_WAIT = 5.0


@dataclass(frozen=True)
class Readiness:
    """``parts`` maps each part to ``ok`` or to what is wrong with it."""

    parts: dict[str, str]

    @property
    def ready(self) -> bool:
        """Whether every part is well."""
        return all(state == "ok" for state in self.parts.values())


class ReadyCheck:
    """Probes the parts; an answer is kept for ``keep_seconds``, so that probes cost little."""

    def __init__(self, store: Store, rasa: RasaClient, clock: Clock, *, keep_seconds: float) -> None:
        self._store = store
        self._rasa = rasa
        self._clock = clock
        self._keep = keep_seconds
        self._lock = asyncio.Lock()
        self._last: tuple[float, Readiness] | None = None

    async def check(self) -> Readiness:
        """What works at present. Never raises."""
        async with self._lock:
            if self._last is not None and time.monotonic() - self._last[0] < self._keep:
                return self._last[1]
            readiness = Readiness({"database": await self._database(), **await self._turn()})
            self._last = time.monotonic(), readiness
            return readiness

    async def _database(self) -> str:
        try:
            async with asyncio.timeout(_WAIT):
                await self._store.run(repository.check)
        except (SQLAlchemyError, TimeoutError):
            return "down"
        return "ok"

    async def _turn(self) -> dict[str, str]:
        question = Question("/greet", {}, self._clock.today(), "health")
        try:
            reply = await self._rasa.ask(question, timeout=_WAIT)
        except RasaTimeoutError:
            return {"rasa": "no answer in time", "actions": "unknown"}
        except RasaDownError as error:
            return {"rasa": f"down ({error})", "actions": "unknown"}
        except ActionsDownError:
            return {"rasa": "ok", "actions": "down"}
        except BadReplyError:
            return {"rasa": "ok", "actions": "bad reply"}
        return {"rasa": "ok", "actions": "ok" if reply.answers else "empty answer"}
