"""The gateway as an aiohttp application."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.channels.base import CHANNELS, Channel
from bot.channels.web.api import WebChannel
from bot.channels.web.checklist import checklist_routes
from bot.channels.web.errors import MAX_BODY, error_middleware
from bot.channels.web.figures import FiguresPage
from bot.channels.web.gateway import GATEWAY, Gateway
from bot.channels.web.metrics import count_requests, serving_metrics
from bot.channels.web.officers import officer_routes
from bot.channels.web.openapi import description_routes
from bot.channels.web.pages import add_security_headers, page_routes
from bot.channels.web.policy.routes import open_policy
from bot.channels.web.widget import DIST, widget_routes
from bot.channels.work import running
from bot.channels.zalo_bot.channel import ZaloBotChannel
from bot.channels.zalo_oa.channel import ZaloOaChannel
from bot.conversation.retention.job import Job
from bot.conversation.retention.limits import Periods
from bot.conversation.retraining.keeper import Keeper
from bot.conversation.review.job import Job as ReviewJob
from bot.conversation.voice import Voice, load_voice
from bot.settings import Settings

_RASA_CONNECTIONS = 200


def create_app(settings: Settings, widget: Path = DIST) -> web.Application:
    """The gateway with all its addresses; opens database and connections when it starts.

    ``widget`` is the folder with the build of the browser widget.
    """
    voice = load_voice()
    app = web.Application(
        middlewares=[count_requests, error_middleware(voice)], client_max_size=settings.body_max_bytes
    )
    app[MAX_BODY] = settings.body_max_bytes
    channels: tuple[Channel, ...] = (WebChannel(app), ZaloOaChannel(settings), ZaloBotChannel(settings))
    app[CHANNELS] = {channel.name: channel for channel in channels}
    for channel in channels:
        app.add_routes(channel.routes())
    app.add_routes(officer_routes())
    app.add_routes(description_routes())
    app.add_routes(page_routes())
    app.add_routes(checklist_routes())
    app.add_routes(FiguresPage().routes())
    app.add_routes(widget_routes(widget))
    open_policy(app)
    app.on_response_prepare.append(add_security_headers)
    app.on_shutdown.append(_end_streams)
    app.cleanup_ctx.append(_life(settings, voice, channels))
    return app


def _life(
    settings: Settings, voice: Voice, channels: Sequence[Channel]
) -> Callable[[web.Application], AsyncIterator[None]]:
    async def life(app: web.Application) -> AsyncIterator[None]:
        connector = aiohttp.TCPConnector(limit=_RASA_CONNECTIONS)
        async with aiohttp.ClientSession(connector=connector) as http:
            gateway = app[GATEWAY] = Gateway.build(settings, voice, http)
            job = Job(gateway.store, gateway.clock, Periods.of(settings), hour=settings.retention_hour)
            async with contextlib.AsyncExitStack() as at_work:
                at_work.push_async_callback(gateway.limits.close)
                await at_work.enter_async_context(running(job.run()))
                await at_work.enter_async_context(serving_metrics(gateway))
                if settings.review_seconds:
                    await at_work.enter_async_context(running(_review(settings, gateway).run()))
                if settings.training_seconds:
                    keeper = Keeper(gateway.store, gateway.clock, settings)
                    await at_work.enter_async_context(running(keeper.run()))
                for channel in channels:
                    await at_work.enter_async_context(channel.at_work(gateway))
                yield
            gateway.store.close()

    return life


def _review(settings: Settings, gateway: Gateway) -> ReviewJob:
    seconds = settings.review_seconds
    return ReviewJob(gateway.store, gateway.clock, settings.database_url, seconds=seconds)


async def _end_streams(app: web.Application) -> None:
    app[GATEWAY].hub.close()
