"""The gateway's metrics, at an address of their own, so that no proxy can make them public by mistake."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.process_collector import ProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.web.gateway import GATEWAY, Gateway
from bot.conversation.retraining import choice
from bot.conversation.waiting import waiting


@web.middleware
async def count_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Counts what was answered; the outermost, so that it sees what became of an error."""
    response = await handler(request)
    resource = request.match_info.route.resource
    # An address that is none of ours may hold anything; so may a method.
    route, method = (resource.canonical, request.method) if resource is not None else ("none", "any")
    request.app[GATEWAY].meter.request(method, route, response.status)
    return response


@contextlib.asynccontextmanager
async def serving_metrics(gateway: Gateway) -> AsyncIterator[None]:
    """Answer ``GET /metrics`` as long as the block runs; nothing where ``metrics_host`` is empty."""
    if not gateway.settings.metrics_host:
        yield
        return
    ProcessCollector(registry=gateway.meter.registry)

    async def show(_request: web.Request) -> web.Response:
        return web.Response(body=await _exposition(gateway), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.add_routes([web.get("/metrics", show)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, gateway.settings.metrics_host, gateway.settings.metrics_port).start()
        yield
    finally:
        await runner.cleanup()


async def _exposition(gateway: Gateway) -> bytes:
    meter = gateway.meter
    meter.streams.set(len(gateway.hub))
    meter.show_parts((await gateway.ready.check()).parts)
    now = gateway.clock.now()
    try:
        meter.show_waiting(await gateway.store.run(waiting, now))
        meter.model_pending.set(await gateway.store.run(choice.pending, gateway.rasa.model, now))
    except (SQLAlchemyError, TimeoutError):
        meter.show_waiting(None)
    return generate_latest(meter.registry)
