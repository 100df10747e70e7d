"""The parts of the gateway, put together once per process."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass
from typing import Self

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.channels.web.admission import Admission
from bot.channels.web.events import Hub
from bot.channels.web.health import ReadyCheck
from bot.channels.web.limits import RateLimits
from bot.conversation.checklists import Checklists
from bot.conversation.clock import Clock
from bot.conversation.handover.desk import Desk
from bot.conversation.handover.standing import Promise, Standing
from bot.conversation.meter import Meter
from bot.conversation.payloads import Payloads
from bot.conversation.published import Published
from bot.conversation.rasa_client import RasaClient
from bot.conversation.sealing import Box
from bot.conversation.store import Store
from bot.conversation.tokens import Tokens
from bot.conversation.turn import Conversation, TurnLimits
from bot.conversation.voice import Office, Voice
from bot.hours import WorkingHours
from bot.knowledge.db import make_engine
from bot.settings import Settings


@dataclass(frozen=True)
class Gateway:
    """What the handlers need."""

    settings: Settings
    clock: Clock
    voice: Voice
    tokens: Tokens
    payloads: Payloads
    checklists: Checklists
    published: Published
    box: Box
    rasa: RasaClient
    desk: Desk
    standing: Standing
    store: Store
    conversation: Conversation
    hub: Hub
    limits: RateLimits
    admission: Admission
    ready: ReadyCheck
    meter: Meter

    @classmethod
    def build(cls, settings: Settings, voice: Voice, http: aiohttp.ClientSession) -> Self:
        """Everything from the settings; must run inside the event loop."""
        key = settings.signing_key()
        clock = Clock(settings.today)
        payloads = Payloads(key, dt.timedelta(hours=settings.button_hours))
        checklists = Checklists(key, dt.timedelta(days=settings.checklist_days), settings.public_url)
        meter = Meter()
        engine = make_engine(settings.database_url, patience=_DATABASE_PATIENCE)
        meter.watch(engine)
        store = Store(engine, threads=settings.database_threads)
        rasa = RasaClient(http, settings.rasa_url, settings.rasa_secret)
        box = Box(key)
        office = Office(name=settings.office_name, phone=settings.office_phone, hours=settings.office_hours)
        standing = Standing(voice=voice, clock=clock, office=office, promise=_promise(settings))
        desk = Desk(store=store, voice=voice, payloads=payloads, box=box, standing=standing)
        conversation = Conversation(
            store=store,
            rasa=rasa,
            voice=voice,
            payloads=payloads,
            checklists=checklists,
            clock=clock,
            desk=desk,
            standing=standing,
            meter=meter,
            limits=TurnLimits(settings.turn_timeout_seconds, settings.message_max_characters),
        )
        hub = Hub(store, poll_seconds=settings.events_poll_seconds, streams_per_session=settings.events_per_session)
        return cls(
            settings=settings,
            clock=clock,
            voice=voice,
            tokens=Tokens(key),
            payloads=payloads,
            checklists=checklists,
            published=Published(),
            box=box,
            rasa=rasa,
            desk=desk,
            standing=standing,
            store=store,
            conversation=conversation,
            hub=hub,
            limits=RateLimits(settings, meter),
            admission=Admission(settings.turn_queue_seconds, meter),
            ready=ReadyCheck(store, rasa, clock, keep_seconds=settings.ready_cache_seconds),
            meter=meter,
        )


_DATABASE_PATIENCE = 8.0
"""Seconds: less than a turn has, so that threads are free again when it is told that the database is away."""


def _promise(settings: Settings) -> Promise:
    return Promise(
        hours=WorkingHours.parse(settings.handover_hours, settings.handover_holidays),
        work=dt.timedelta(minutes=settings.handover_answer_minutes),
        reachable=dt.timedelta(days=settings.handover_days),
        out_of_hours=settings.handover_out_of_hours,
    )


def prompt(handler: Handler) -> Handler:
    """``handler`` with the time of a turn: after it ``TimeoutError``, which becomes a 503, whatever it waits for."""

    async def limited(request: web.Request) -> web.StreamResponse:
        async with asyncio.timeout(request.app[GATEWAY].settings.turn_timeout_seconds):
            return await handler(request)

    return limited


GATEWAY = web.AppKey("gateway", Gateway)
