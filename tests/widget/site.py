"""The gateway in a thread of its own: tests drive the browser in theirs, and wait for it."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Self, TypeVar

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.web.app import create_app
from bot.conversation.models import FeedbackRow, HandoverRow, MessageRow, SessionRow
from bot.conversation.repository import Reply, add_message
from bot.knowledge.db import Base, make_engine
from bot.settings import Settings
from tests.channels.conftest import TABLES
from tests.conversation.fake_rasa import SECRET, FakeRasa, turn

_T = TypeVar("_T")


class Site:
    """A gateway, its fake Rasa and its database; as a context manager it runs."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.engine = make_engine(f"sqlite:///{folder / 'ansinh.db'}")
        Base.metadata.create_all(self.engine, tables=TABLES)
        self._given = {
            "database_url": f"sqlite:///{folder / 'ansinh.db'}",
            "today": dt.date(2026, 11, 25),
            "rasa_secret": SECRET,
            "secret": "signing-key-of-the-tests",
            "rate_session_messages": "1000/second",
            "rate_session_other": "1000/second",
            "events_poll_seconds": 0.05,
            "retention_hour": 24,
            **settings,
        }
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runners: list[web.AppRunner] = []
        self.rasa: FakeRasa
        self.address = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self.engine.dispose()

    def answers(self, *answers: dict[str, Any]) -> None:
        """What Rasa says from now on."""

        async def behaviour(_body: dict[str, Any]) -> web.Response:
            return web.json_response(turn(*answers))

        self.rasa.behaviour = behaviour

    def officer_says(self, text: str) -> None:
        """As the console does in another process: through the database alone."""
        with Session(self.engine) as db, db.begin():
            session = db.scalars(select(SessionRow).order_by(SessionRow.created_at.desc())).first()
            assert session is not None
            add_message(db, session.id, "officer", Reply(text, {}, []), dt.datetime.now(dt.timezone.utc))

    def said(self, role: str = "citizen") -> list[str]:
        """The texts of one role in the database."""
        with Session(self.engine) as db:
            return list(db.scalars(select(MessageRow.text).where(MessageRow.role == role).order_by(MessageRow.seq)))

    def feedback(self) -> list[tuple[int, str | None]]:
        """Thumbs with their reasons."""
        with Session(self.engine) as db:
            return [(row.value, row.reason) for row in db.scalars(select(FeedbackRow))]

    def handovers(self) -> int:
        """How many wait for a person."""
        with Session(self.engine) as db:
            return len(db.scalars(select(HandoverRow)).all())

    def host(self, page: str, policy: str) -> str:
        """Serves ``page``, a site of others, under ``policy``; returns its address."""

        async def show(_request: web.Request) -> web.Response:
            return web.Response(text=page, content_type="text/html", headers={"Content-Security-Policy": policy})

        app = web.Application()
        app.add_routes([web.get("/", show)])
        return self._do(self._serve(app))

    def _do(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self) -> None:
        self.rasa = FakeRasa()
        await self.rasa.server.start_server()
        self.address = await self._serve(self._app(Settings(**{**self._given, "rasa_url": self.rasa.url})))

    def _app(self, settings: Settings) -> web.Application:
        return create_app(settings)

    async def _serve(self, app: web.Application) -> str:
        # As `web.run_app` does, a turn is finished when the client goes away.
        runner = web.AppRunner(app, handler_cancellation=False, shutdown_timeout=1)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def _stop(self) -> None:
        for runner in reversed(self._runners):
            await runner.cleanup()
        await self.rasa.server.close()
